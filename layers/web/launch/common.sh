# shellcheck shell=sh
# Sourced by the scripts beside it, which set $fp_launch to this folder. What decides
# before Python runs: which app, which configuration, which hook.
# Results go into variables, never through $(…): that would eat a path's last newlines.
# Variables of our own begin with fp_: one that came from outside (an APP_DIR of the app's)
# stays exported, and would reach the app with our value.

case $fp_launch in
    /*) ;;
    *) fp_launch=$PWD/$fp_launch ;;
esac

say() { printf '%s\n' "$1" >&2; }

# fail MESSAGE [CODE]: the one clear line of a start that ends.
fail() {
    say "Error: $1"
    exit "${2:-1}"
}

# What the build found (FLASKPACK_MODULE, _VARIABLE, _PYTHON, _LIBC, _WORKER_CLASS), and the
# interpreter it was built for: a rebase may have put another run image underneath.
read_found() {
    fp_app=${CNB_APP_DIR:-$PWD}
    [ -r "$fp_launch/found.sh" ] || fail "$fp_launch/found.sh is missing: build the image again"
    # shellcheck source=/dev/null
    . "$fp_launch/found.sh"
    [ -x "$FLASKPACK_PYTHON" ] && return
    case $FLASKPACK_PYTHON in
        /usr/bin/*) ;;
        *) fail "$FLASKPACK_PYTHON is missing: build the image again" ;;
    esac
    fp_present='none'
    for fp_candidate in /usr/bin/python3.[0-9] /usr/bin/python3.[0-9][0-9]; do
        [ -x "$fp_candidate" ] && fp_present="Python ${fp_candidate##*/python}"
    done
    fail "this image was built for Python ${FLASKPACK_PYTHON##*/python} ($FLASKPACK_PYTHON), this run image has $fp_present: build it again"
}

# A Python of the image's own needs no Python of the run image, but its C library: at least the
# version that dependencies were compiled against. A library that is where Debian, Red Hat and
# others have it says its version when it is run; else the Python has to start.
check_libc() {
    [ -n "$FLASKPACK_LIBC" ] || return 0
    for fp_library in /lib/*-linux-gnu/libc.so.6 /lib64/libc.so.6; do
        [ -x "$fp_library" ] || continue
        fp_said=$("$fp_library" 2>/dev/null) || return 0
        fp_said=${fp_said#*release version }
        fp_said=${fp_said%%[!0-9.]*}
        fp_said=${fp_said%.}
        is_older "$fp_said" "$FLASKPACK_LIBC" || return 0
        fail "this image was built for glibc $FLASKPACK_LIBC, this run image has $fp_said: build it again"
    done
    "$FLASKPACK_PYTHON" -I -S -c '' 2>/dev/null ||
        fail "this image was built for glibc $FLASKPACK_LIBC, this run image has none: build it again"
}

# is_older A B: of two versions like 2.36; false where one isn't like that.
is_older() {
    case $1/$2 in
        *[!0-9./]* | *[!0-9]/* | */*[!0-9] | /* | */) return 1 ;;
    esac
    fp_minor=${1#*.} fp_least=${2#*.}
    [ "${1%%.*}" -lt "${2%%.*}" ] || {
        [ "${1%%.*}" -eq "${2%%.*}" ] && [ "${fp_minor%%.*}" -lt "${fp_least%%.*}" ]
    }
}

# APP_MODULE is composed here and not at build time, so that no default stands
# before a MODULE_NAME given to docker run. The variable that was found belongs to
# its module: with another module it is `app`.
name_app() {
    fp_module=${MODULE_NAME:-$FLASKPACK_MODULE}
    if [ "$fp_module" = "$FLASKPACK_MODULE" ]; then
        fp_variable=${VARIABLE_NAME:-${FLASKPACK_VARIABLE:-app}}
    else
        fp_variable=${VARIABLE_NAME:-app}
    fi
    if [ -z "${APP_MODULE-}" ] && [ -n "$fp_module" ]; then
        APP_MODULE=$fp_module:$fp_variable
    fi
    [ -n "${APP_MODULE-}" ] || return 0
    export APP_MODULE
    # The flask command (`flask db upgrade` in a prestart) looks in app.py and wsgi.py only.
    FLASK_APP=${FLASK_APP:-$APP_MODULE}
    export FLASK_APP
}

# name_conf: GUNICORN_CONF becomes an absolute path.
name_conf() {
    if [ -n "${GUNICORN_CONF-}" ]; then
        case $GUNICORN_CONF in
            python:*) return ;;
            file:*) GUNICORN_CONF=${GUNICORN_CONF#file:} ;;
        esac
        locate GUNICORN_CONF "$GUNICORN_CONF"
        GUNICORN_CONF=$fp_located
    elif [ -f "$fp_app/gunicorn_conf.py" ]; then
        GUNICORN_CONF=$fp_app/gunicorn_conf.py
    elif [ -f "$fp_app/app/gunicorn_conf.py" ]; then
        GUNICORN_CONF=$fp_app/app/gunicorn_conf.py
    else
        GUNICORN_CONF=$fp_launch/gunicorn_conf.py
    fi
    export GUNICORN_CONF
}

check_conf() {
    case $GUNICORN_CONF in
        python:*) return ;;
    esac
    [ -f "$GUNICORN_CONF" ] || fail "GUNICORN_CONF is '$GUNICORN_CONF', and there is no such file"
    [ -r "$GUNICORN_CONF" ] || fail "GUNICORN_CONF is '$GUNICORN_CONF', which this user cannot read: chmod a+r"
}

# name_hook: PRE_START_PATH becomes an absolute path.
name_hook() {
    if [ -n "${PRE_START_PATH-}" ]; then
        locate PRE_START_PATH "$PRE_START_PATH"
        PRE_START_PATH=$fp_located
    elif [ ! -f "$fp_app/prestart.sh" ] && [ -f "$fp_app/app/prestart.sh" ]; then
        PRE_START_PATH=$fp_app/app/prestart.sh
    else
        PRE_START_PATH=$fp_app/prestart.sh
    fi
    export PRE_START_PATH
}

# locate VARIABLE PATH: sets $fp_located. The retired image had the app in /app.
locate() {
    case $2 in
        /*) fp_located=$2 ;;
        *) fp_located=$fp_app/$2 ;;
    esac
    [ -e "$fp_located" ] && return
    case $fp_located in
        /app/*) ;;
        *) return 0 ;;
    esac
    [ -e "$fp_app/${fp_located#/app/}" ] || return 0
    say "$1: $fp_located does not exist, taking $fp_app/${fp_located#/app/}"
    fp_located=$fp_app/${fp_located#/app/}
}

# run_hook_then COMMAND…: becomes COMMAND, after the hook where there is one.
# The hook gets a shell process of its own kind, which then becomes the command: what it
# exports arrives there, while options, traps and functions end with that shell.
run_hook_then() {
    printf '%s\n' "Checking for script in $PRE_START_PATH"
    if [ ! -f "$PRE_START_PATH" ]; then
        printf '%s\n' "There is no script $PRE_START_PATH"
        exec "$@"
    fi
    [ -r "$PRE_START_PATH" ] || fail "$PRE_START_PATH cannot be read by this user: chmod a+r"
    choose_shell
    printf '%s\n' "Running script $PRE_START_PATH"
    exec "$fp_hook_shell" "$fp_launch/hook.sh" "$PRE_START_PATH" "$@"
}

# choose_shell: sets $fp_hook_shell. bash where the script asks for it, else sh, which is
# what the retired image took for every script.
choose_shell() {
    fp_hook_shell=/bin/sh
    IFS= read -r fp_first_line <"$PRE_START_PATH" || :
    fp_carriage_return=$(printf '\r')
    case $fp_first_line in
        *"$fp_carriage_return") fail "$PRE_START_PATH has Windows line ends (CRLF): save it with LF" ;;
        '#!'*bash*)
            fp_hook_shell=$(command -v bash) ||
                fail "$PRE_START_PATH asks for bash, which this run image does not have: write it for sh (#!/bin/sh)"
            ;;
        '#!'*python*) fail "$PRE_START_PATH is a Python script, and is sourced by sh: call python in it" ;;
    esac
}
