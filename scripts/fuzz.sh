#!/usr/bin/env bash
# Feeds what comes from outside to whatever reads it, at length, guided by the
# code that it reaches (libFuzzer). The same targets run for some seconds in
# `make test` (crates/sim/tests/fuzz.rs).
#
#   scripts/fuzz.sh SECONDS [TARGET...]
#
# What it found worth keeping stays in target/fuzz/corpus; an input that fails
# is written to target/fuzz/failed, and belongs to fuzz/seeds once it is mended.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:?for how many seconds each}
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(datagram description value rtp rtcp stun)

host=$(rustc -vV | sed -n 's/^host: //p')
# The versions of the program itself.
cp Cargo.lock fuzz/Cargo.lock
# Coverage by the stable compiler's own means. With --target, what only builds is left alone.
coverage='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4'
coverage+=' -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table'
coverage+=' -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1'
RUSTFLAGS=$coverage CARGO_TARGET_DIR=target/fuzz cargo build --release --manifest-path fuzz/Cargo.toml --target "$host"

torture=(crates/sip/tests/torture/rfc4475 crates/sip/tests/torture/rfc5118)
for target in "${targets[@]}"; do
    corpus=target/fuzz/corpus/$target
    mkdir -p "$corpus" target/fuzz/failed
    seeds=("fuzz/seeds/$target")
    [ "$target" != datagram ] || seeds+=("${torture[@]}")
    printf '\n== %s, %s s\n' "$target" "$seconds"
    "target/fuzz/$host/release/$target" -max_total_time="$seconds" -timeout=1 -max_len=8192 -rss_limit_mb=1024 \
        -print_final_stats=1 -verbosity=1 -artifact_prefix=target/fuzz/failed/"$target"- "$corpus" "${seeds[@]}"
done
