"""The explanation: a section for each question that a build and a start settle."""

import contextlib
import datetime
import io
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from buildpack import app, log
from buildpack.app import App
from buildpack.app_finder import NotOurs
from buildpack.app_python import search_for
from buildpack.build import tell_procfile
from buildpack.cnb.context import DetectContext, Target
from buildpack.dependencies import Dependencies, read_dependencies
from buildpack.detect import decide
from buildpack.environment import ENGINE_WORKER, shown, tell_replaced, users
from buildpack.errors import FlaskpackError
from buildpack.errors.app import not_ours
from buildpack.explain.launch import Started, StartFailed, start
from buildpack.explain.wishes import Wishes
from buildpack.interpreter import DECLARATION, Interpreter
from buildpack.procfile import read_procfile
from buildpack.python_version import (
    DEFAULT,
    Version,
    Wish,
    check_together,
    fitting_minor,
    hint,
    is_too_old,
    read_wishes,
    too_old,
    warning,
)
from layers.web import Launchable

Answer = TypeVar("Answer")

MOST = 20
"""Requirements that are shown; a lock has hundreds."""

BUILDER = "flaskpack/builder:trixie"


@dataclass(frozen=True)
class Section:
    """A heading, and what a build logs below it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Explained:
    """``problem`` is the error that ends the build or the start, empty where there is none."""

    passes: bool
    sections: tuple[Section, ...]
    problem: str = ""
    started: Started | None = None

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "passes": self.passes,
            "sections": {section.title.lower(): section.lines for section in self.sections},
            "problem": self.problem,
            "start": asdict(self.started) if self.started else None,
        }


def explain(wishes: Wishes) -> Explained:
    """Section by section, up to the error that would end the build or the start."""
    verdict = decide(_context(wishes))
    if isinstance(verdict, NotOurs):
        return Explained(False, (), not_ours(verdict))
    told = _Teller()
    try:
        started = _explain(wishes, told)
    except FlaskpackError as error:
        return Explained(True, tuple(told.sections), error.explanation.render())
    except StartFailed as failure:
        return Explained(True, tuple(told.sections), str(failure))
    return Explained(True, tuple(told.sections), started=started)


def _context(wishes: Wishes) -> DetectContext:
    """As on the builder that Flaskpack makes; nothing is written."""
    nowhere = Path(os.devnull)
    target = Target("linux", "amd64", "", "")
    return DetectContext(
        wishes.app_dir, nowhere, nowhere, target, wishes.env, {DECLARATION: DEFAULT}
    )


def _explain(wishes: Wishes, told: "_Teller") -> Started | None:
    procfile = read_procfile(wishes.app_dir)
    python = told("Python", lambda: _python(wishes))
    found = told("App", lambda: app.find_for_build(wishes.app_dir, wishes.env, python.minor_pair))
    told("Dependencies", lambda: _dependencies(wishes, python, found))
    if procfile:
        told("Procfile", lambda: tell_procfile(procfile))
    if any(entry.type == "web" for entry in procfile):
        return None
    launchable = Launchable(found.module, found.variable, python.path, ENGINE_WORKER, "", procfile)
    started = start(wishes, launchable, found.python_path)
    told("Tuning", lambda: _lines(started.tuning))
    told("Start", lambda: _lines(started.lines))
    return started


class _Teller:
    """Runs what logs, and keeps what it logs as a section."""

    def __init__(self) -> None:
        self.sections: list[Section] = []

    def __call__(self, title: str, ask: Callable[[], Answer]) -> Answer:
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                return ask()
        finally:
            lines = (line.removeprefix("  ") for line in said.getvalue().splitlines())
            if said.getvalue():
                self.sections.append(Section(title, tuple(lines)))


def _lines(lines: tuple[str, ...]) -> None:
    for line in lines:
        log.line(line)


def _python(wishes: Wishes) -> Interpreter:
    """As on the builder that Flaskpack makes, whose run image has the default version."""
    asked = read_wishes(wishes.app_dir, wishes.env)
    check_together(asked, (DEFAULT,))
    for wish in asked:
        if said := hint(wish):
            log.warning(said)
    search = search_for(asked, DEFAULT, "")
    minor = _minor(search.wishes)
    whose = f"the run image's own with {BUILDER}" if minor == DEFAULT else "installed by uv"
    log.line(f"{minor}, {search.why}; {whose}")
    if said := warning(minor, datetime.date.today()):
        log.warning(said)
    return Interpreter(Path(f"/usr/bin/python{minor}"), f"{minor}.0", "cpython", "glibc", "2.36")


def _minor(wishes: Sequence[Wish]) -> str:
    """Which uv's list of the day would have to have; raises PythonTooOld."""
    if is_too_old(wishes):
        raise too_old(wishes, DEFAULT, (f"The run image has {DEFAULT} with {BUILDER}",))
    candidates = (Version(wish.asked.prerelease).minor for wish in wishes if wish.asked.prerelease)
    return fitting_minor(wishes, (DEFAULT,)) or next(candidates, DEFAULT)


def _dependencies(wishes: Wishes, python: Interpreter, found: App) -> Dependencies:
    read = read_dependencies(wishes.app_dir, wishes.env, python, imports_flask=found.imports_flask)
    user = users(read)
    entries = user.entries if user else ()
    for entry in entries[:MOST]:
        log.line(f"{entry.origin}: {shown(entry.text)}")
    if len(entries) > MOST:
        log.line(f"… and {len(entries) - MOST} more")
    tell_replaced(read, "the engine")
    for addition in read.additions:
        log.line(f"{addition.requirement}, if nothing requires it: {addition.why}")
    return read
