"""An application factory: the build finds `create_app` by reading this file."""

import os

from flask import Flask

from app.greetings import greetings


def create_app(name: str | None = None) -> Flask:
    """The app; what differs from place to place comes from the environment."""
    app = Flask(__name__)
    app.config["NAME"] = name or os.environ.get("NAME", "world")
    app.register_blueprint(greetings)
    return app
