"""The project's modules: which file a dotted name leads to, and its syntax tree."""

from dataclasses import dataclass

from buildpack.app_finder.bindings import bindings_of, set_by_functions
from buildpack.app_finder.files import AppFiles, Refused
from buildpack.app_finder.shown import shown
from buildpack.app_finder.syntax import Source, parse
from buildpack.app_finder.values import Folder, Scope
from buildpack.errors import FlaskpackError
from buildpack.errors.app_source import CannotOpen, LinkLeavesApp, NotAFile, TooLarge

MOST_FILES = 60
MOST_WEIGHT = 200_000
MOST_STEPS = 20_000
"""Files read, words parsed, expressions followed for one answer: the rest counts as unknown."""


@dataclass(frozen=True)
class Pythons:
    """Minor versions as (3, 13): the one the app will run on, the one that reads it now."""

    app: tuple[int, int]
    ours: tuple[int, int]


class Project:
    """Reads each file once, and only the files that somebody asks for."""

    def __init__(self, files: AppFiles, pythons: Pythons) -> None:
        self.files = files
        self._pythons = pythons
        self._read: dict[str, Scope | FlaskpackError] = {}
        self._weight = 0
        self._steps = 0

    def module(self, path: str) -> Scope | FlaskpackError | None:
        """The names of a file, or why it can't be read; None when enough has been read."""
        if path not in self._read:
            if len(self._read) >= MOST_FILES or self._weight >= MOST_WEIGHT:
                return None
            self._read[path] = self._parse(path)
        return self._read[path]

    def may_step(self) -> bool:
        """Whether one more expression may be followed; each question counts."""
        self._steps += 1
        return self._steps <= MOST_STEPS

    def sources(self) -> list[Source]:
        """Every file that was read so far."""
        return [scope.source for scope in self._read.values() if isinstance(scope, Scope)]

    def resolve(self, dotted: str, roots: tuple[str, ...]) -> Folder | None:
        """What ``import dotted`` finds with these folders first on the path, in that order.

        As Python does it: a package or module in a later folder goes before a folder without
        ``__init__.py`` in an earlier one.
        """
        parts = dotted.split(".")
        homes = [root for root in roots if self._regular(join(root, parts[0]))][:1] or roots
        for root in homes:
            found = self.below(Folder(root, None), parts)
            if found:
                return found
        return None

    def below(self, folder: Folder, parts: list[str]) -> Folder | None:
        """The module that these names lead to from a package."""
        found: Folder | None = folder
        for part in parts:
            found = self.child(found, part) if found else None
        return found

    def package(self, path: str) -> Folder:
        """The package that a folder is."""
        file = f"{path}/__init__.py"
        return Folder(path, file if self.files.is_there(file) else None)

    def child(self, folder: Folder, name: str) -> Folder | None:
        """The module or package of this name in a package."""
        if folder.file and not folder.file.endswith("/__init__.py"):
            return None
        path = join(folder.path, name)
        file = self._regular(path)
        if file or self.files.is_folder(path):
            return Folder(path, file)
        return None

    def _regular(self, path: str) -> str | None:
        for file in (f"{path}/__init__.py", f"{path}.py"):
            if self.files.is_there(file):
                return file
        return None

    def _parse(self, path: str) -> Scope | FlaskpackError:
        data = self.files.read(path)
        if isinstance(data, Refused):
            return _refused(path, data)
        source = parse(path, data, self._pythons.app, self._pythons.ours)
        if isinstance(source, FlaskpackError):
            return source
        self._weight += source.weight
        bindings = bindings_of(source.tree.body, source.walrus)
        if source.globals:
            set_by_functions(bindings)
        return Scope(source, bindings)


def join(folder: str, name: str) -> str:
    """A path below a folder of the app dir, "" being the app dir itself."""
    return f"{folder}/{name}" if folder else name


def _refused(path: str, refused: Refused) -> FlaskpackError:
    file = shown(path)
    match refused.what:
        case "too large":
            return TooLarge(file, refused.detail)
        case "outside" | "loop":
            return LinkLeavesApp(file, shown(refused.detail), loop=refused.what == "loop")
        case "denied":
            return CannotOpen(file, refused.detail)
        case _:
            return NotAFile(file)
