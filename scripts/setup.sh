#!/usr/bin/env bash
# What the build and the tests need, installed where it is missing.
#
#   scripts/setup.sh GROUP...
#
#   build  C compiler and cmake, for libopus, SQLite and aws-lc (Debian packages); Rust checked
#   web    the web build's packages from npm, Node checked
#   e2e    Chromium, fonts, PostgreSQL, openssl, Python (Debian packages); the tests' packages from npm
#          and, for schemathesis and SIPVicious, from PyPI into e2e/.schemathesis and e2e/.sipvicious
#   pictures  pngquant (Debian package), for screenshots that are kept with the code
#   pbx    Asterisk, unpacked into e2e/.pbx (or TELEFONISTKA_PBX_DIR); Kamailio, rtpengine and SIPp, unpacked
#          into e2e/.proxy (or TELEFONISTKA_PROXY_DIR)
#   mail   Exim and Dovecot, unpacked into e2e/.mail (or TELEFONISTKA_MAIL_DIR)
#   lint   clippy, rustfmt, cargo-deny
#
# Debian's packages come through apt, with sudo where this is not root. Whatever
# is there already is left as it is, so a second run takes a moment.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

RUST=1.95
NODE=20
CARGO_DENY=0.20.2

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# ---------------------------------------------------------------- Debian

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        command -v sudo >/dev/null || die "this needs root, and sudo is missing. As root: $*"
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

apt_updated=
apt_install() {
    local said
    if [ -z "$apt_updated" ]; then
        said=$(as_root apt-get update -qq 2>&1) || die "apt-get update failed: $said"
        apt_updated=yes
    fi
    said=$(as_root apt-get install -y -qq --no-install-recommends "$@" 2>&1) ||
        die "apt-get could not install $*: $(tail -n 5 <<<"$said")"
}

debian() { # packages
    local missing=() package
    command -v dpkg-query >/dev/null ||
        die "this is no Debian: install the like of these yourself, and see scripts/setup.sh: $*"
    for package in "$@"; do
        installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing from Debian: ${missing[*]}"
    if [[ " ${missing[*]} " == *' postgresql '* ]]; then
        # The tests make clusters of their own; a machine-wide one would only take its port.
        installed postgresql-common || apt_install postgresql-common
        as_root sed -i -E 's/^#? *create_main_cluster *=.*/create_main_cluster = false/' \
            /etc/postgresql-common/createcluster.conf
    fi
    apt_install "${missing[@]}"
}

# ---------------------------------------------------------------- Rust and Node

at_least() { # version, wanted
    [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

rust() {
    local found
    command -v cargo >/dev/null ||
        die "Rust is missing: install $RUST or newer from https://rustup.rs, then run this again"
    found=$(cargo --version | awk '{ print $2 }')
    at_least "$found" "$RUST" ||
        die "Rust $found is too old, $RUST or newer is needed: run 'rustup update stable'"
}

node() {
    local found
    command -v node >/dev/null && command -v npm >/dev/null ||
        die "Node and npm are missing: install Node $NODE or newer from https://nodejs.org, then run this again"
    found=$(command node --version)
    at_least "${found#v}" "$NODE" ||
        die "Node ${found#v} is too old, $NODE or newer is needed: see https://nodejs.org"
}

npm_ci() { # folder
    node
    [ -f "$1/package-lock.json" ] || die "$1/package-lock.json is missing: the checkout is not whole"
    cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock" && return 0
    say "installing the npm packages of $1"
    (cd "$1" && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error) >&2 ||
        die "npm ci failed in $1"
    cp "$1/package-lock.json" "$1/node_modules/.installed-lock"
}

pip_venv() { # requirements, folder
    cmp -s "$1" "$2/.installed" && return 0
    say "installing the Python packages of $1"
    python3 -m venv --clear "$2" >&2 &&
        "$2/bin/pip" install --quiet --disable-pip-version-check --requirement "$1" >&2 ||
        die "pip could not install what $1 lists"
    cp "$1" "$2/.installed"
}

# ---------------------------------------------------------------- groups

build_group() {
    rust
    debian gcc g++ libc6-dev cmake
}

web_group() { npm_ci web; }

e2e_group() {
    debian chromium fonts-dejavu-core openssl postgresql procps python3-venv
    npm_ci e2e
    pip_venv e2e/requirements.txt e2e/.schemathesis
    pip_venv e2e/sipvicious.txt e2e/.sipvicious
}

pictures_group() { debian pngquant; }

pbx_group() {
    e2e/asterisk/asterisk install "${TELEFONISTKA_PBX_DIR:-e2e/.pbx}"
    e2e/proxy/proxy install "${TELEFONISTKA_PROXY_DIR:-e2e/.proxy}"
}

mail_group() {
    e2e/mail/mail install "${TELEFONISTKA_MAIL_DIR:-e2e/.mail}"
}

lint_group() {
    rust
    local part
    for part in clippy fmt; do
        cargo "$part" --version >/dev/null 2>&1 && continue
        command -v rustup >/dev/null ||
            die "cargo $part is missing: install Rust's component for it"
        say "adding Rust's component for cargo $part"
        rustup component add "${part/#fmt/rustfmt}" >&2
    done
    [[ $(cargo deny --version 2>/dev/null) == "cargo-deny $CARGO_DENY" ]] && return 0
    say "building cargo-deny $CARGO_DENY (a minute or two, once)"
    # Its own profile optimizes for minutes what runs for a second.
    env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=0 cargo install cargo-deny --version "$CARGO_DENY" --locked --quiet ||
        die 'cargo-deny could not be built'
}

[ $# -gt 0 ] || { sed -n '2,18s/^# \{0,3\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
for group in "$@"; do
    case $group in
        build | web | e2e | pictures | pbx | mail | lint) "${group}_group" ;;
        *) die "there is no group '$group'" ;;
    esac
done
