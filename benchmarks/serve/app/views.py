"""One Flask app with a view for each kind of work."""

import itertools
import time
from pathlib import Path

from flask import Flask, Response, jsonify, render_template, request, send_file

app = Flask(__name__)

ROWS = [
    {"number": number, "name": f"Item <{number}>", "price": number * 1.25} for number in range(133)
]
FILE = Path(__file__).with_name("download.bin")
WAIT = 0.05
WORK = 0.02


@app.get("/hello")
def hello() -> Response:
    return jsonify(message="Hello, World!")


@app.get("/page")
def page() -> str:
    return render_template("page.html", rows=ROWS)


@app.post("/upload")
def upload() -> Response:
    return jsonify(bytes=len(request.get_data()))


@app.get("/download")
def download() -> Response:
    return send_file(FILE, mimetype="application/octet-stream")


@app.get("/wait")
def wait() -> Response:
    """As a view does that waits for a database."""
    time.sleep(WAIT)
    return jsonify(message="Hello, World!")


@app.get("/work")
def work() -> Response:
    """So many seconds of the processor, however often others have it meanwhile."""
    end = time.thread_time() + WORK
    while time.thread_time() < end:
        pass
    return jsonify(message="Hello, World!")


turns = itertools.count()


@app.get("/mixed")
def mixed() -> Response:
    """Of ten requests one computes, three wait, and six do neither."""
    turn = next(turns) % 10
    return work() if turn == 0 else wait() if turn < 4 else hello()
