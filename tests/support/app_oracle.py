"""Asks gunicorn whether it can import what the finder found, and the app for an answer."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from support.app_projects import Files, found

# One process for all: what it has imported is there for each child.
IMPORT = """
import json, os, sys
import flask
import werkzeug.middleware.dispatcher, werkzeug.middleware.proxy_fix
from gunicorn.util import import_app
from werkzeug.test import create_environ, run_wsgi_app
failed = []
for name, folder, paths, app in json.load(sys.stdin):
    child = os.fork()
    if child == 0:
        sys.path[:0] = paths
        os.chdir(folder)
        body, status, headers = run_wsgi_app(import_app(app), create_environ("/nowhere"))
        os._exit(0 if status == "404 NOT FOUND" else 1)
    if os.waitpid(child, 0)[1]:
        failed.append(name)
print(json.dumps(failed))
"""


def not_importable(folder: Path, projects: Mapping[str, Files]) -> tuple[list[str], str]:
    """Names of the projects whose Flask app gunicorn can't import or that doesn't answer 404."""
    tasks: list[tuple[str, str, list[str], str]] = []
    for number, (name, files) in enumerate(projects.items()):
        place = folder / str(number)
        place.mkdir()
        app = found(place, files)
        roots = [place / app.import_root, place] if app.import_root else [place]
        tasks.append((name, str(place), [str(root) for root in roots], app.app_module))
    result = subprocess.run(
        [sys.executable, "-B", "-c", IMPORT],
        input=json.dumps(tasks),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return json.loads(result.stdout), result.stderr
