"""An app to be operated: views that wait, hang, fail, and say who answered."""

import os
import sys
import time

from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def answer() -> tuple[dict[str, object], int]:
    """Whose status may be chosen for the whole container, by the variable STATUS."""
    return {"process": os.getpid()}, int(os.environ.get("STATUS", "200"))


@app.get("/sleep/<float:seconds>")
def sleep(seconds: float) -> dict[str, object]:
    say("sleeps")
    time.sleep(seconds)
    return {"process": os.getpid(), "slept": seconds}


@app.get("/hang")
def hang() -> str:
    say("hangs")
    while True:
        stay_for_ever()


def stay_for_ever() -> None:
    time.sleep(3600)


@app.get("/raise")
def fail() -> str:
    raise RuntimeError("asked for")


@app.get("/seen")
def seen() -> dict[str, object]:
    """What a proxy in front, or none, makes of a request."""
    return {
        "url": request.url,
        "scheme": request.scheme,
        "remote": request.remote_addr,
        "forwarded": request.headers.get("X-Forwarded-For"),
    }


@app.route("/mark/<name>", methods=["GET", "POST"])
def marked(name: str) -> str:
    """Answers with the name; the access log has it too."""
    return f"\nran {name}\n"


@app.post("/mark")
def mark() -> bytes:
    return request.get_data()


def say(what: str) -> None:
    """On standard error, for whoever waits for it."""
    print(f"process {os.getpid()} {what}", file=sys.stderr)


say("is loaded")
