import importlib.metadata

from flask import Flask

app = Flask(__name__)


@app.route("/")
def versions():
    return {name: importlib.metadata.version(name) for name in ("flask", "verse", "six")}
