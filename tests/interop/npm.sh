# Sourced by the scripts that install programs from npm: install_from_npm NAME SOURCE DEST PACKAGE
# puts what SOURCE's lock file names under DEST, with SOURCE's own modules beside it, and prints the version of PACKAGE. Runs at the same
# time for the same DEST wait for each other. Needs node 20 or later with npm.

fail() {
    echo "$name: $1" >&2
    exit 1
}

install_from_npm() {
    name=$1 source=$2 package=$4
    for tool in node npm flock; do
        command -v "$tool" >/dev/null 2>&1 || fail "this needs $tool (node 20 or later with npm: apt-get install nodejs npm)"
    done
    major=$(node -p 'process.versions.node.split(".")[0]')
    [ "$major" -ge 20 ] || fail "node $major is too old: 20 or later is needed"

    mkdir -p "$3"
    dest=$(cd "$3" && pwd)
    exec 9>"$dest/lock"
    flock -w 300 9 || fail "another run has held $dest for five minutes"
    if ! cmp -s "$source/package-lock.json" "$dest/package-lock.json" || [ ! -d "$dest/node_modules/$package" ]; then
        cp "$source/package.json" "$source/package-lock.json" "$dest/"
        (cd "$dest" && npm ci --ignore-scripts --no-audit --no-fund >"$dest/npm.log" 2>&1) || { rm -f "$dest/package-lock.json"; fail "npm could not install $package: $(tail -n 1 "$dest/npm.log")"; }
    fi
    for file in "$source"/*.mjs; do
        cmp -s "$file" "$dest/${file##*/}" || cp "$file" "$dest/"
    done
    echo "$package $(node -p "require('$dest/node_modules/$package/package.json').version")"
}
