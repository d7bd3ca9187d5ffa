#!/bin/sh
# Installs the official Stripe client (npm stripe) and the shop that our tests run with it under DEST.
#
#   tests/interop/get-stripe.sh DEST
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/npm.sh"
[ $# -eq 1 ] || { echo "usage: get-stripe.sh DEST" >&2; exit 1; }
install_from_npm get-stripe "$here/stripe" "$1" stripe
