# shellcheck shell=sh
# Sourced by the scripts beside it, which set LAUNCH to this folder. What decides
# before Python runs: which app, which configuration, which hook.
# Results go into variables, never through $(…): that would eat a path's last newlines.

case $LAUNCH in
    /*) ;;
    *) LAUNCH=$PWD/$LAUNCH ;;
esac

say() { printf '%s\n' "$1" >&2; }

# fail MESSAGE [CODE]: the one clear line of a start that ends.
fail() {
    say "Error: $1"
    exit "${2:-1}"
}

# What the build found (FLASKPACK_MODULE, _VARIABLE, _PYTHON, _WORKER_CLASS), and the
# interpreter it was built for: a rebase may have put another run image underneath.
read_found() {
    APP_DIR=${CNB_APP_DIR:-$PWD}
    [ -r "$LAUNCH/found.sh" ] || fail "$LAUNCH/found.sh is missing: build the image again"
    # shellcheck source=/dev/null
    . "$LAUNCH/found.sh"
    [ -x "$FLASKPACK_PYTHON" ] && return
    present='none'
    for candidate in /usr/bin/python3.[0-9] /usr/bin/python3.[0-9][0-9]; do
        [ -x "$candidate" ] && present="Python ${candidate##*/python}"
    done
    fail "this image was built for Python ${FLASKPACK_PYTHON##*/python} ($FLASKPACK_PYTHON), this run image has $present: build it again"
}

# APP_MODULE is composed here and not at build time, so that no default stands
# before a MODULE_NAME given to docker run. The variable that was found belongs to
# its module: with another module it is `app`.
name_app() {
    module=${MODULE_NAME:-$FLASKPACK_MODULE}
    if [ "$module" = "$FLASKPACK_MODULE" ]; then
        variable=${VARIABLE_NAME:-${FLASKPACK_VARIABLE:-app}}
    else
        variable=${VARIABLE_NAME:-app}
    fi
    if [ -z "${APP_MODULE-}" ] && [ -n "$module" ]; then
        APP_MODULE=$module:$variable
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
        GUNICORN_CONF=$located
    elif [ -f "$APP_DIR/gunicorn_conf.py" ]; then
        GUNICORN_CONF=$APP_DIR/gunicorn_conf.py
    elif [ -f "$APP_DIR/app/gunicorn_conf.py" ]; then
        GUNICORN_CONF=$APP_DIR/app/gunicorn_conf.py
    else
        GUNICORN_CONF=$LAUNCH/gunicorn_conf.py
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
        PRE_START_PATH=$located
    elif [ ! -f "$APP_DIR/prestart.sh" ] && [ -f "$APP_DIR/app/prestart.sh" ]; then
        PRE_START_PATH=$APP_DIR/app/prestart.sh
    else
        PRE_START_PATH=$APP_DIR/prestart.sh
    fi
    export PRE_START_PATH
}

# locate VARIABLE PATH: sets $located. The retired image had the app in /app.
locate() {
    case $2 in
        /*) located=$2 ;;
        *) located=$APP_DIR/$2 ;;
    esac
    [ -e "$located" ] && return
    case $located in
        /app/*) ;;
        *) return 0 ;;
    esac
    [ -e "$APP_DIR/${located#/app/}" ] || return 0
    say "$1: $located does not exist, taking $APP_DIR/${located#/app/}"
    located=$APP_DIR/${located#/app/}
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
    exec "$hook_shell" "$LAUNCH/hook.sh" "$PRE_START_PATH" "$@"
}

# choose_shell: sets $hook_shell. bash where the script asks for it, else sh, which is
# what the retired image took for every script.
choose_shell() {
    hook_shell=/bin/sh
    first_line=
    IFS= read -r first_line <"$PRE_START_PATH" || :
    carriage_return=$(printf '\r')
    case $first_line in
        *"$carriage_return") fail "$PRE_START_PATH has Windows line ends (CRLF): save it with LF" ;;
        '#!'*bash*)
            hook_shell=$(command -v bash) ||
                fail "$PRE_START_PATH asks for bash, which this run image does not have: write it for sh (#!/bin/sh)"
            ;;
        '#!'*python*) fail "$PRE_START_PATH is a Python script, and is sourced by sh: call python in it" ;;
    esac
}
