"""Takes memory: BALLAST MiB when it is loaded, and LEAK KiB more with each request."""

import os

from flask import Flask, request

ballast = [os.urandom(1 << 20) for _ in range(int(os.environ.get("BALLAST", "0")))]
leak = int(os.environ.get("LEAK", "0")) << 10
kept: list[bytes] = []

app = Flask(__name__)


@app.get("/")
def index() -> dict[str, int]:
    return {"pid": os.getpid()}


@app.post("/mark")
def mark() -> bytes:
    kept.append(b"x" * leak)
    return request.get_data()
