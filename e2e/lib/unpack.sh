# Debian's packages, unpacked into a folder instead of installed: sourced by what
# starts a server of its own for the tests. Needs `say`, `die` and `unwanted`, an
# extended regular expression of packages that are left out. With `beside_installed`
# set, what the machine has installed is not fetched again.

# The mirror of this machine's own Debian release, as apt itself names it.
mirror() {
    local codename
    codename=$(. /etc/os-release && printf %s "${VERSION_CODENAME:-}")
    apt-get --print-uris update 2>/dev/null |
        awk -F"'" -v want="/dists/$codename/InRelease" '
            { at = index($2, want) }
            at && at + length(want) - 1 == length($2) && !found++ { print substr($2, 1, at - 1) }'
}

isolated_apt() { # suite, folder, mirror
    local suite=$1 to=$2 from=$3 keys
    mkdir -p "$to/lists/partial" "$to/cache/archives/partial"
    if [ -n "${beside_installed:-}" ]; then cp /var/lib/dpkg/status "$to/status"; else : >"$to/status"; fi
    keys=
    [ -r /usr/share/keyrings/debian-archive-keyring.gpg ] &&
        keys='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] '
    printf 'deb %s%s %s main\n' "$keys" "$from" "$suite" >"$to/sources.list"
    printf '%s\n' \
        '#clear APT::Update::Pre-Invoke;' \
        '#clear APT::Update::Post-Invoke;' \
        '#clear APT::Update::Post-Invoke-Success;' \
        "Dir::Etc::SourceList \"$to/sources.list\";" \
        'Dir::Etc::SourceParts "/dev/null";' \
        'Dir::Etc::Preferences "/dev/null";' \
        'Dir::Etc::PreferencesParts "/dev/null";' \
        "Dir::State::Lists \"$to/lists\";" \
        "Dir::State::Status \"$to/status\";" \
        "Dir::Cache \"$to/cache\";" \
        'Acquire::Languages "none";' \
        'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";' \
        'Acquire::Retries "3";' \
        'APT::Install-Recommends "false";' \
        'APT::Sandbox::User "root";' >"$to/apt.conf"
}

fetch_from() { # suite, work folder, mirror, packages...
    local suite=$1 work=$2 from=$3 apt
    shift 3
    rm -rf "$work"
    mkdir -p "$work/debs"
    isolated_apt "$suite" "$work/apt" "$from"
    apt="-c=$work/apt/apt.conf"
    if ! apt-get "$apt" -q update >"$work/update.log" 2>&1; then
        say "$suite: its package lists could not be read: $(grep -m1 -E '^(E|Err|W):' "$work/update.log" || true)"
        return 1
    fi
    if ! apt-get "$apt" -y --print-uris install "$@" >"$work/uris" 2>"$work/resolve.log"; then
        say "$suite: $(grep -m1 '^E:' "$work/resolve.log" || echo 'apt found no set of packages')"
        return 1
    fi
    # 'uri' name_version_arch.deb size hash
    awk '/^\047/ { sub(/_.*/, "", $2); print $2 }' "$work/uris" >"$work/all"
    grep -vE "$unwanted" "$work/all" >"$work/wanted"
    grep -E "$unwanted" "$work/all" | grep '^lib' >"$work/left_out" || true
    download "$suite" "$work" "$work/wanted"
}

download() { # suite, work folder, file with package names: into root
    local suite=$1 work=$2 names
    names=$(cat "$3")
    say "$suite: downloading $(wc -w <<<"$names") packages"
    if ! (cd "$work/debs" && apt-get -c="$work/apt/apt.conf" -q download $names) >"$work/download.log" 2>&1; then
        say "$suite: the download failed: $(grep -m1 '^E:' "$work/download.log" || true)"
        return 1
    fi
    mkdir -p "$work/root"
    find "$work/debs" -name '*.deb' -print0 | xargs -0 -P "$(nproc)" -I{} dpkg -x {} "$work/root" ||
        die "unpacking failed"
    (cd "$work/debs" && ls) | sed 's/\.deb$//; s/%3a/:/g' >>"$work/packages.txt"
    rm -f "$work/debs"/*.deb
}
