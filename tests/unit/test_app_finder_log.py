"""What the build's log says of the choice, and what build checks after installing."""

from pathlib import Path

import pytest
from support.app_projects import APP, FACTORY, FLASK, Files, answer, found

from buildpack.app_finder import NamedAtLaunch
from buildpack.errors.app import VersionDoesNotFit

CHOICES: dict[str, tuple[Files, str, tuple[str, ...]]] = {
    "one line": (
        {"main.py": FLASK + "\n\napi = Flask(__name__)\n"},
        "",
        ("main:api is a Flask app: main.py:4, `api = Flask(__name__)`",),
    ),
    "an app of another framework": (
        {"main.py": "from apiflask import APIFlask\napp = APIFlask(__name__)\n"},
        "",
        ("main:app is an APIFlask app: main.py:2, `app = APIFlask(__name__)`",),
    ),
    "through two files": (
        {
            "main.py": "from factory import create_app\n\napp = create_app('x')\n",
            "factory.py": FLASK + "def create_app(x):\n    app = Flask(x)\n    return app\n",
        },
        "",
        (
            "main:app is a Flask app: main.py:3, `app = create_app('x')`",
            "which leads to factory.py:3, `app = Flask(x)`",
        ),
    ),
    "an import root": (
        {"app/main.py": "from core import app\n", "app/core.py": APP},
        "",
        (
            "main:app is a Flask app: app/main.py:1, `from core import app`",
            "which leads to app/core.py:2, `app = Flask(__name__)`",
            "app/ goes first on PYTHONPATH: app/main.py:1, `from core import app` "
            "is found only there (app/core.py)",
        ),
    ),
    "src": (
        {"src/main.py": APP},
        "",
        (
            "main:app is a Flask app: src/main.py:2, `app = Flask(__name__)`",
            "src/ goes first on PYTHONPATH",
        ),
    ),
    "src, as a package": (
        {"src/main.py": APP + "from . import routes\n", "src/routes.py": ""},
        "",
        (
            "src.main:app is a Flask app: src/main.py:2, `app = Flask(__name__)`",
            "imported as src.main: src/main.py has relative imports",
        ),
    ),
    "another name is there": (
        {"main.py": APP + "application = app\n"},
        "",
        (
            "main:app is a Flask app: main.py:2, `app = Flask(__name__)`",
            "also there: application, main.py:3, `application = app`; "
            "VARIABLE_NAME=application takes it",
        ),
    ),
    "another place was passed by": (
        {"main.py": "from quart import Quart\napp = Quart('x')\n", "wsgi.py": APP},
        "",
        (
            "passed by: main.py:2, `app = Quart('x')` makes an app of Quart",
            "wsgi:app is a Flask app: wsgi.py:2, `app = Flask(__name__)`",
        ),
    ),
    "no usual place": (
        {"server.py": APP},
        "",
        (
            "no usual place holds an app, one other file does",
            "server:app is a Flask app: server.py:2, `app = Flask(__name__)`",
        ),
    ),
    "app.py hides app/": (
        {"app/main.py": APP, "app.py": ""},
        "",
        (
            "main:app is a Flask app: app/main.py:2, `app = Flask(__name__)`",
            "app/ goes first on PYTHONPATH: app.py would be imported instead of the folder app/",
        ),
    ),
    "the user's word": (
        {"web/site.py": FLASK + "one = Flask('a')\ntwo = Flask('b')\n"},
        "APP_MODULE=web.site:two&MODULE_NAME=main",
        (
            "APP_MODULE=web.site:two, from pack build --env",
            "MODULE_NAME is overruled by APP_MODULE",
            "web.site:two is a Flask app: web/site.py:3, `two = Flask('b')`",
        ),
    ),
    "two settings": (
        {"web.py": APP + "api = Flask('b')\n"},
        "MODULE_NAME=web&VARIABLE_NAME=api",
        (
            "MODULE_NAME=web, from pack build --env",
            "VARIABLE_NAME=api, from pack build --env",
            "web:api is a Flask app: web.py:3, `api = Flask('b')`",
        ),
    ),
    "the module alone": (
        {"web.py": FACTORY},
        "MODULE_NAME=web",
        (
            "MODULE_NAME=web, from pack build --env",
            "web:create_app() is a Flask app: web.py:2, `def create_app():`",
            "which leads to web.py:3, `return Flask(__name__)`",
        ),
    ),
    "the variable alone": (
        {"main.py": APP, "wsgi.py": FLASK + "api = Flask('x')\n"},
        "VARIABLE_NAME=api",
        (
            "VARIABLE_NAME=api, from pack build --env",
            "wsgi:api is a Flask app: wsgi.py:2, `api = Flask('x')`",
        ),
    ),
    "the user knows better": (
        {"main.py": "from superlib import thing as api\n"},
        "APP_MODULE=main:api",
        (
            "APP_MODULE=main:api, from pack build --env",
            "main:api is taken on your word: main.py:1, `from superlib import thing as api`",
        ),
    ),
    "a call with arguments": (
        {"main.py": FLASK + "def create_app(x, *, y=1):\n    return Flask(x)\n"},
        "APP_MODULE=main:create_app('a', y=[2])",
        (
            "APP_MODULE=main:create_app('a', y=[2]), from pack build --env",
            "main:create_app('a', y=[2]) is a Flask app: main.py:3, `return Flask(x)`",
        ),
    ),
    "a module that only importlib takes": (
        {"my-app.py": APP},
        "APP_MODULE=my-app:app",
        (
            "APP_MODULE=my-app:app, from pack build --env",
            "my-app:app is a Flask app: my-app.py:2, `app = Flask(__name__)`",
        ),
    ),
    "a module in src": (
        {"src/shop/web.py": APP},
        "APP_MODULE=shop.web:app",
        (
            "APP_MODULE=shop.web:app, from pack build --env",
            "shop.web:app is a Flask app: src/shop/web.py:2, `app = Flask(__name__)`",
            "src/ goes first on PYTHONPATH",
        ),
    ),
    "the named module keeps its name": (
        {"app/main.py": "from core import app\n", "app/core.py": APP},
        "MODULE_NAME=app.main",
        (
            "MODULE_NAME=app.main, from pack build --env",
            "app.main:app is a Flask app: app/main.py:1, `from core import app`",
            "which leads to app/core.py:2, `app = Flask(__name__)`",
            "app/ goes first on PYTHONPATH: app/main.py:1, `from core import app` "
            "is found only there (app/core.py)",
        ),
    ),
    "empty settings": (
        {"main.py": APP},
        "APP_MODULE=&MODULE_NAME=  &VARIABLE_NAME=\n",
        ("main:app is a Flask app: main.py:2, `app = Flask(__name__)`",),
    ),
    "space around a setting": (
        {"main.py": APP},
        "APP_MODULE= main:app\n",
        (
            "APP_MODULE=main:app, from pack build --env",
            "main:app is a Flask app: main.py:2, `app = Flask(__name__)`",
        ),
    ),
}


@pytest.mark.parametrize(("files", "said", "lines"), CHOICES.values(), ids=list(CHOICES))
def test_explanation(tmp_path: Path, files: Files, said: str, lines: tuple[str, ...]) -> None:
    assert found(tmp_path, files, said).explain == lines


@pytest.mark.parametrize(
    ("files", "said", "reason", "line"),
    [
        ({"prestart.sh": "", "main.py": "x = 1\n"}, "", "layout", "prestart.sh"),
        ({"app/prestart.sh": "", "app/x.py": ""}, "", "layout", "app/prestart.sh"),
        ({"gunicorn_conf.py": "", "x.py": ""}, "", "layout", "gunicorn_conf.py"),
        ({"app/gunicorn_conf.py": "", "x.py": ""}, "", "layout", "app/gunicorn_conf.py"),
        ({"x.txt": ""}, "BP_FLASK=true", "BP_FLASK", "BP_FLASK=true"),
        (
            {"main.py": "from fastapi import FastAPI\napp = FastAPI()\n"},
            "BP_FLASK=true",
            "BP_FLASK",
            "BP_FLASK=true",
        ),
        (
            {"main.py": FLASK + "def create_app(x):\n    return Flask(x)\n"},
            "BP_FLASK=true",
            "BP_FLASK",
            "BP_FLASK=true",
        ),
    ],
)
def test_named_at_launch(tmp_path: Path, files: Files, said: str, reason: str, line: str) -> None:
    result = answer(tmp_path, files, said)
    assert isinstance(result, NamedAtLaunch)
    assert result.reason == reason
    assert result.explain[0] == (
        f"No app was found; {line} says that it is named when the container starts"
    )
    assert result.imports_flask == ("import Flask" in str(files.get("main.py")))


def test_connexion_needs_a_version_below_3(tmp_path: Path) -> None:
    source = "import connexion\napp = connexion.App('x')\n"
    (need,) = found(tmp_path, {"main.py": source}).needs
    assert (need.distribution, need.at_least, need.below) == ("connexion", (), (3,))
    assert (
        VersionDoesNotFit(need, "3.1.0").explanation.render()
        == """\
Error: connexion 3.1.0 doesn't fit this app

The app is found, but from version 3 on a Connexion app is an ASGI app.

Found:
  main.py:2, `app = connexion.App('x')`
  connexion 3.1.0 was installed

What to do:
  Require connexion<3, or serve the app with an ASGI server, without Flaskpack.
"""
    )


def test_dash_without_server_needs_version_3_1(tmp_path: Path) -> None:
    (need,) = found(tmp_path, {"main.py": "import dash\napp = dash.Dash()\n"}).needs
    assert (need.distribution, need.at_least, need.below) == ("dash", (3, 1), ())
    assert (
        VersionDoesNotFit(need, "2.18.1").explanation.render()
        == """\
Error: dash 2.18.1 doesn't fit this app

The app is found, but before version 3.1 a Dash object can't be called by a server.

Found:
  main.py:2, `app = dash.Dash()`
  dash 2.18.1 was installed

What to do:
  Require dash>=3.1, or give the Flask app inside a name: server = app.server.
"""
    )


def test_dash_with_server_needs_nothing(tmp_path: Path) -> None:
    source = "import dash\napp = dash.Dash()\nserver = app.server\n"
    assert found(tmp_path, {"main.py": source}).needs == ()
