"""Served by the web process of the Procfile."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def answer() -> dict[str, str]:
    return {"app": "procfile"}
