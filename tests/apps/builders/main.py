import sys

from flask import Flask

app = Flask(__name__)


@app.get("/")
def python() -> dict[str, str]:
    return {"python": ".".join(map(str, sys.version_info[:2]))}
