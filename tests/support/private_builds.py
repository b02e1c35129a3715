"""The whole log of a build of the app that test_private_indexes.py builds in every way."""

from support.build_logs import ADDED, launch
from support.packing import Built

START = """\
Flaskpack 0.1.0
{bindings}
Python
  3.13.5, the run image's own: /usr/bin/python3.13

App
  main:app is a Flask app: main.py:4, `app = Flask(__name__)`

Dependencies
  requirements.txt: 2 requirements
{folder}  Installing: there is no environment of an earlier build
"""
INSTALLED = """\
  Resolved 8 packages in TIME
  Prepared 8 packages in TIME
  Installed 8 packages in TIME
  + blinker==VERSION
  + click==VERSION
  + company==1.0
  + flask==3.1.3
  + itsdangerous==VERSION
  + jinja2==VERSION
  + markupsafe==VERSION
  + werkzeug==VERSION
"""


def error(built: Built) -> str:
    """The message that a build ended with, up to what the lifecycle says."""
    return built.log.partition("Error: ")[2].partition("ERROR: failed to build")[0]


def expected(*bindings: str, folder: str = "") -> str:
    section = "".join(f"  {line}\n" for line in bindings)
    heading = f"\nBindings\n{section}" if section else ""
    return START.format(bindings=heading, folder=folder) + INSTALLED + ADDED + launch()
