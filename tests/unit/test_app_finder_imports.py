"""Apps that come from other files of the project."""

from pathlib import Path

import pytest
from support.app_oracle import not_importable
from support.app_projects import APP, FACTORY, FLASK, Files, found

IMPORTS: dict[str, tuple[Files, str]] = {
    "from app import app": (
        {"main.py": "from app import app\n", "app/__init__.py": APP},
        "main:app",
    ),
    "under another name": (
        {"main.py": "from web import site as app\n", "web.py": FLASK + "site = Flask('a')\n"},
        "main:app",
    ),
    "import of a module": (
        {"main.py": "import web\napp = web.site\n", "web.py": FLASK + "site = Flask('a')\n"},
        "main:app",
    ),
    "import of a module in a package": (
        {"main.py": "import a.b\napp = a.b.app\n", "a/b.py": APP},
        "main:app",
    ),
    "import of a module in a package, as": (
        {"main.py": "import a.b as c\napp = c.app\n", "a/__init__.py": "", "a/b.py": APP},
        "main:app",
    ),
    "from package import module": (
        {"main.py": "from a import b\napp = b.app\n", "a/b.py": APP},
        "main:app",
    ),
    "through three files": (
        {
            "main.py": "from a import app\n",
            "a.py": "from b import x as app\n",
            "b.py": FLASK + "x = Flask('a')\n",
        },
        "main:app",
    ),
    "star": ({"main.py": "from a import *\n", "a.py": APP}, "main:app"),
    "star of two, the second has it": (
        {"main.py": "from a import *\nfrom b import *\n", "a.py": "x = 1\n", "b.py": APP},
        "main:app",
    ),
    "star through __all__": (
        {"main.py": "from a import *\n", "a.py": "__all__ = ['app']\n" + APP},
        "main:app",
    ),
    "a factory": (
        {"main.py": "from factory import create_app\napp = create_app()\n", "factory.py": FACTORY},
        "main:app",
    ),
    "a factory with arguments": (
        {
            "main.py": "from a import create_app\napp = create_app('x', debug=True)\n",
            "a.py": FLASK + "def create_app(config, debug):\n    return Flask('a')\n",
        },
        "main:app",
    ),
    "a factory, not called": (
        {"main.py": "from factory import create_app\n", "factory.py": FACTORY},
        "main:create_app()",
    ),
    "a factory, called as a script": (
        {
            "main.py": "from f import create_app\nif __name__ == '__main__':\n    create_app()\n",
            "f.py": FACTORY,
        },
        "main:create_app()",
    ),
    "a relative factory": (
        {
            "app/main.py": "from .factory import create_app\napp = create_app()\n",
            "app/factory.py": FACTORY,
        },
        "app.main:app",
    ),
    "two dots": (
        {
            "app/main.py": "from .web.site import app\n",
            "app/web/site.py": "from ..core import app\n",
            "app/core.py": APP,
        },
        "app.main:app",
    ),
    "from . import": (
        {"app/main.py": "from . import core\napp = core.app\n", "app/core.py": APP},
        "app.main:app",
    ),
    "from . import of the package's name": (
        {"app/main.py": "from . import app\n", "app/__init__.py": APP},
        "app.main:app",
    ),
    "a subclass from another file": (
        {
            "main.py": "from a import My\napp = My('x')\n",
            "a.py": FLASK + "class My(Flask):\n    pass\n",
        },
        "main:app",
    ),
    "Flask from another file": (
        {"main.py": "from a import Flask\napp = Flask('x')\n", "a.py": FLASK},
        "main:app",
    ),
    "try one import, then the other": (
        {
            "main.py": "try:\n    from a.x import app\n"
            "except ImportError:\n    from core import app\n",
            "core.py": APP,
        },
        "main:app",
    ),
    "an app with routes in a circle": (
        {
            "app/__init__.py": APP + "from app import routes\n",
            "app/routes.py": "from app import app\n",
            "wsgi.py": "from app import app\n",
        },
        "wsgi:app",
    ),
    "an imported one beside the file's own": (
        {
            "main.py": FLASK + "from a import other\nmine = Flask('a')\n",
            "a.py": FLASK + "other = Flask('b')\n",
        },
        "main:mine",
    ),
    "a package before a module": (
        {"main.py": "from web import app\n", "web/__init__.py": APP, "web.py": "app = 1\n"},
        "main:app",
    ),
    "a module before a folder": (
        {"main.py": "from web import app\n", "web/x.py": "app = 1\n", "web.py": APP},
        "main:app",
    ),
    "a folder called flask": ({"main.py": APP, "flask/Dockerfile": ""}, "main:app"),
    "a folder with a space": ({"main.py": APP, "my folder/x y.py": APP}, "main:app"),
    "a bound method of an imported object": (
        {
            "main.py": "from a import maker\napp = maker.make()\n",
            "a.py": FLASK
            + "class Maker:\n    def make(self):\n        return Flask('a')\nmaker = Maker()\n",
        },
        "main:app",
    ),
}


@pytest.mark.parametrize(("files", "app"), IMPORTS.values(), ids=list(IMPORTS))
def test_import(tmp_path: Path, files: Files, app: str) -> None:
    result = found(tmp_path, files)
    assert (result.app_module, result.framework) == (app, "Flask")
    assert result.imports_flask


def test_gunicorn_imports_it(tmp_path: Path) -> None:
    projects = {name: files for name, (files, _) in IMPORTS.items()}
    assert not_importable(tmp_path, projects) == ([], "")
