"""What was read from requirements files: facts, each with the file and line it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path, PurePosixPath


class Role(Enum):
    """What a file's requirements are for: to install, or only to limit versions."""

    REQUIREMENTS = "requirements"
    CONSTRAINTS = "constraints"


class Form(Enum):
    """How a requirement says where the package comes from."""

    INDEX = "index"
    URL = "url"
    VCS = "vcs"
    LOCAL = "local"


class Coverage(Enum):
    """What of a local path the key must cover.

    METADATA is for editable projects: their code is read from the app dir at run time.
    """

    CONTENTS = "contents"
    METADATA = "metadata"


@dataclass(frozen=True, order=True)
class Origin:
    """A place in the user's files: path relative to the app dir, first line of the entry."""

    file: PurePosixPath
    line: int

    def __str__(self) -> str:
        return f"{shown(self.file)}:{self.line}"


@dataclass(frozen=True)
class RequirementsFile:
    """A file that was read. ``sha256`` is the hex digest of its bytes as they are."""

    path: PurePosixPath
    sha256: str
    role: Role
    included_by: Origin | None


@dataclass(frozen=True)
class LocalPath:
    """A file or folder of the app that is installed, or offers wheels (--find-links).

    ``path`` is relative to the app dir (``.`` is the app dir itself).
    """

    origin: Origin
    path: PurePosixPath
    covers: Coverage


@dataclass(frozen=True)
class Entry:
    """One requirement or constraint.

    ``text`` is the source text: continuation lines joined, comment removed, variables as
    written. ``name`` is normalised, None where only the package itself would tell; ``named``
    is False where it was guessed from a file's name.
    ``specifier`` is without blanks ("" = any version); ``url`` is as written, variables
    included, without fragment for local paths; ``marker`` is the text after ``;``.
    """

    origin: Origin
    text: str
    role: Role
    form: Form
    name: str | None
    named: bool = True
    extras: tuple[str, ...] = ()
    specifier: str = ""
    url: str = ""
    marker: str = ""
    hashes: tuple[str, ...] = ()
    editable: bool = False
    local: LocalPath | None = None


@dataclass(frozen=True)
class Option:
    """A line's option by its long name; ``value`` as written, "" for a switch."""

    origin: Origin
    name: str
    value: str = ""
    local: LocalPath | None = None


@dataclass(frozen=True)
class Warned:
    """Something to tell the user that does not stop the build."""

    origin: Origin
    text: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.text}"


@dataclass(frozen=True)
class Requirements:
    """All that the requirements files say; ``files`` in the order they were read, root first.

    ``variables`` are the values of the ``${NAME}`` that the files use: they may be secrets
    and are in no repr. ``arguments`` are for uv, and for these requirements only. ``project``
    is the app itself where it is installed too, after everything else.
    """

    app_dir: Path
    files: tuple[RequirementsFile, ...]
    entries: tuple[Entry, ...]
    options: tuple[Option, ...]
    warnings: tuple[Warned, ...]
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    arguments: tuple[str, ...] = ()
    project: Entry | None = None

    @property
    def locals(self) -> tuple[LocalPath, ...]:
        """Every local path of the entries, of --find-links and of the project, in order."""
        found = [entry.local for entry in (*self.entries, *filter(None, [self.project]))]
        found += [option.local for option in self.options]
        return tuple(path for path in found if path)

    @property
    def require_hashes(self) -> bool:
        """Whether a file says --require-hashes."""
        return any(option.name == "--require-hashes" for option in self.options)


@dataclass(frozen=True)
class Target:
    """The interpreter that the packages are for: full version ("3.13.5"), machine."""

    python: str
    machine: str = "x86_64"


@dataclass(frozen=True)
class InstallerInput:
    """What uv is given in place of the user's files.

    Write ``requirements`` and ``constraints`` (UTF-8) to files outside of the app dir, pass
    them with ``-r`` and ``-c``, with ``arguments`` beside them, and put ``environment`` into
    uv's environment (values may be secrets). ``entries`` are those in the texts.
    ``*_origins`` say for each line number of a text where it came from.
    ``index`` are the lines among ``requirements`` that say where packages come from.
    ``own_arguments`` go with these texts alone, not with what is added to them. ``project``
    is a text of its own, "" where there is none: install it last, with ``--no-deps``. ``places``
    are the lines among ``requirements`` that no index answers: folders, addresses, repositories.
    ``needs`` are those among them that we added.
    """

    requirements: str
    constraints: str
    index: str
    arguments: tuple[str, ...]
    entries: tuple[Entry, ...]
    requirements_origins: Mapping[int, Origin]
    constraints_origins: Mapping[int, Origin]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    own_arguments: tuple[str, ...] = ()
    project: str = ""
    places: str = ""
    needs: tuple[str, ...] = ()


def shown(path: PurePosixPath) -> str:
    """A path for logs, errors and keys: one printable line, whatever its bytes.

    Control characters, quotes, backslashes and bytes that aren't UTF-8 are %XX.
    """
    out = []
    for character in str(path):
        if character.isprintable() and character not in "\"'\\%":
            out.append(character)
        else:
            out += [f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape")]
    return "".join(out)
