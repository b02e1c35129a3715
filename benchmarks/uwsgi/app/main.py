"""A page and a little JSON; `wait` is a view that waits for a database."""

import time

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "Hello!\n"


@app.get("/json")
def some_json() -> dict[str, object]:
    return {"items": [{"id": number, "name": f"item {number}"} for number in range(20)]}


@app.get("/wait")
def wait() -> str:
    time.sleep(0.02)
    return "Hello!\n"
