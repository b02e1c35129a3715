"""Whether the gunicorn that the app asks for can run, and what it takes.

Each row of the table was tried with our engine's worker, by its dotted class path, and one
request: 18.0, 19.0, 19.4.5, 19.5.0, 19.6.0, 19.7.1, 19.8.1, 19.9.0, 19.10.0, 20.0.4, 20.1.0,
21.0.0, 21.1.0, 21.2.0, 22.0.0 and 23.0.0, on CPython 3.9 to 3.13 where it mattered.
"""

from dataclasses import dataclass

from buildpack.errors.requirements import GunicornTooOldError
from buildpack.requirements.direct import entries_for
from buildpack.requirements.model import Entry, Form, Requirements, Target
from buildpack.requirements.versions import allows, only_below, release

FIRST_WITHOUT_KNOWN_HOLES = (22,)
# pkg_resources left setuptools with 82: 81.0.0 has it, 82 and later haven't.
WITH_PKG_RESOURCES = "setuptools<82"
NOT_IN_HASHED = f"it needs {WITH_PKG_RESOURCES}, which the list with hashes doesn't have"
HOLES = (
    "gunicorn before 22 has known holes (CVE-2024-1135, CVE-2024-6827: requests smuggled past a"
    " proxy when one of its own workers is used); write gunicorn>=22"
)


@dataclass(frozen=True)
class _Row:
    """What holds from release ``since`` on.

    ``newest_python`` is the newest minor version that it runs on (None: no limit known),
    ``reason`` why it doesn't on newer ones.
    """

    since: tuple[int, ...]
    newest_python: tuple[int, int] | None
    reason: str
    needs_pkg_resources: bool


_ROWS = (
    _Row((0,), (0, 0), "it has no threads setting, which the engine's worker asks for", True),
    _Row((19,), (3, 10), "it calls inspect.getargspec, which Python 3.11 has no more", True),
    _Row((19, 8), (3, 11), "its gunicorn.six can't be imported since Python 3.12", True),
    _Row((20,), None, "", True),
    _Row((21,), None, "", False),
)
# The releases below 22, newest first: what a range like <20 leads to.
_RELEASES = (
    *((21, 2), (21, 1), (21, 0, 1), (21, 0), (20, 1), (20, 0, 4), (20, 0, 3), (20, 0, 2), (20, 0)),
    *((19, 10), (19, 9), (19, 8, 1), (19, 8), (19, 7, 1), (19, 7), (19, 6), (19, 5)),
    *((19, 4, 5), (19, 4, 4), (19, 4, 3), (19, 4, 2), (19, 4, 1), (19, 4), (19, 3)),
    *((19, 2, 1), (19, 2), (19, 1, 1), (19, 1), (19, 0), (18, 0), (17, 5), (0, 17, 4)),
)


@dataclass(frozen=True)
class GunicornAdvice:
    """What to do about a gunicorn that runs; ``warning`` is "" where all is well.

    ``needs`` must take part in the resolution of the user's requirements: give them to
    ``without_engine``. Installed afterwards, they would come too late: gunicorn 20 itself
    depends on some setuptools, and gets the newest.
    """

    needs: tuple[str, ...] = ()
    warning: str = ""


def check_gunicorn(requirements: Requirements, target: Target) -> GunicornAdvice:
    """What the app's gunicorn needs; raises GunicornTooOldError where it can't run.

    A gunicorn from an address or a path isn't looked at: it says no version.
    """
    entries = entries_for("gunicorn", requirements, target)
    specifier = ",".join(entry.specifier for entry in entries if entry.specifier)
    foreign = any(entry.form is not Form.INDEX for entry in entries)
    if foreign or not only_below(specifier, FIRST_WITHOUT_KNOWN_HOLES):
        return GunicornAdvice()
    newest = next((known for known in _RELEASES if allows(specifier, known)), None)
    if newest is None:  # no such version: the installer says so
        return GunicornAdvice()
    row = next(row for row in reversed(_ROWS) if newest >= row.since)
    version, warning = ".".join(map(str, newest)), f"{entries[0].origin}: {HOLES}"
    if row.newest_python and release(target.python)[:2] > row.newest_python:
        raise GunicornTooOldError(_lines(entries), version, target.python, row.reason)
    if not row.needs_pkg_resources or _pins_setuptools(requirements, target):
        return GunicornAdvice((), warning)
    if requirements.require_hashes:  # nothing can be added to a list with hashes
        raise GunicornTooOldError(_lines(entries), version, target.python, NOT_IN_HASHED)
    return GunicornAdvice((WITH_PKG_RESOURCES,), warning)


def _pins_setuptools(requirements: Requirements, target: Target) -> bool:
    entries = entries_for("setuptools", requirements, target)
    return any(only_below(entry.specifier, (82,)) for entry in entries)


def _lines(entries: tuple[Entry, ...]) -> list[str]:
    return [f"{entry.origin}: {entry.text}" for entry in entries]
