"""An app with many dependencies, of which it imports one."""

# Nothing of it is installed where types are checked.
# mypy: disable-error-code="import-not-found"

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "Hello\n"
