"""bin/detect and bin/build: run a phase, print its errors, answer with an exit code.

Exit codes of the Buildpack API: 0 passed, 100 (detect only) the project isn't ours,
anything else an error.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from buildpack import log
from buildpack.cnb import platform
from buildpack.cnb.context import read_build_context, read_detect_context
from buildpack.errors import FlaskpackError
from buildpack.errors.internal import InternalError

FAILED = 1


def main(arguments: list[str]) -> int:
    """Run ``detect`` or ``build`` with the process environment; the exit code."""
    (phase,) = arguments
    phases = {"detect": _detect, "build": _build}
    environ = os.environ
    try:
        return phases[phase](environ)
    except FlaskpackError as error:
        words = error.explanation.render()
    except Exception as error:  # noqa: BLE001  the last place: one clear line, no traceback
        words = InternalError(error).explanation.render()
        if _wants_details(environ):
            import traceback  # 3 ms that only this needs

            words = f"{traceback.format_exc()}\n{words}"
    log.block(log.as_format(words) if phase == "detect" else words)
    return FAILED


def _detect(environ: Mapping[str, str]) -> int:
    from buildpack.detect import detect  # each phase loads its own half only

    return detect(read_detect_context(environ))


def _build(environ: Mapping[str, str]) -> int:
    from buildpack.build import build

    context = read_build_context(environ)
    build(context).write(context.layers_dir)
    return 0


def _wants_details(environ: Mapping[str, str]) -> bool:
    """Whether BP_LOG_LEVEL=debug is set, also where reading the inputs is what failed."""
    try:
        user = platform.read_env(Path(environ["CNB_PLATFORM_DIR"]))
    except (KeyError, FlaskpackError):
        return False
    return user.get("BP_LOG_LEVEL") == "debug"
