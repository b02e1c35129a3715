"""Answers with what the server gave it."""

from answer import describe
from flask import Flask

app = Flask(__name__)
app.add_url_rule("/", view_func=lambda: describe("main:app"))

api = Flask("api")
api.add_url_rule("/", view_func=lambda: describe("main:api"))
