#!/bin/sh
# Fetches a bitcoind for regtest and puts it under DEST; prints its version. The host's own packages stay as they are.
#
#   tests/interop/get-bitcoind.sh DEST
#
# The program is Debian's bitcoin-knots with every library it needs, unpacked side by side, so that it runs on another Debian than the
# one it was built for. For tests on regtest only: this build brings mainnet rules of its own.
# DEBIAN_SUITE chooses the suite (default: sid). Runs at the same time for the same DEST wait for each other.
set -eu

fail() {
    echo "get-bitcoind: $1" >&2
    exit 1
}

[ $# -eq 1 ] || fail "usage: get-bitcoind.sh DEST"
for tool in apt-get dpkg-deb flock; do
    command -v "$tool" >/dev/null 2>&1 || fail "this needs $tool (a Debian or a relative of it); elsewhere set TRIBUTARY_BITCOIND to a bitcoind"
done

mkdir -p "$1"
dest=$(cd "$1" && pwd)
suite=${DEBIAN_SUITE:-sid}
program=$dest/bin/bitcoind

# Another run may be unpacking: wait for it, and use what it made.
exec 9>"$dest/lock"
flock -w 300 9 || fail "another run has held $dest for five minutes"
if [ -x "$program" ] && "$program" -version >/dev/null 2>&1; then
    "$program" -version | head -n 1
    exit 0
fi

addresses=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | grep -v '^ *#' | grep -Eo 'https?://[^ ]+' || true)
mirror=$(echo "$addresses" | grep -Ev 'security' | head -n 1)
[ -n "$mirror" ] || fail "no Debian mirror is configured under /etc/apt"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r "$keyring" ] || fail "the package debian-archive-keyring is missing"

# A private apt: own lists, own cache, and an empty list of installed packages, so that the whole closure is fetched.
apt=$dest/apt
rm -rf "$apt" "$dest/root" "$dest/bin"
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$dest/root" "$dest/bin"
: >"$apt/status"
echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/sources.list"
private_apt() {
    apt-get -qq \
        -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=- \
        -o Dir::State="$apt" -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" \
        -o APT::Install-Recommends=false -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Retries=3 \
        "$@" >"$dest/apt.log" 2>&1 || fail "apt could not $1 from $mirror: $(tail -n 1 "$dest/apt.log")"
}
private_apt update
private_apt install -y --download-only bitcoin-knots

for package in "$apt"/cache/archives/*.deb; do
    case ${package##*/} in
        # Nothing of these is loaded by the program.
        systemd* | libsystemd-shared* | debconf* | openssl-provider* | libc-gconv*) ;;
        *) dpkg-deb -x "$package" "$dest/root" ;;
    esac
done

# Its own loader and libraries, whatever the host has. exec: the process that is started is the process that is stopped.
loader=$(find "$dest/root/usr/lib" "$dest/root/lib" -name 'ld-linux*.so.*' 2>/dev/null | head -n 1)
[ -n "$loader" ] || fail "the packages hold no loader"
for name in bitcoind bitcoin-cli; do
    {
        echo '#!/bin/sh'
        echo "exec '$loader' --library-path '${loader%/*}' '$dest/root/usr/bin/$name' \"\$@\""
    } >"$dest/bin/$name"
    chmod +x "$dest/bin/$name"
done
rm -rf "$apt"

"$program" -version >"$dest/version" 2>&1 || fail "what was unpacked does not run: $(tail -n 1 "$dest/version")"
head -n 1 "$dest/version"
