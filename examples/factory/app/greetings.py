"""A part of the app."""

from flask import Blueprint, current_app

greetings = Blueprint("greetings", __name__)


@greetings.get("/")
def hello() -> str:
    return f"Hello, {current_app.config['NAME']}!\n"
