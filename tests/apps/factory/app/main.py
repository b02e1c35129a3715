"""A factory, and a module beside it that only resolves with the app dir on the path."""

from flask import Flask

from app.answer import greeting


def create_app() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: {"app": greeting()})
    return app
