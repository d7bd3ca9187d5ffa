#!/bin/sh
# Installs a Greenfield client (npm btcpay-greenfield-node-client) and the shop that our tests run with it under DEST.
#
#   tests/interop/get-greenfield.sh DEST
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/npm.sh"
[ $# -eq 1 ] || { echo "usage: get-greenfield.sh DEST" >&2; exit 1; }
install_from_npm get-greenfield "$here/greenfield" "$1" btcpay-greenfield-node-client
