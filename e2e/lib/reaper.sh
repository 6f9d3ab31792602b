#!/usr/bin/env bash
# Outlives a story, and ends what it left behind: its standard input closes when
# the story is gone, however it went.
#
#   +group PID    a process group was started        -group PID    it has ended
#   +asterisk STATE  an Asterisk was started         -asterisk STATE  it was stopped
#   +folder PATH  a folder was made                  -folder PATH  it was removed

set -u
asterisk=$(dirname "${BASH_SOURCE[0]}")/../asterisk/asterisk
installed=$1
declare -A left=()

while read -r what; do
    case $what in
        +*) left[${what:1}]=1 ;;
        -*) unset "left[${what:1}]" ;;
    esac
done

for kind in group asterisk folder; do
    for what in "${!left[@]}"; do
        [ "${what%% *}" = "$kind" ] || continue
        case $kind in
            group) kill -KILL -- "-${what#* }" ;;
            asterisk) "$asterisk" stop "$installed" --state "${what#* }" ;;
            folder) rm -rf "${what#* }" ;;
        esac
    done
done 2>/dev/null
