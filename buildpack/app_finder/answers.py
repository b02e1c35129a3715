"""What is asked of the finder and what it answers: the types that detect and build use."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Said:
    """A value that the user gave, and where: ``Said("app.main:app", "pack build --env")``."""

    value: str
    origin: str


@dataclass(frozen=True)
class UserWord:
    """What the user said at build time, from the platform's environment.

    An empty value counts as not given, as it does in the start command.
    """

    app_module: Said | None = None
    module_name: Said | None = None
    variable_name: Said | None = None
    bp_flask: bool = False


@dataclass(frozen=True)
class Origin:
    """A line of the project: file relative to the app dir, line from 1, its text.

    File and text are ready to be shown: control characters and bytes that aren't UTF-8
    are escaped, the text is stripped and shortened.
    """

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}, `{self.text}`"


@dataclass(frozen=True)
class Need:
    """A version that the app's form asks for; build compares it with what was installed.

    ``distribution`` is a normalised name ("connexion"); the installed version must lie in
    ``at_least <= version < below`` where these are given. Where the distribution isn't
    installed, the need is none.
    """

    distribution: str
    origin: Origin
    why: str
    remedy: str
    at_least: tuple[int, ...] = ()
    below: tuple[int, ...] = ()


@dataclass(frozen=True)
class Found:
    """The app: what gunicorn imports, from where, and why it was chosen.

    module: dotted name ("app.main"). variable: a name ("app") or a call ("create_app()",
    on the user's word also with arguments, so quote it for a shell). import_root: folder
    relative to the app dir that goes first on PYTHONPATH, "" for none ("app", "src"); the
    app dir itself follows it. imports_flask: the code on the way to the app imports flask.
    explain: lines for the log, each choice with its file and line.
    """

    module: str
    variable: str
    import_root: str
    framework: str
    origin: Origin
    explain: tuple[str, ...]
    imports_flask: bool
    needs: tuple[Need, ...] = ()

    @property
    def app_module(self) -> str:
        """gunicorn's spelling: "app.main:app"."""
        return f"{self.module}:{self.variable}"


@dataclass(frozen=True)
class NamedAtLaunch:
    """No app was found, but the project is ours: MODULE_NAME or APP_MODULE name it at launch."""

    reason: Literal["BP_FLASK", "layout"]
    explain: tuple[str, ...]
    imports_flask: bool


@dataclass(frozen=True)
class NotOurs:
    """The project is none of ours: what was looked for, what was there instead.

    ``asgi`` are the apps of another kind that stand where ours would, each with its
    framework's name; ``own_server`` where the first of them needs no ASGI server. The text
    for it is ``errors.app.not_ours``.
    """

    looked_for: tuple[str, ...]
    there: tuple[str, ...]
    asgi: tuple[tuple[str, Origin], ...] = ()
    own_server: bool = False


Answer = Found | NamedAtLaunch | NotOurs
