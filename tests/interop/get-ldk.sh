#!/bin/sh
# Installs a Lightning peer that we did not write under DEST: LDK (npm lightningdevkit, WebAssembly) and the program that drives it.
#
#   tests/interop/get-ldk.sh DEST
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/npm.sh"
[ $# -eq 1 ] || { echo "usage: get-ldk.sh DEST" >&2; exit 1; }
install_from_npm get-ldk "$here/ldk" "$1" lightningdevkit
