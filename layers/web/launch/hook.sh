# shellcheck shell=sh
# sh|bash hook.sh HOOK COMMAND…: sources HOOK, then becomes COMMAND.
# The first failing command of HOOK ends the start with its code, and so does `exit`,
# also `exit 0`: it is a sourced script, as it always was.
set -e
fp_hook=$1
fp_folder=$PWD
shift

flaskpack_ended() {
    if [ "$1" -eq 0 ]; then
        printf '%s\n' "$fp_hook ended with exit 0, so what follows it does not start (return 0 would go on)" >&2
    else
        printf '%s\n' "$fp_hook failed with exit code $1, so what follows it does not start" >&2
    fi
}
# As process 1 a shell that traps nothing ignores them, and docker stop waits for its kill.
if [ $$ -eq 1 ]; then
    trap 'exit 143' TERM
    trap 'exit 130' INT
fi
trap 'flaskpack_ended "$?"' EXIT

# A function, so that `set --` and `shift` in HOOK act on its own parameters.
flaskpack_source() {
    # shellcheck source=/dev/null
    . "$fp_hook"
}
flaskpack_source

cd "$fp_folder"
# A signal that HOOK ignored would stay ignored in COMMAND.
trap - EXIT HUP INT QUIT USR1 USR2 PIPE ALRM TERM CHLD
exec "$@"
