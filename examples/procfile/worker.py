"""Does the jobs, one after another, until it is told to end."""

import os
import signal
from pathlib import Path
from threading import Event

jobs = Path(os.environ.get("JOBS", "instance/jobs"))
ending = Event()
signal.signal(signal.SIGTERM, lambda *_: ending.set())

print("worker: ready", flush=True)
while not ending.wait(0.2):
    for job in sorted(jobs.glob("*.job")):
        job.with_suffix(".done").write_text(job.read_text().upper())
        job.unlink()
print("worker: the job that was begun is done", flush=True)
