"""Apps of other frameworks: served where they are WSGI."""

from pathlib import Path

import pytest
from support.app_projects import FACTORY, FLASK, WSGI, found

OTHERS: dict[str, tuple[str, str, str]] = {
    "APIFlask": ("from apiflask import APIFlask\napp = APIFlask(__name__)\n", "app", "APIFlask"),
    "OpenAPI": ("from flask_openapi3 import OpenAPI\napp = OpenAPI('x')\n", "app", "OpenAPI"),
    "Eve": ("from eve import Eve\napp = Eve()\n", "app", "Eve"),
    "Connexion": ("import connexion\napp = connexion.App('x')\n", "app", "Connexion"),
    "Connexion's Flask app": (
        "import connexion\ncnx = connexion.FlaskApp('x')\napp = cnx.app\n",
        "app",
        "Flask",
    ),
    "Dash": ("from dash import Dash\napp = Dash()\n", "app", "Dash"),
    "Dash's server": (
        "from dash import Dash\napp = Dash()\nserver = app.server\n",
        "server",
        "Flask",
    ),
    "Dash on Flask": (
        "from dash import Dash\nfrom flask import Flask\nserver = Flask('x')\n"
        "app = Dash('x', server=server)\n",
        "server",
        "Flask",
    ),
    "Dash in Flask": (
        "from dash import Dash\nfrom flask import Flask\napp = Flask('x')\n"
        "dash = Dash('x', server=app)\n",
        "app",
        "Flask",
    ),
    "Dash by another name": (
        "import dash\ndashboard = dash.Dash()\nweb = dashboard.server\n",
        "web",
        "Flask",
    ),
    "Bottle": ("import bottle\napp = bottle.default_app()\n", "app", "Bottle"),
    "Falcon": ("import falcon\napp = falcon.App()\n", "app", "Falcon"),
    "Django": (
        "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
        "application",
        "Django",
    ),
    "Pyramid": (
        "from pyramid.config import Configurator\nwith Configurator() as c:\n    pass\n"
        "app = Configurator().make_wsgi_app()\n",
        "app",
        "Pyramid",
    ),
    "WSGI": (WSGI, "app", "plain WSGI"),
    "WSGI, the retired image's own": (
        "def app(env, start_response):\n    start_response('200 OK', [])\n",
        "app",
        "plain WSGI",
    ),
    "WSGI, by one parameter": (
        "def application(e, start):\n    return []\n",
        "application",
        "plain WSGI",
    ),
    "WSGI by another name": (WSGI.replace("app(", "simple("), "simple", "plain WSGI"),
    "WSGI lambda": ("app = lambda environ, start_response: []\n", "app", "plain WSGI"),
    "WSGI object": (
        "class Site:\n    def __call__(self, environ, start_response):\n        return []\n"
        "app = Site()\n",
        "app",
        "Site",
    ),
    "WSGI object, inherited": (
        "class Base:\n    def __call__(self, env, start):\n        return []\n"
        "class Site(Base):\n    pass\napplication = Site()\n",
        "application",
        "Site",
    ),
    "werkzeug's decorator": (
        "from werkzeug.wrappers import Request\n@Request.application\ndef app(req):\n    pass\n",
        "app",
        "plain WSGI",
    ),
    "ASGI made WSGI": (
        "from fastapi import FastAPI\nfrom a2wsgi import ASGIMiddleware\n"
        "api = FastAPI()\napp = ASGIMiddleware(api)\n",
        "app",
        "ASGIMiddleware",
    ),
    "socketio's WSGI app": (
        "import socketio\nsio = socketio.Server()\napp = socketio.WSGIApp(sio)\n",
        "app",
        "WSGIApp",
    ),
    "Flask before WSGI": (
        FLASK + WSGI.replace("app(", "old(") + "web = Flask('a')\n",
        "web",
        "Flask",
    ),
    "a factory before WSGI": (FACTORY + WSGI.replace("app(", "old("), "create_app()", "Flask"),
}


@pytest.mark.parametrize(("source", "variable", "framework"), OTHERS.values(), ids=list(OTHERS))
def test_other_framework(tmp_path: Path, source: str, variable: str, framework: str) -> None:
    result = found(tmp_path, {"main.py": source})
    assert (result.app_module, result.framework) == (f"main:{variable}", framework)
    assert result.imports_flask == ("import Flask\n" in source)
