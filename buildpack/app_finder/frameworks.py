"""What the libraries that stand around Flask give: apps, wrappers, extensions.

Read from their documentation and sources; a library that is missing here is treated as
unknown, which is enough where the variable is called ``app``.
"""

import re
from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "flask",  # makes a Flask app
    "dash",  # makes an object with a Flask app as .server
    "connexion",  # makes an object with a Flask app as .app, WSGI below version 3 only
    "wsgi",  # makes another WSGI app
    "asgi",  # makes an ASGI app, or an app with a server of its own
    "wrapper",  # makes a WSGI app around the one it gets
    "to wsgi",  # makes a WSGI app of an ASGI app
    "to asgi",  # makes an ASGI app of a WSGI app
    "decorator",  # turns the function below into a WSGI app
    "extension",  # works on the app that it gets, gives back none
]


@dataclass(frozen=True)
class Known:
    """What a callable of a library makes, and the name that people know it by."""

    role: Role
    label: str


def known(name: str) -> Known | None:
    """What the callable of this dotted name makes, None where nobody knows."""
    found = _BY_NAME.get(name)
    if found:
        return found
    top, _, rest = name.partition(".")
    last = rest.rpartition(".")[2]
    if top.startswith("flask_") and _CLASS_NAME.fullmatch(last) and not _WRAPS.search(last):
        return Known("extension", last)
    if top == "werkzeug" and last in _WERKZEUG_WRAPPERS:
        return Known("wrapper", last)
    return None


def knows_library(top: str) -> bool:
    """Whether a top-level module is one of the libraries in the tables below."""
    return top in _LIBRARIES


def own_server(label: str) -> bool:
    """Whether this framework runs in a server of its own, not in an ASGI server."""
    return label in _OWN_SERVER


_CLASS_NAME = re.compile(r"[A-Z]\w*")
_WRAPS = re.compile(r"Middleware$|Fix$|Proxied$|Wrapper$|App(lication)?$")
_WERKZEUG_WRAPPERS = {
    "ProxyFix",
    "DispatcherMiddleware",
    "SharedDataMiddleware",
    "ProfilerMiddleware",
    "HTTPProxyMiddleware",
    "ProxyMiddleware",
    "LintMiddleware",
    "DebuggedApplication",
    "HeaderRewriterFix",
    "PathInfoFromRequestUriFix",
    "CGIRootFix",
    "LighttpdCGIRootFix",
    "InternetExplorerFix",
}

_TABLE: dict[Role, str] = {
    "flask": """
        flask.Flask flask.app.Flask apiflask.APIFlask apiflask.app.APIFlask
        flask_openapi3.OpenAPI flask_openapi3.openapi.OpenAPI flask_api.FlaskAPI
        flask_api.app.FlaskAPI flask_lambda.FlaskLambda eve.Eve eve.flaskapp.Eve
        functions_framework.create_app mlflow.server.app airflow.www.app.create_app
        airflow.www.app.cached_app superset.app.create_app redash.create_app CTFd.create_app
    """,
    "dash": """
        dash.Dash dash.dash.Dash jupyter_dash.JupyterDash dash_extensions.enrich.DashProxy
        dash_extensions.enrich.Dash dash_extensions.DashProxy
    """,
    "connexion": """
        connexion.App connexion.FlaskApp connexion.apps.flask.FlaskApp
        connexion.apps.flask_app.FlaskApp
    """,
    "wsgi": """
        bottle.Bottle bottle.app bottle.default_app falcon.App falcon.API
        django.core.wsgi.get_wsgi_application pyramid.config.Configurator().make_wsgi_app
        web.application().wsgifunc webapp2.WSGIApplication cherrypy.Application cherrypy.tree.mount
        socketio.WSGIApp socketio.Middleware engineio.WSGIApp engineio.Middleware
        spyne.server.wsgi.WsgiApplication prometheus_client.make_wsgi_app werkzeug.Response
        werkzeug.wrappers.Response werkzeug.exceptions.NotFound vizro.Vizro().build
        wsgidav.wsgidav_app.WsgiDAVApp tg.AppConfig().make_wsgi_app paste.deploy.loadapp
        hug.API().http.server morepath.App molten.App
    """,
    "asgi": """
        fastapi.FastAPI fastapi.applications.FastAPI starlette.applications.Starlette
        quart.Quart quart.app.Quart quart_trio.QuartTrio litestar.Litestar litestar.app.Litestar
        starlite.Starlite blacksheep.Application blacksheep.server.Application falcon.asgi.App
        responder.API esmerald.Esmerald muffin.Application xpresso.App
        django.core.asgi.get_asgi_application channels.routing.ProtocolTypeRouter
        socketio.ASGIApp engineio.ASGIApp connexion.AsyncApp connexion.AioHttpApp
        fasthtml.common.FastHTML fasthtml.FastHTML gradio.mount_gradio_app nicegui.app
        sanic.Sanic sanic.app.Sanic robyn.Robyn aiohttp.web.Application tornado.web.Application
        microdot.Microdot panther.Panther ninja.NinjaAPI
    """,
    "wrapper": """
        werkzeug.contrib.fixers.ProxyFix werkzeug.wsgi.DispatcherMiddleware
        whitenoise.WhiteNoise whitenoise.base.WhiteNoise beaker.middleware.SessionMiddleware
        opentelemetry.instrumentation.wsgi.OpenTelemetryMiddleware
        sentry_sdk.integrations.wsgi.SentryWsgiMiddleware raven.middleware.Sentry
        newrelic.agent.WSGIApplicationWrapper newrelic.agent.wsgi_application()
        newrelic.agent.WebTransactionWrapper paste.translogger.TransLogger
        dj_static.Cling static.Cling google.appengine.api.wrap_wsgi_app
        ddtrace.contrib.wsgi.DDWSGIMiddleware elasticapm.contrib.wsgi.ElasticAPM
        wsgicors.CORS webtest.TestApp
    """,
    "to wsgi": "a2wsgi.ASGIMiddleware a2wsgi.asgi.ASGIMiddleware",
    "to asgi": """
        asgiref.wsgi.WsgiToAsgi a2wsgi.WSGIMiddleware a2wsgi.wsgi.WSGIMiddleware
        uvicorn.middleware.wsgi.WSGIMiddleware starlette.middleware.wsgi.WSGIMiddleware
        fastapi.middleware.wsgi.WSGIMiddleware hypercorn.middleware.AsyncioWSGIMiddleware
        hypercorn.middleware.TrioWSGIMiddleware
    """,
    "decorator": """
        werkzeug.Request.application werkzeug.wrappers.Request.application werkzeug.wsgi.responder
        werkzeug.wrappers.BaseRequest.application webob.dec.wsgify
    """,
    "extension": """
        flasgger.Swagger prometheus_flask_exporter.PrometheusMetrics
        elasticapm.contrib.flask.ElasticAPM aws_xray_sdk.ext.flask.middleware.XRayMiddleware
        raven.contrib.flask.Sentry authlib.integrations.flask_client.OAuth spectree.SpecTree
        opencensus.ext.flask.flask_middleware.FlaskMiddleware mangum.Mangum celery.Celery
        tornado.wsgi.WSGIContainer
    """,
}

_LABELS = {
    "django.core.wsgi.get_wsgi_application": "Django",
    "django.core.asgi.get_asgi_application": "Django (ASGI)",
    "pyramid.config.Configurator().make_wsgi_app": "Pyramid",
    "falcon.App": "Falcon",
    "falcon.API": "Falcon",
    "falcon.asgi.App": "Falcon (ASGI)",
    "bottle.app": "Bottle",
    "bottle.default_app": "Bottle",
    "connexion.App": "Connexion",
    "connexion.FlaskApp": "Connexion",
    "connexion.AsyncApp": "Connexion (ASGI)",
    "connexion.AioHttpApp": "aiohttp",
    "aiohttp.web.Application": "aiohttp",
    "tornado.web.Application": "Tornado",
    "vizro.Vizro().build": "Vizro",
}
_OWN_SERVER = {"aiohttp", "Tornado", "Robyn"}


def _label(name: str, role: Role) -> str:
    if role == "connexion":
        return "Connexion"
    if name in _LABELS:
        return _LABELS[name]
    last = name.rpartition(".")[2]
    return last if last[:1].isupper() and last != "App" else name.partition(".")[0].capitalize()


_BY_NAME = {
    name: Known(role, _label(name, role))
    for role, names in _TABLE.items()
    for name in names.split()
}
_EXTENSIONS = [
    "flask_admin",
    "flask_appbuilder",
    "flask_apscheduler",
    "flask_assets",
    "flask_babel",
    "flask_bcrypt",
    "flask_bootstrap",
    "flask_caching",
    "flask_cors",
    "flask_compress",
    "flask_debugtoolbar",
    "flask_httpauth",
    "flask_jwt",
    "flask_jwt_extended",
    "flask_limiter",
    "flask_login",
    "flask_mail",
    "flask_marshmallow",
    "flask_migrate",
    "flask_moment",
    "flask_mongoengine",
    "flask_principal",
    "flask_pymongo",
    "flask_restful",
    "flask_restplus",
    "flask_restx",
    "flask_script",
    "flask_security",
    "flask_session",
    "flask_smorest",
    "flask_socketio",
    "flask_sock",
    "flask_sqlalchemy",
    "flask_talisman",
    "flask_uploads",
    "flask_wtf",
]
_LIBRARIES = {name.partition(".")[0] for name in _BY_NAME} - {"static", "web", "ninja", "tg"}
_LIBRARIES |= {*_EXTENSIONS}
