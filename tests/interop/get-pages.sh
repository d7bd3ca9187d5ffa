#!/bin/sh
# Installs what the tests of pages run in (npm playwright-core, axe-core, typescript) and their scripts under DEST. The browser is the system's
# Chromium; none is downloaded.
#
#   tests/interop/get-pages.sh DEST
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/npm.sh"
[ $# -eq 1 ] || { echo "usage: get-pages.sh DEST" >&2; exit 1; }
install_from_npm get-pages "$here/pages" "$1" playwright-core
