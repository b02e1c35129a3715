"""The launch programs as they lie in an image, with a recording gunicorn on PATH."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LAUNCH = Path(__file__).parents[2] / "layers" / "web" / "launch"
MODULES = LAUNCH / "modules"
sys.path.insert(0, str(MODULES))

# Whatever is evaluated instead of passed on leaves a file of this name in the app dir.
TRAP = "evaluated"
# A folder's name in which every careless expansion goes wrong.
NASTY = f"""a b\t*?[x]'"`touch {TRAP}`$(touch {TRAP});\\n\n#"""

_RECORDER = """#!{python} -I
import json, os, signal, sys
caught = [int(s) for s in signal.Signals if signal.getsignal(s) == signal.SIG_IGN]
record = dict(argv=sys.argv[1:], env=dict(os.environ), cwd=os.getcwd(), ignored=caught)
record["pid"] = os.getpid()
open({record!r}, "w").write(json.dumps(record))
"""

SHELLS = {"dash": "/usr/bin/dash", "bash": "/usr/bin/bash --posix"}


@dataclass(frozen=True)
class Outcome:
    """What a start printed, its exit code, and the gunicorn that it became or None."""

    code: int
    stdout: str
    stderr: str
    pid: int
    server: "Server | None"

    def became(self) -> "Server":
        assert self.server is not None, self.stderr
        return self.server


@dataclass(frozen=True)
class Server:
    """What the recording gunicorn was given; `ignored` are signal numbers."""

    argv: list[str]
    env: dict[str, str]
    cwd: str
    ignored: list[int]
    pid: int


@dataclass(frozen=True)
class Image:
    """A folder with the app dir, the launch folder and bin/gunicorn of an image."""

    root: Path
    app: Path
    launch: Path
    shell: Path

    @property
    def path(self) -> str:
        return f"{self.root / 'bin'}:/usr/bin:/bin"

    def write(self, name: str, text: str) -> Path:
        file = self.app / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, newline="")
        return file

    def found(self, **values: str) -> None:
        """Write found.sh; names without their FLASKPACK_."""
        defaults = {
            "module": "app.main",
            "variable": "app",
            "python": sys.executable,
            "libc": "",
            "worker_class": "egg:meinheld#gunicorn_worker",
        }
        lines = [f"FLASKPACK_{k.upper()}='{v}'\n" for k, v in {**defaults, **values}.items()]
        (self.launch / "found.sh").write_text("".join(lines))

    def run(self, *arguments: str, program: str = "start", **env: str) -> Outcome:
        """Run a launch program to its end, in the app dir; `env` is all but PATH."""
        record = self.root / "record.json"
        record.unlink(missing_ok=True)
        process = subprocess.Popen(
            [self.launch / program, *arguments],
            env={"PATH": self.path, **env},
            cwd=self.app,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        stdout, stderr = process.communicate(timeout=20)
        assert not list(self.root.rglob(TRAP)), "a value was evaluated"
        server = Server(**json.loads(record.read_text())) if record.exists() else None
        return Outcome(process.returncode, stdout, stderr, process.pid, server)


def make_image(root: Path, shell: str) -> Image:
    """An image whose launch programs run in `shell`, a key of SHELLS; the app dir is NASTY."""
    wrapper = root / "sh"
    wrapper.write_text(f'#!/bin/sh\nexec {SHELLS[shell]} "$@"\n')
    wrapper.chmod(0o755)
    image = Image(root, root / NASTY, root / "web" / "launch", wrapper)
    image.app.mkdir()
    shutil.copytree(LAUNCH, image.launch, ignore=shutil.ignore_patterns("__pycache__"))
    for script in image.launch.iterdir():
        if script.is_file():
            script.write_text(script.read_text().replace("/bin/sh", str(wrapper)))
    image.found()
    gunicorn = root / "bin" / "gunicorn"
    gunicorn.parent.mkdir()
    recorder = _RECORDER.format(python=sys.executable, record=str(root / "record.json"))
    gunicorn.write_text(recorder)
    gunicorn.chmod(0o755)
    return image
