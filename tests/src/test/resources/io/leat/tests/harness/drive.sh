#!/usr/bin/env bash
# A file system of a test's own, in FOLDER/files, which goes when this process does. Needs root.
#
#   drive.sh FOLDER KIND MIB
#
#   KIND  volatile   ext4 on a drive that forgets what was not flushed (drive.c); its power can be cut
#         unjournaled  the same without ext4's journal: an error does not make it read-only
#         loop       ext4 on a file
#         memory     tmpfs
#
# Then it takes commands from its standard input and answers each with "ok" or "failed: WHY":
#
#   owner PID             this process uses the file system
#   cut KEEP SEED PUSH    freezes the owner, cuts the power, kills the owner, and mounts what is left
#                         on a drive that fails no more.
#                         KEEP and SEED are drive.c's; with PUSH=yes the drive is first handed all dirty pages
#   control COMMAND       a command for drive.c
#   protect               lets ext4 go read-only for good, as it does when it finds an error in itself
#   flush                 writes and flushes all that is dirty
#   replace               unmounts and mounts again
#
# At the end of the input it kills whoever has files open there, and undoes all of it. So nothing is left
# behind, however the test ended.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
folder=$1 kind=$2 mib=$3
files=$folder/files loop='' served='' owner=''

fail() {
    echo "failed: $*"
    return 1
}

# Tries a command for ten seconds: what a killed process held is free only when the kernel is done with it.
eventually() {
    local i
    for ((i = 0; i < 200; i++)); do
        "$@" 2>/dev/null && return 0
        sleep 0.05
    done
    "$@"
}

gone() { [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; }

frozen() { ! cat /proc/"$1"/task/*/stat 2>/dev/null | sed 's/.*) //' | grep -qv '^[TZX]'; }

detached() { ! losetup "$1" >/dev/null 2>&1; }

disk() { if [ -n "$served" ]; then echo "$folder/drive/disk"; else echo "$folder/image"; fi; }

control() { echo "$*" >"$folder/drive/control"; }

# Without a journal it is e2fsck that makes a file system whole after a cut.
attach() {
    loop=$(losetup -f --show "$(disk)") || return 1
    if [ "$kind" = unjournaled ]; then e2fsck -fy "$loop" >/dev/null 2>&1; fi
    mount -t ext4 "$loop" "$files"
}

detach() {
    eventually umount "$files" && losetup -d "$loop" && eventually detached "$loop" && loop=''
}

set_up() {
    mkdir -p "$files" || return 1
    case $kind in
        memory)
            mount -t tmpfs -o "size=${mib}m" leat-test-memory "$files"
            return
            ;;
        loop) truncate -s "${mib}M" "$folder/image" || return 1 ;;
        volatile | unjournaled)
            mkdir -p "$folder/drive"
            # shellcheck disable=SC2046
            gcc -O2 -o "$folder/serve" "$here/drive.c" $(pkg-config --cflags --libs fuse3) || return 1
            "$folder/serve" serve "$folder/image" "$mib" "$folder/drive" </dev/null >&2 &
            served=$!
            eventually test -e "$folder/drive/disk" || return 1
            ;;
        *) return 1 ;;
    esac
    local features=has_journal
    if [ "$kind" = unjournaled ]; then features=^has_journal; fi
    mkfs.ext4 -q -F -O "$features" -E lazy_itable_init=0,lazy_journal_init=0,nodiscard "$(disk)" >&2 &&
        attach && sync -f "$files"
}

protect() {
    mount -o remount,errors=remount-ro "$files" && echo 1 >"/sys/fs/ext4/${loop##*/}/trigger_fs_error"
}

kill_owner() {
    [ -n "$owner" ] || return 0
    kill -KILL "$owner" 2>/dev/null
    eventually gone "$owner"
    owner=''
}

cut_power() {
    local keep=$1 seed=$2 push=$3
    if [ -n "$owner" ]; then
        kill -STOP "$owner" && eventually frozen "$owner" || return 1
    fi
    if [ "$push" = yes ]; then "$folder/serve" push "$files"; fi
    control cut "$keep" "$seed" && "$folder/serve" shutdown "$files" || return 1
    kill_owner
    detach && control on && control fail - && attach
}

# Kills the processes that have files of ours open: nobody else knows this folder. One find looks at all of them,
# since a busy machine has tens of thousands of open files.
kill_users() {
    local link
    find /proc/[0-9]*/fd -maxdepth 1 -lname "$files/*" 2>/dev/null | while read -r link; do
        kill -KILL "$(echo "$link" | cut -d/ -f3)"
    done
}

tear_down() {
    exec >/dev/null 2>&1
    kill_owner
    kill_users
    if [ -n "$served" ]; then
        control on
        control fail -
    fi
    eventually umount "$files" || umount -l "$files"
    if [ -n "$loop" ]; then losetup -d "$loop"; fi
    if [ -n "$served" ]; then
        eventually umount "$folder/drive" || umount -l "$folder/drive"
        kill "$served"
    fi
    rm -rf "$folder"
}

trap tear_down EXIT
answer() { if "$@"; then echo ok; else fail "$*"; fi; }

answer set_up || exit 1
while read -r verb rest; do
    # shellcheck disable=SC2086
    case $verb in
        owner) owner=$rest && echo ok ;;
        cut) answer cut_power $rest ;;
        flush) answer sync -f "$files" ;;
        control) answer control "$rest" ;;
        protect) answer protect ;;
        replace) answer eval 'detach && attach' ;;
        *) fail "unknown command $verb" ;;
    esac
done
