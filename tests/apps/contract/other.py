"""Another app beside the one that is found, with the same names in it."""

from answer import describe
from flask import Flask

app = Flask(__name__)
app.add_url_rule("/", view_func=lambda: describe("other:app"))

api = Flask("api")
api.add_url_rule("/", view_func=lambda: describe("other:api"))
