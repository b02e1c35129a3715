"""Any bytes give an answer or one of our errors, in bounded time and memory.

The runs are derandomized, so a red one is red again; what was ever found stays as an example.
support/soak.py says how to run a longer round.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.app_projects import APP, make, word
from support.soak import SOAK, examples

from buildpack.app_finder import Found, NamedAtLaunch, NotOurs, find_app
from buildpack.errors import FlaskpackError
from buildpack.errors.app import not_ours

ROOT = Path(__file__).parents[2]

PIECES = [
    "from flask import Flask\n",
    "import flask, dash\n",
    "app = Flask(__name__)\n",
    "api = flask.Flask('x')\n",
    "def create_app(x=1):\n    app = Flask('a')\n    return app\n",
    "app = create_app()\n",
    "from app import *\n",
    "from main import app\n",
    "from . import main\n",
    "from .main import app, create_app\n",
    "import app.main as m\n",
    "app = m.app\n",
    "class A(B):\n    def __init__(self, app):\n        self.app = app\n    make = app\n",
    "class B(A):\n    def make(self):\n        return self.app\n",
    "app = A(app).make()\n",
    "app = B(A(app)).app.app\n",
    "if x:\n    app = f(app, app)\n",
    "def f(a, b):\n    return f(a, b) or g(b, a)\n",
    "def g(a, b):\n    return f(b, a) or f(a, g(a, b))\n",
    "app = g(app, f(app, app))\n",
    "app, (b, *c) = f(x), (1, 2)\n",
    "app = dash.Dash(server=app)\nserver = app.server\n",
    "del app\n",
    "app: 'Flask' = zzz\n",
    "if __name__ == '__main__':\n    app = Flask(1)\n",
    "app = lambda e, s: 1\n",
    "app = [app, app][0]\n",
    "app = {1: app}\n",
    "__all__ = ['app']\n",
    "with app as app: pass\n",
    "async def app(scope, receive, send): pass\n",
    "class Flask(Flask): pass\n",
    "try:\n    import app\nexcept: app = 3\nelse: app = 4\nfinally: app = Flask('x')\n",
    "match app:\n    case app: pass\n",
    "(app := app)\n",
    "x = f'{app!r:{x}}'\n",
    "# coding: latin-1\n",
    "# coding: idna\n",
    "\ufeff",
    "\x00",
    "(((",
    "'''",
    "\\\n",
    "\x0c\t\r",
    "é",
]
NAMES = ["main.py", "app/main.py", "app/__init__.py", "app.py", "a.py", "src/p/__init__.py"]
WORDS = ["", "APP_MODULE=main:app", "MODULE_NAME=main", "VARIABLE_NAME=app", "BP_FLASK=true"]

programs = st.lists(st.sampled_from(PIECES), max_size=12).map("".join).map(str.encode)
projects = st.dictionaries(st.sampled_from(NAMES), programs, min_size=1, max_size=4)
quick = settings(
    max_examples=examples(150),
    deadline=2000,
    derandomize=not SOAK,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def decide(files: dict[str, bytes], said: str) -> str:
    """The answer's or the error's text; anything else than these is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), files)
        try:
            answer = find_app(Path(folder), word(said), (3, 14), (3, 11))
        except FlaskpackError as error:
            return error.explanation.render()
    assert isinstance(answer, Found | NamedAtLaunch | NotOurs)
    return not_ours(answer) if isinstance(answer, NotOurs) else "\n".join(answer.explain) + "\n"


def is_printable(text: str) -> bool:
    return all(line.isprintable() for line in text.split("\n"))


@quick
@given(st.binary(max_size=3000), st.sampled_from(WORDS))
@example(b"", "")
@example(b"\x00", "")
@example(b"\xff\xfeA\x00", "")
@example(b"# coding: undefined\nflask", "")
@example(b"# coding: \xff\nflask", "")
@example(b"\xef\xbb\xbf# coding: latin-1\nflask", "")
@example(b"flask\n\x1b]0;title\x07 = =", "")
@example(b"flask = '\\ud800' '\\N{no such name}'", "")
@example(b"flask = 1" + b"0" * 5000, "")
def test_any_bytes(data: bytes, said: str) -> None:
    assert is_printable(decide({"main.py": data}, said))


@quick
@given(st.text(max_size=500).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"flask\nif x:\n\tif y:\n        z")
def test_any_text(data: bytes) -> None:
    assert is_printable(decide({"main.py": b"from flask import Flask\n" + data}, ""))


@quick
@given(projects, st.sampled_from(WORDS))
@example({"main.py": b"from main import *\napp = app\n"}, "")
@example({"main.py": b"class A(A): pass\napp = A(A(A)).x\n"}, "")
@example({"main.py": b"def f(x): return f(f(x)) or f(x)(f)\napp = f(f)\n"}, "")
def test_any_project(files: dict[str, bytes], said: str) -> None:
    assert is_printable(decide(files, said))


@quick
@given(programs, st.integers(0, 2000), st.binary(max_size=4))
def test_damaged_program(program: bytes, where: int, damage: bytes) -> None:
    place = where % (len(program) + 1)
    damaged = APP.encode() + program[:place] + damage + program[place + len(damage) :]
    assert is_printable(decide({"main.py": damaged}, ""))


@quick
@given(st.text(max_size=40), st.text(max_size=40))
@example("main", "app" * 200)
@example("main", "create_app(" + "(" * 300)
@example("main", "f(" + "-" * 5000 + "1)")
@example("main" + "." * 3000 + "x", "app")
@example("\udcff", "\ud800")
@example("main", "f(**{})")
@example("main", "f(*[])")
@example("main\0", "app\0")
def test_any_word(module: str, variable: str) -> None:
    said = f"APP_MODULE={module}:{variable}".replace("&", "")
    assert is_printable(decide({"main.py": APP.encode()}, said))


HEAVY = {
    "statements": b"a;" * 24_000,
    "calls": b"a()\n" * 14_000,
    "rebinding": b"app = f(app)\n" * 9_000,
    "rebinding in if": b"app = f()\n" + b"if x: app = f(app, app)\n" * 6_000,
    "stars": b"from main import *\n" * 12_000,
    "names": b"".join(b"a%d = a%d\n" % (n, n + 1) for n in range(24_000)),
    "functions": b"".join(
        b"def f%d(): return f%d() or f%d()\n" % (n, n + 1, n + 2) for n in range(4000)
    ),
    "classes": b"".join(b"class C%d(C%d, C%d): pass\n" % (n, n + 1, n + 2) for n in range(7000)),
    "nested calls": b"def f(x): return g(x) or f(x)\ndef g(x): return f(f(x))\napp="
    + b"f(" * 90
    + b")" * 90,
    "f-string": b"x = f'" + b"{a}" * 16_000 + b"'\n",
    "walrus": b"(a := f(a))\n" * 7_000,
    "minus": b"x = " + b"-" * 900_000 + b"1\n",
    "attributes": b"x = a" + b".b" * 24_000,
    "sums": b"x = " + b"+".join([b"1"] * 40_000),
    "elif": b"if a:\n pass\n" + b"elif b:\n pass\n" * 16_000,
    "strings": b"x = [" + b"''," * 300_000 + b"]",
    "dots": b"...;" * 200_000,
    "digits": b"1" * 900_000,
    "one name": b"a" * 900_000,
    "empty lines": b"\n" * 900_000,
    "comments": b"#\n" * 450_000,
    "indentation": b"if x:\n" + b" " * 900_000 + b"y\n",
    "punycode": b"# coding: punycode\n" + b"a-" * 450_000,
    "idna": b"# coding: idna\n" + b"a" * 900_000,
    "escapes": b"# coding: unicode_escape\n" + b"\\x41" * 200_000,
    "identifiers to normalize": "ﬃ=1\n".encode() * 24_000,
    "all bytes": bytes((n * 7919 + n * n * 31) % 255 + 1 for n in range(900_000)),
}
LIMITED = """
import resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (200_000_000, 200_000_000))
sys.path.insert(0, sys.argv[1])
from buildpack.app_finder import UserWord, find_app
from buildpack.errors import FlaskpackError
try:
    find_app(Path(sys.argv[2]), UserWord())
except FlaskpackError:
    pass
assert time.process_time() < 2, time.process_time()
"""


@pytest.mark.parametrize("data", HEAVY.values(), ids=list(HEAVY))
def test_heavy_file_in_200_megabytes_and_2_seconds(tmp_path: Path, data: bytes) -> None:
    make(tmp_path, {"main.py": b"from flask import Flask\n" + data})
    command = [sys.executable, "-I", "-S", "-B", "-c", LIMITED, str(ROOT), str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
