"""Projects that are none of ours: what detect says of them."""

from pathlib import Path

import pytest
from support.app_projects import Files, answer

from buildpack.app_finder import NotOurs
from buildpack.errors.app import NothingToBuild, not_ours

LOOKED_FOR = (
    "  looked for an app in: app/main.py, main.py, app.py, wsgi.py, application.py, "
    "app/__init__.py, app/app.py, app/wsgi.py, app/application.py, src/ (the same names), "
    "or the one package in it, another file or package there, if only one has a Flask app\n"
)
OTHERWISE = (
    "If the app is elsewhere, name it: pack build --env APP_MODULE=the.module:the_variable\n"
    "If it is named when the container starts: pack build --env BP_FLASK=true\n"
)
UVICORN = (
    "{} apps run in an ASGI server, uvicorn for example; Flaskpack serves WSGI apps. Use another "
    "Python buildpack, with a Procfile: web: uvicorn main:app --host 0.0.0.0 --port $PORT\n"
)
OWN = (
    "{} has a server of its own; Flaskpack serves WSGI apps. Use another "
    "Python buildpack, with a Procfile: web: python main.py\n"
)
FUNCTION = (
    "import functions_framework\nfrom flask import jsonify, request\n"
    "@functions_framework.http\ndef hello(request):\n    return jsonify(x=1)\n"
)
STRANGERS: dict[str, tuple[Files, str]] = {
    "nothing": ({}, f"{LOOKED_FOR}  there is: nothing\n{OTHERWISE}"),
    "another language": (
        {"package.json": "{}", "src/index.js": ""},
        f"{LOOKED_FOR}  there is: package.json, src/\n{OTHERWISE}",
    ),
    "a script": ({"main.py": "print(1)\n"}, f"{LOOKED_FOR}  there is: main.py\n{OTHERWISE}"),
    "a Cloud Function": (
        {"main.py": FUNCTION, "requirements.txt": "flask\nfunctions-framework\n"},
        f"{LOOKED_FOR}  there is: main.py, requirements.txt\n{OTHERWISE}",
    ),
    "a Lambda": (
        {"app.py": "def handler(event, context):\n    pass\n"},
        f"{LOOKED_FOR}  there is: app.py\n{OTHERWISE}",
    ),
    "a Lambda called app": (
        {"app.py": "def app(event, context):\n    pass\n"},
        f"{LOOKED_FOR}  there is: app.py\n{OTHERWISE}",
    ),
    "many files": (
        {f"m{number:02}.txt": "" for number in range(15)},
        f"{LOOKED_FOR}  there is: "
        + ", ".join(f"m{number:02}.txt" for number in range(12))
        + f", and 3 more\n{OTHERWISE}",
    ),
    "FastAPI": (
        {"main.py": "from fastapi import FastAPI\napp = FastAPI()\n"},
        f"  FastAPI app: main.py:2, `app = FastAPI()`\n{LOOKED_FOR}  there is: main.py\n"
        + UVICORN.format("FastAPI"),
    ),
    "FastAPI with the old layout": (
        {"app/main.py": "import fastapi\napp = fastapi.FastAPI()\n", "prestart.sh": ""},
        f"  FastAPI app: app/main.py:2, `app = fastapi.FastAPI()`\n{LOOKED_FOR}"
        f"  there is: app/, prestart.sh\n" + UVICORN.format("FastAPI"),
    ),
    "FastAPI from a factory": (
        {"main.py": "import fastapi\ndef create_app():\n    return fastapi.FastAPI()\n"},
        f"  FastAPI app: main.py:3, `return fastapi.FastAPI()`\n{LOOKED_FOR}"
        f"  there is: main.py\n" + UVICORN.format("FastAPI"),
    ),
    "Flask mounted in FastAPI": (
        {
            "main.py": "from fastapi import FastAPI\nfrom flask import Flask\n"
            "old = Flask('x')\napp = FastAPI()\napp.mount('/old', old)\n"
        },
        f"  FastAPI app: main.py:4, `app = FastAPI()`\n{LOOKED_FOR}  there is: main.py\n"
        + UVICORN.format("FastAPI"),
    ),
    "Starlette": (
        {"app.py": "from starlette.applications import Starlette\napp = Starlette()\n"},
        f"  Starlette app: app.py:2, `app = Starlette()`\n{LOOKED_FOR}  there is: app.py\n"
        + UVICORN.format("Starlette"),
    ),
    "Quart": (
        {"main.py": "from quart import Quart\napp = Quart(__name__)\n"},
        f"  Quart app: main.py:2, `app = Quart(__name__)`\n{LOOKED_FOR}  there is: main.py\n"
        + UVICORN.format("Quart"),
    ),
    "a subclass of Quart": (
        {"main.py": "from quart import Quart\nclass My(Quart):\n    pass\napp = My('x')\n"},
        f"  Quart app: main.py:4, `app = My('x')`\n{LOOKED_FOR}  there is: main.py\n"
        + UVICORN.format("Quart"),
    ),
    "plain ASGI": (
        {"main.py": "async def app(scope, receive, send):\n    pass\n"},
        "  plain ASGI app: main.py:1, `async def app(scope, receive, send):`\n"
        f"{LOOKED_FOR}  there is: main.py\n" + UVICORN.format("plain ASGI"),
    ),
    "Dash on FastAPI": (
        {
            "main.py": "import dash\nfrom fastapi import FastAPI\nserver = FastAPI()\n"
            "app = dash.Dash(server=server)\n"
        },
        f"  Dash on FastAPI app: main.py:4, `app = dash.Dash(server=server)`\n{LOOKED_FOR}"
        "  there is: main.py\n" + UVICORN.format("Dash on FastAPI"),
    ),
    "aiohttp": (
        {"main.py": "from aiohttp import web\napp = web.Application()\n"},
        f"  aiohttp app: main.py:2, `app = web.Application()`\n{LOOKED_FOR}  there is: main.py\n"
        + OWN.format("aiohttp"),
    ),
    "broken, but no Flask": (
        {"main.py": "print 1\n"},
        f"{LOOKED_FOR}  there is: main.py is not valid Python, main.py\n{OTHERWISE}",
    ),
}


@pytest.mark.parametrize(("files", "text"), STRANGERS.values(), ids=list(STRANGERS))
def test_none_of_ours(tmp_path: Path, files: Files, text: str) -> None:
    result = answer(tmp_path, files)
    assert isinstance(result, NotOurs), result
    assert not_ours(result) == f"No Flask app was found.\n{text}"


def test_build_without_an_app(tmp_path: Path) -> None:
    result = answer(tmp_path, {"main.py": ""})
    assert isinstance(result, NotOurs)
    assert NothingToBuild(result).explanation.render() == (
        "Error: no Flask app was found\n\n"
        "The app is found by reading the project's code; none is there.\n\n"
        f"Found:\n{LOOKED_FOR}  there is: main.py\n\nWhat to do:\n"
        "  1. If the app is elsewhere, name it: "
        "pack build --env APP_MODULE=the.module:the_variable\n"
        "  2. If it is named when the container starts: pack build --env BP_FLASK=true\n"
    )
