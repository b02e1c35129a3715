"""The included configuration: gunicorn's when the app has no gunicorn_conf.py of its own.

Run as a script it prints one line of JSON, the values that gunicorn would get and what they are
made of: docs/settings.md shows it. They are made in modules/flaskpack_conf.py, a name under which
an own configuration file can import them.
"""

import sys
from pathlib import Path

_modules = str(Path(__file__).absolute().parent / "modules")
sys.path.insert(0, _modules)
# gunicorn runs this file again on HUP: the limits may be others by then.
sys.modules.pop("flaskpack_conf", None)
from flaskpack_conf import *  # noqa: E402, F403
from flaskpack_conf import as_json  # noqa: E402

sys.path.remove(_modules)

if __name__ == "__main__":
    print(as_json())
