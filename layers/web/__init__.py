"""The ``web`` layer: what runs at launch, and what was found at build time.

The files in ``launch/`` and ``exec.d/`` are programs of the app's image, run by its shell and
its Python; nothing here imports them. The launcher runs those in ``exec.d/`` before every process.
"""

import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from buildpack.bytecode import compile_tree
from buildpack.cnb.context import BuildContext
from buildpack.cnb.launch import Process
from buildpack.cnb.layer import EnvFile, Layer, Types, fresh_folder, write_launch_env
from buildpack.procfile import Entry

NAME = "web"
FILES = Path(__file__).parent
PROGRAMS = ("exec.d", "launch")


@dataclass(frozen=True)
class Launchable:
    """What the launch programs are told: the app, its Python, its worker class.

    ``module`` is empty where it is to be named at launch. ``libc`` is the version of glibc that
    the run image must have at least, empty where its Python says enough: the run image's own.
    ``procfile`` are the processes that the app declares itself.
    """

    module: str
    variable: str
    python: Path
    worker_class: str
    libc: str = ""
    procfile: tuple[Entry, ...] = ()

    def found(self) -> str:
        """found.sh: assignments for the POSIX shell, quoted, whatever is in them."""
        values = {
            "FLASKPACK_MODULE": self.module,
            "FLASKPACK_VARIABLE": self.variable,
            "FLASKPACK_PYTHON": str(self.python),
            "FLASKPACK_LIBC": self.libc,
            "FLASKPACK_WORKER_CLASS": self.worker_class,
        }
        return "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())

    def written(self) -> dict[str, str]:
        """``{name of a file of launch/: its text}``, what the programs read."""
        # A file each: in launch.toml a command would be at the mercy of TOML's writer.
        commands = {f"procfile/{entry.type}": f"{entry.script()}\n" for entry in self.procfile}
        return {"found.sh": self.found(), **commands}


def contribute(context: BuildContext, app: Launchable, python_path: tuple[Path, ...]) -> Layer:
    """Write the layer, or take the previous one over where nothing changed."""
    environment = (
        EnvFile("PYTHONPATH", "prepend", ":".join(map(str, python_path)), delim=":"),
        EnvFile("PYTHONUNBUFFERED", "default", "1"),
    )
    layer = Layer(NAME, Types(launch=True), {"content": _digest(app, environment)})
    if context.restored.get(NAME) != layer.metadata:
        _write(context.layers_dir / NAME, app, environment)
    return layer


def processes(
    context: BuildContext, venv: Path, procfile: Sequence[Entry], *, flask: bool
) -> tuple[Process, ...]:
    """The process types of the image, those of the app's Procfile last.

    python, python3 and gunicorn are among them because /cnb/process stands first on the
    image's PATH: ``docker exec C python …`` gets the launch environment. flask is one
    where it is installed. A ``web`` of the Procfile's takes the place of ours.
    """
    launch = context.layers_dir / NAME / "launch"
    start = str(launch / "start")
    command = str(launch / "command")
    theirs = {
        entry.type: Process(entry.type, (command, entry.type), default=entry.type == "web")
        for entry in procfile
    }
    web = theirs.pop("web", Process("web", (start,), default=True))
    own = (Process(name, (str(launch / name),)) for name in ("prestart", "dev"))
    # Not by way of start: a probe is to cost little, and asks what runs.
    health = (str(venv / "bin" / "python"), "-I", "-S", str(launch / "healthcheck.py"))
    tools = (
        Process(name, (str(venv / "bin" / name),)) for name in ("python", "python3", "gunicorn")
    )
    # By way of start, which tells flask where the app is.
    flasks = (Process("flask", (start, "flask")),) if flask else ()
    return (web, *own, Process("healthcheck", health), *tools, *flasks, *theirs.values())


def _write(folder: Path, app: Launchable, environment: tuple[EnvFile, ...]) -> None:
    launch = fresh_folder(folder) / "launch"
    for source in _sources():
        target = folder / source.relative_to(FILES)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
        target.chmod(0o755 if source.stat().st_mode & 0o100 else 0o644)
    for name, text in app.written().items():
        (launch / name).parent.mkdir(exist_ok=True)
        (launch / name).write_text(text, encoding="utf-8")
    compile_tree(launch, app.python)
    write_launch_env(folder, environment)


def _digest(app: Launchable, environment: tuple[EnvFile, ...]) -> str:
    digest = hashlib.sha256(repr((app.written(), environment)).encode())
    for source in _sources():
        content = source.read_bytes()
        digest.update(f"{source.relative_to(FILES)}:{len(content)}:".encode() + content)
    return digest.hexdigest()


def _sources() -> list[Path]:
    """The files to copy; bytecode is what a Python of ours may have left in a checkout."""
    return sorted(
        path
        for folder in PROGRAMS
        for path in (FILES / folder).rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    )
