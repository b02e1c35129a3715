"""Parts of a build's log that many builds share; times as support.packing.timeless has them."""

import re

from support.packing import timeless

UNPINNED = "blinker|click|itsdangerous|jinja2|markupsafe|werkzeug"
"""What Flask brings along."""

ONE = """\
  Resolved 1 package in TIME
  Prepared 1 package in TIME
  Installed 1 package in TIME
"""
SERVER = f"""\
{ONE.replace("1 package", "2 packages")}\
  + gunicorn==27.0.1
  + meinheld==1.0.2+flaskpack.1
"""
ADDED = f"""\
  Adding gunicorn==27.0.1: the server, and nobody requires it
{SERVER}"""


def launch(modules: int = 1) -> str:
    """The last section, for an app with Flask and so many modules."""
    return (
        "\n"
        "Launch\n"
        f"  Bytecode for the app's modules: {modules}\n"
        "  Processes: web, prestart, dev, healthcheck, python, python3, gunicorn, flask\n"
    )


def undated(log: str) -> str:
    """A log without what differs from day to day: times, versions that nothing pins."""
    return re.sub(rf"  \+ ({UNPINNED})==\S+", r"  + \1==VERSION", timeless(log))
