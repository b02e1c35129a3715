"""Failures of a source distribution's own build."""

import re

from buildpack.errors import install_build as errors
from buildpack.errors.install import InstallError
from buildpack.installer_failure.libraries import missing_compiler, missing_library
from buildpack.installer_failure.output import Output
from buildpack.installer_failure.places import Places
from buildpack.requirements.syntax import normalised

LAST_LINES = 20
LAST_LINES_BEFORE = 5  # of stdout, where there is something on stderr too
_TOO_OLD = re.compile(
    r"No module named '(?:distutils|imp|pkg_resources|lib2to3|asyncore)(?:\.\w+)*'"
    r"|module '(?:pkgutil|inspect|ast|configparser|collections|unittest)' has no attribute"
    r"|use_2to3 is invalid"
    r"|longintrepr\.h: No such file"
)


def explain_build(output: Output, places: Places) -> InstallError | None:
    """The error if a package had to be built here and couldn't be."""
    package = output.package
    name = re.split(r"[=@ \[]", package)[0]
    lines = places.of_names(name) or _hinted(output)
    if package and any("build-system.requires" in cause for cause in output.causes):
        return errors.NoBuildToolError(package, output.causes[-1:], lines)
    if not package or not any("build backend" in cause for cause in output.causes):
        return None
    if too_old := _too_old(output.backend):
        return errors.TooOldForPythonError(package, too_old, lines)
    if compiler := missing_compiler(output.backend):
        return errors.NoCompilerError(package, compiler, lines)
    if missing := missing_library(output.backend, normalised(name)):
        if missing.program:
            return errors.MissingProgramError(package, missing.name, missing.program, lines)
        return errors.MissingLibraryError(
            package, missing.name, missing.package, missing.instead, lines
        )
    return errors.BuildFailedError(package, last_lines(output.foreign), lines)


def last_lines(streams: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The end of what a build wrote on each stream."""
    *before, last = streams or ((),)
    ends = [line for stream in before for line in stream[-LAST_LINES_BEFORE:]]
    return tuple(line.rstrip() for line in (*ends, *last[-LAST_LINES:]))


def _too_old(backend: tuple[str, ...]) -> str | None:
    return next((line.strip() for line in reversed(backend) if _TOO_OLD.search(line)), None)


def _hinted(output: Output) -> tuple[str, ...]:
    """uv's own word on why a package is there that no line names."""
    return tuple(hint for hint in output.hints if "was included because" in hint)
