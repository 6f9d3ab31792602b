#!/usr/bin/env bash
# Runs one of cargo's test programs, as cargo's `runner`, and tells how long it took.
#
# Signalling waits for the protocol's own timers and for a PBX to start, and needs no processor
# meanwhile: twice as many of its tests run side by side. Where sound is judged that would disturb it.

set -uo pipefail

case ${1##*/} in
    asterisk-* | dialogs-* | direct-* | doctor-* | kamailio-* | lines-* | placed-* | races-* | refer-* | \
        registrar-* | tls-* | transport-* | zoo-*)
        export RUST_TEST_THREADS=${RUST_TEST_THREADS:-$(($(nproc) * 2))}
        ;;
esac

"$@"
code=$?
printf '%s: %d s\n' "${1##*/}" "$SECONDS" >&2
exit $code
