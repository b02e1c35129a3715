"""Source files of a Flask project in the wrong encoding: the whole message."""

from pathlib import Path

import pytest
from support.app_projects import APP, Files, refused

CASES: dict[str, tuple[Files, str, str]] = {
    "Latin-1": (
        {"main.py": b"# caf\xe9\nfrom flask import Flask\napp = Flask('a')\n"},
        "",
        """\
Error: main.py can't be decoded

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python takes it as UTF-8 unless line 1 or 2 declares something else.

Found:
  main.py:1, byte 0xe9 isn't utf-8 there

What to do:
  1. Save main.py as UTF-8.
  2. Or declare the encoding that it has in its first line:
     # -*- coding: latin-1 -*-
""",
    ),
    "an unknown encoding": (
        {"main.py": b"# coding: klingon\nfrom flask import Flask\n"},
        "",
        """\
Error: main.py can't be decoded

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python takes it as UTF-8 unless line 1 or 2 declares something else.

Found:
  main.py:1, unknown encoding: klingon

What to do:
  1. Save main.py as UTF-8.
  2. Or declare the encoding that it has in its first line:
     # -*- coding: latin-1 -*-
""",
    ),
    "UTF-7": (
        {"main.py": b"# coding: utf-7\nfrom flask import Flask\n"},
        "",
        """\
Error: main.py can't be decoded

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python takes it as UTF-8 unless line 1 or 2 declares something else.

Found:
  main.py:1, the declared encoding is none for Python code

What to do:
  1. Save main.py as UTF-8.
  2. Or declare the encoding that it has in its first line:
     # -*- coding: latin-1 -*-
""",
    ),
    "rot13": (
        {"main.py": b"# coding: rot13\nsebz synfx vzcbeg Synfx # flask\n"},
        "",
        """\
Error: main.py can't be decoded

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python takes it as UTF-8 unless line 1 or 2 declares something else.

Found:
  main.py:1, the declared encoding is none for Python code

What to do:
  1. Save main.py as UTF-8.
  2. Or declare the encoding that it has in its first line:
     # -*- coding: latin-1 -*-
""",
    ),
    "UTF-16": (
        {"main.py": APP.encode("utf-16"), "requirements.txt": "flask"},
        "",
        """\
Error: main.py can't be decoded

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python takes it as UTF-8 unless line 1 or 2 declares something else.

Found:
  main.py:1, it is UTF-16 or UTF-32, which Python never takes

What to do:
  1. Save main.py as UTF-8.
  2. Or declare the encoding that it has in its first line:
     # -*- coding: latin-1 -*-
""",
    ),
    "UTF-16 without a mark": (
        {"main.py": APP.encode("utf-16-le"), "requirements.txt": "flask"},
        "",
        """\
Error: main.py holds null bytes

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python takes no file with null bytes in it.

Found:
  main.py:1

What to do:
  Save main.py as UTF-8 text (UTF-16 is full of null bytes),
  or take it from your version control again.
""",
    ),
    "BOM and another coding": (
        {"main.py": b"\xef\xbb\xbf# coding: latin-1\n" + APP.encode()},
        "",
        """\
Error: main.py can't be decoded

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python takes it as UTF-8 unless line 1 or 2 declares something else.

Found:
  main.py:1, encoding problem: utf-8

What to do:
  1. Save main.py as UTF-8.
  2. Or declare the encoding that it has in its first line:
     # -*- coding: latin-1 -*-
""",
    ),
    "no UTF-8 in line 4": (
        {"main.py": APP.encode() + b"\nx = '\xff'\n"},
        "",
        """\
Error: main.py can't be decoded

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python takes it as UTF-8 unless line 1 or 2 declares something else.

Found:
  main.py:4, byte 0xff isn't utf-8 there

What to do:
  1. Save main.py as UTF-8.
  2. Or declare the encoding that it has in its first line:
     # -*- coding: latin-1 -*-
""",
    ),
    "null bytes": (
        {"main.py": APP + "\0\n"},
        "",
        """\
Error: main.py holds null bytes

Flaskpack finds the app by reading its code, and this file is on the way to it.
Python takes no file with null bytes in it.

Found:
  main.py:3

What to do:
  Save main.py as UTF-8 text (UTF-16 is full of null bytes),
  or take it from your version control again.
""",
    ),
}


@pytest.mark.parametrize(("files", "said", "text"), CASES.values(), ids=list(CASES))
def test_message(tmp_path: Path, files: Files, said: str, text: str) -> None:
    assert refused(tmp_path, files, said) == text
