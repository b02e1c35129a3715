"""Where an app is found, and which folder goes first on PYTHONPATH."""

from pathlib import Path

import pytest
from support.app_oracle import not_importable
from support.app_projects import APP, FACTORY, FLASK, Files, found

PLACES: dict[str, tuple[Files, str, str]] = {
    "main.py": ({"main.py": APP}, "main:app", ""),
    "app/main.py": ({"app/main.py": APP}, "app.main:app", ""),
    "app/main.py in a package": (
        {"app/main.py": APP, "app/__init__.py": ""},
        "app.main:app",
        "",
    ),
    "app/main.py before main.py": ({"app/main.py": APP, "main.py": APP}, "app.main:app", ""),
    "main.py before app.py": ({"main.py": APP, "app.py": APP}, "main:app", ""),
    "app.py": ({"app.py": APP}, "app:app", ""),
    "wsgi.py": ({"wsgi.py": APP}, "wsgi:app", ""),
    "application.py": ({"application.py": APP}, "application:app", ""),
    "app/__init__.py": ({"app/__init__.py": APP}, "app:app", ""),
    "app/app.py": ({"app/app.py": APP}, "app.app:app", ""),
    "app/wsgi.py": ({"app/wsgi.py": APP}, "app.wsgi:app", ""),
    "app.py before wsgi.py": ({"wsgi.py": APP, "app.py": APP}, "app:app", ""),
    "main.py without an app": ({"main.py": "print('hi')\n", "app.py": APP}, "app:app", ""),
    "empty main.py": ({"main.py": "", "wsgi.py": APP}, "wsgi:app", ""),
    "main.py as a folder": ({"main.py/x.py": APP, "app.py": APP}, "app:app", ""),
    "src/main.py": ({"src/main.py": APP}, "main:app", "src"),
    "src/app.py": ({"src/app.py": APP}, "app:app", "src"),
    "src/main.py with relative imports": (
        {"src/main.py": "from .core import app\n", "src/core.py": APP},
        "src.main:app",
        "",
    ),
    "one package in src": ({"src/shop/__init__.py": APP}, "shop:app", "src"),
    "one package in src, wsgi.py": (
        {"src/shop/__init__.py": "", "src/shop/wsgi.py": APP},
        "shop.wsgi:app",
        "src",
    ),
    "one package beside metadata": (
        {"src/shop/__init__.py": APP, "src/shop.egg-info/PKG-INFO": "", "src/tests/app.py": ""},
        "shop:app",
        "src",
    ),
    "app in src": ({"src/app/main.py": APP}, "app.main:app", "src"),
    "a file at the top": ({"server.py": APP, "util.py": "app = 1\n"}, "server:app", ""),
    "the tutorial's package": ({"flaskr/__init__.py": FACTORY}, "flaskr:create_app()", ""),
    "a package's wsgi.py": (
        {
            "shop/__init__.py": "from shop.core import create_app\n",
            "shop/core.py": FACTORY,
            "shop/wsgi.py": "from shop import create_app\napp = create_app()\n",
        },
        "shop.wsgi:app",
        "",
    ),
    "run.py and manage.py": (
        {
            "shop/__init__.py": FACTORY,
            "run.py": "from shop import create_app\napp = create_app()\n",
            "manage.py": "from shop import create_app\napp = create_app()\n",
        },
        "run:app",
        "",
    ),
    "a usual place first": ({"server.py": APP, "wsgi.py": APP}, "wsgi:app", ""),
    "a factory in need of arguments, called at the top": (
        {
            "app/__init__.py": FLASK + "def create_app(config):\n    return Flask(__name__)\n",
            "flasky.py": "from app import create_app\napp = create_app('default')\n",
        },
        "flasky:app",
        "",
    ),
    "an ASGI app first": (
        {"main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "wsgi.py": APP},
        "wsgi:app",
        "",
    ),
    "a folder beside main.py": ({"main.py": APP, "main/readme.txt": ""}, "main:app", ""),
    "app.py beside a folder app": ({"app.py": APP, "app/static/x.css": ""}, "app:app", ""),
    "app/main.py beside an app.py": (
        {"app/main.py": APP, "app.py": "x = 1\n"},
        "main:app",
        "app",
    ),
}

ROOTS: dict[str, tuple[Files, str, str]] = {
    "imports from inside app/": (
        {"app/main.py": "from core import app\n", "app/core.py": APP},
        "main:app",
        "app",
    ),
    "import of a module inside app/": (
        {"app/main.py": APP + "import models\n", "app/models.py": ""},
        "main:app",
        "app",
    ),
    "import of a package inside app/": (
        {"app/main.py": APP + "from api.users import bp\n", "app/api/users.py": "bp = 1\n"},
        "main:app",
        "app",
    ),
    "import in a function": (
        {"app/main.py": APP + "def f():\n    import models\n", "app/models.py": ""},
        "main:app",
        "app",
    ),
    "there is one at the top too": (
        {"app/main.py": APP + "import models\n", "app/models.py": "", "models.py": ""},
        "app.main:app",
        "",
    ),
    "absolute imports": (
        {"app/main.py": "from app.core import app\n", "app/core.py": APP},
        "app.main:app",
        "",
    ),
    "relative imports": (
        {"app/main.py": "from .core import app\n", "app/core.py": APP},
        "app.main:app",
        "",
    ),
    "relative imports and one from inside": (
        {
            "app/main.py": "from .core import app\nimport models\n",
            "app/core.py": APP,
            "app/models.py": "",
        },
        "app.main:app",
        "app",
    ),
    "from inside, two files on": (
        {
            "app/main.py": "from app.core import app\n",
            "app/core.py": "import models\n" + APP,
            "app/models.py": "",
        },
        "main:app",
        "app",
    ),
    "the standard library's name": (
        {"app/main.py": APP + "import logging\n", "app/logging.py": ""},
        "app.main:app",
        "",
    ),
    "a requirement's name": (
        {
            "app/main.py": APP + "import redis\n",
            "app/redis.py": "",
            "requirements.txt": "Redis>=5\n",
        },
        "app.main:app",
        "",
    ),
    "a requirement's name in pyproject.toml": (
        {
            "app/main.py": APP + "import my_lib\n",
            "app/my_lib.py": "",
            "pyproject.toml": '[project]\ndependencies = ["flask", "my-lib>=2"]\n',
        },
        "app.main:app",
        "",
    ),
    "a known library's name": (
        {"app/main.py": APP + "import flask_cors\n", "app/flask_cors.py": ""},
        "app.main:app",
        "",
    ),
    "main.py with a package in src": (
        {"main.py": "from shop import app\n", "src/shop/__init__.py": APP},
        "main:app",
        "src",
    ),
    "src/main.py with imports from inside": (
        {"src/main.py": "from core import app\n", "src/core.py": APP},
        "main:app",
        "src",
    ),
    "a package in src with imports from inside it": (
        {"src/shop/main.py": APP + "import models\n", "src/shop/models.py": ""},
        "main:app",
        "src/shop",
    ),
    "app/__init__.py with imports from inside": (
        {"app/__init__.py": APP + "import models\n", "app/models.py": ""},
        "app:app",
        "app",
    ),
    "app/__init__.py with imports from inside, main.py without": (
        {"app/__init__.py": "import models\n", "app/models.py": "", "app/main.py": APP},
        "main:app",
        "app",
    ),
}


@pytest.mark.parametrize(
    ("files", "app", "root"), [*PLACES.values(), *ROOTS.values()], ids=[*PLACES, *ROOTS]
)
def test_place(tmp_path: Path, files: Files, app: str, root: str) -> None:
    result = found(tmp_path, files)
    assert (result.app_module, result.import_root) == (app, root)


def test_gunicorn_imports_it(tmp_path: Path) -> None:
    projects = {name: files for name, (files, *_) in (PLACES | ROOTS).items()}
    for name in ROOTS:
        if name.endswith("'s name") or "'s name in " in name:
            del projects[name]  # they import what isn't installed here
    projects["the standard library's name"] = ROOTS["the standard library's name"][0]
    assert not_importable(tmp_path, projects) == ([], "")
