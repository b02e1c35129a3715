"""What a container would start: the start command itself, until it would become gunicorn.

Its files are copied to a folder, and a program of ours stands there in gunicorn's place.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buildpack.explain.wishes import Limits, Wishes
from layers.web import FILES, Launchable

PROBE = Path(__file__).with_name("probe.py")
IN_AN_IMAGE = "/layers/flaskpack/web/launch"

BEGIN = """\
fp_launch=$1
. "$fp_launch/common.sh"
read_found
name_app
name_conf
check_conf
name_hook
exec "$fp_launch/serve"
"""
"""As `start` does, but for the hook, which is the app's, and for the run image's Python."""


class StartFailed(Exception):
    """The one clear line of a start that ends."""


@dataclass(frozen=True)
class Started:
    """gunicorn's command line; the included configuration's values, empty where the app's own
    file takes its place; ``tuning`` and ``lines`` are sentences."""

    command: tuple[str, ...]
    values: dict[str, Any]
    tuning: tuple[str, ...]
    lines: tuple[str, ...]


def start(wishes: Wishes, launchable: Launchable, python_path: tuple[Path, ...]) -> Started:
    """Raises StartFailed."""
    with tempfile.TemporaryDirectory() as folder:
        launch = Path(folder) / "launch"
        shutil.copytree(FILES / "launch", launch, ignore=shutil.ignore_patterns("__pycache__"))
        _write(launch, launchable, Path(folder) / "bin")
        done = subprocess.run(
            ["/bin/sh", "-euc", BEGIN, "sh", str(launch)],
            env=_environment(wishes, Path(folder), python_path),
            cwd=wishes.app_dir,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
    said = done.stderr.replace(str(launch), IN_AN_IMAGE)
    if done.returncode != 0:
        raise StartFailed(said)
    told = json.loads(done.stdout.replace(str(launch), IN_AN_IMAGE))
    return Started(
        ("gunicorn", *told["arguments"]),
        told["values"],
        tuple(told["tuning"]),
        (*said.splitlines(), *told["lines"]),
    )


def _write(launch: Path, launchable: Launchable, programs: Path) -> None:
    for name, text in launchable.written().items():
        (launch / name).parent.mkdir(exist_ok=True)
        (launch / name).write_text(text, encoding="utf-8")
    with (launch / "found.sh").open("a", encoding="utf-8") as found:
        found.write(f"FLASKPACK_PYTHON='{sys.executable}'\n")
    programs.mkdir()
    # gunicorn comes with a second program since it has a control socket.
    for name in ("gunicorn", "gunicornc"):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S -B "{PROBE}" "$@"\n')
        program.chmod(0o755)


def _environment(wishes: Wishes, folder: Path, python_path: tuple[Path, ...]) -> dict[str, str]:
    return {
        **wishes.env,
        "PATH": f"{folder / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": ":".join(map(str, python_path)),
        "CNB_APP_DIR": str(wishes.app_dir),
        **_limits(wishes.limits),
    }


def _limits(limits: Limits) -> dict[str, str]:
    """As the probe reads them."""
    given = {"EXPLAIN_CPUS": limits.cpus, "EXPLAIN_MEMORY": limits.memory}
    return {name: str(value) for name, value in given.items() if value is not None}
