#!/bin/sh
# Installs a Lightning peer that we did not write under DEST: LDK (npm lightningdevkit, WebAssembly) and the program that drives it.
#
#   tests/interop/get-ldk.sh DEST
#
# Needs node 20 or later with npm (Debian 13 and Ubuntu 24.10: apt-get install nodejs npm). Runs at the same time for the same DEST wait
# for each other.
set -eu

fail() {
    echo "get-ldk: $1" >&2
    exit 1
}

[ $# -eq 1 ] || fail "usage: get-ldk.sh DEST"
for tool in node npm flock; do
    command -v "$tool" >/dev/null 2>&1 || fail "this needs $tool (node 20 or later with npm: apt-get install nodejs npm)"
done
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "node $major is too old: 20 or later is needed"

source=$(cd "$(dirname "$0")/ldk" && pwd)
mkdir -p "$1"
dest=$(cd "$1" && pwd)
exec 9>"$dest/lock"
flock -w 300 9 || fail "another run has held $dest for five minutes"

if ! cmp -s "$source/package-lock.json" "$dest/package-lock.json" || [ ! -d "$dest/node_modules/lightningdevkit" ]; then
    cp "$source/package.json" "$source/package-lock.json" "$dest/"
    (cd "$dest" && npm ci --ignore-scripts --no-audit --no-fund >"$dest/npm.log" 2>&1) || { rm -f "$dest/package-lock.json"; fail "npm could not install lightningdevkit: $(tail -n 1 "$dest/npm.log")"; }
fi
for file in "$source"/*.mjs; do
    cmp -s "$file" "$dest/${file##*/}" || cp "$file" "$dest/"
done
echo "lightningdevkit $(node -p "require('$dest/node_modules/lightningdevkit/package.json').version")"
