"""Takes jobs on a page, and leaves the work to another process of the same image."""

import os
from pathlib import Path
from uuid import uuid4

from flask import Flask, request

jobs = Path(os.environ.get("JOBS", "instance/jobs"))
app = Flask(__name__)


@app.post("/")
def take() -> str:
    job = f"{uuid4()}.job"
    part = jobs / f"{job}.part"
    part.write_bytes(request.get_data())
    part.rename(jobs / job)
    return f"{job}\n"


@app.get("/<job>")
def done(job: str) -> tuple[str, int]:
    answer = (jobs / job).with_suffix(".done")
    return (answer.read_text(), 200) if answer.exists() else ("not yet\n", 404)
