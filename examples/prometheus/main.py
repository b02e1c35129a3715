"""Counts its requests, and shows the numbers to Prometheus at /metrics."""

from flask import Flask
from prometheus_client import Counter, make_wsgi_app
from werkzeug.middleware.dispatcher import DispatcherMiddleware

app = Flask(__name__)
visits = Counter("visits", "Visits of the front page")


@app.get("/")
def hello() -> str:
    visits.inc()
    return "Hello!\n"


app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/metrics": make_wsgi_app()})
