"""What the build found, where no shell has read it: when the configuration runs as a script."""

import shlex
from pathlib import Path
from typing import Mapping


def worker_class(environ: Mapping[str, str]) -> str:
    """The one that the start command would give to gunicorn."""
    file = Path(__file__).parents[2] / "found.sh"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    found = "".join(line for line in lines if line.startswith("FLASKPACK_WORKER_CLASS="))
    return environ.get("WORKER_CLASS") or "".join(shlex.split(found.partition("=")[2]))
