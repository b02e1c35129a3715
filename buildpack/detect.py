"""Detection: is this project ours?"""

from buildpack import app, log
from buildpack.app_finder import Answer, NotOurs
from buildpack.cnb import toml_file
from buildpack.cnb.context import DetectContext
from buildpack.cnb.result import BuildPlan
from buildpack.errors import FlaskpackError
from buildpack.errors.app import not_ours
from buildpack.interpreter import declared_minor
from buildpack.python_places import may_name_python

PASS = 0
FAIL = 100


def detect(context: DetectContext) -> int:
    """Pass for a project with a Flask app, fail for any other; the exit code.

    A Flask project with a problem passes too: bin/build's output is shown whole, while
    detect's is shown only when every buildpack fails, and is used as a printf format.
    """
    verdict = decide(context)
    if isinstance(verdict, NotOurs):
        log.block(log.as_format(not_ours(verdict)))
        return FAIL
    toml_file.write(context.build_plan_path, BuildPlan().document())
    return PASS


def decide(context: DetectContext) -> Answer | None:
    """What was found, or None for a Flask project that has a problem."""
    try:
        return app.find(context.app_dir, context.platform_env, _python(context))
    except FlaskpackError:
        return None


def _python(context: DetectContext) -> tuple[int, int] | None:
    """The minor version that a build is likely to take; it is the build that says what is wrong."""
    declared = declared_minor(context.builder_env)
    if not may_name_python(context.app_dir, context.platform_env):
        return declared
    from buildpack.python_version import fitting_minor, minor_numbers, read_wishes

    try:
        wishes = read_wishes(context.app_dir, context.platform_env)
    except FlaskpackError:
        return declared
    if not wishes:
        return declared
    minor = fitting_minor(wishes, (f"3.{declared[1]}",) if declared else ())
    return minor_numbers(minor) if minor else declared
