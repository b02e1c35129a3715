"""Which app answers, and what it sees."""

import os
import sys
from pathlib import Path

print("answer.py is imported")


def describe(app: str) -> dict[str, object]:
    return {"app": app, "env": dict(os.environ), "cwd": str(Path.cwd()), "path": sys.path}
