"""Serves one request with gunicorn and the engine, and prints what happened as a line of JSON.

Runs on the Python to be tried (3.9 or newer, standard library only), in whatever container,
root folder or emulator that is, with gunicorn and the engine's wheel unpacked on PYTHONPATH.
"""

import http.client
import json
import os
import platform
import socket
import subprocess
import sys
from pathlib import Path

SECONDS = 120


def main() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        command = [sys.executable, "-m", "gunicorn", "-k", "egg:meinheld#gunicorn_worker"]
        process = subprocess.Popen(
            [
                *command,
                "-b",
                f"fd://{listener.fileno()}",
                "-c",
                "gunicorn_conf.py",
                "engine_app:app",
            ],
            pass_fds=[listener.fileno()],
            cwd=Path(__file__).parent,
            env={**os.environ, "HOME": "/tmp"},
        )
        address = listener.getsockname()
        # From here on only gunicorn has it: where gunicorn ends, whoever waits is told.
        listener.close()
        try:
            connection = http.client.HTTPConnection(*address, timeout=SECONDS)
            connection.request("GET", "/hello")
            response = connection.getresponse()
            answer = response.read().decode()
            connection.close()
            process.terminate()
            code = process.wait(SECONDS)
        finally:
            if process.poll() is None:
                process.kill()
    found = {
        "python": "{}.{}".format(*sys.version_info[:2]),
        "libc": platform.libc_ver()[0],
        "machine": platform.machine(),
        "server": response.getheader("Server"),
        "status": response.status,
        "answer": answer,
        "exit": code,
    }
    print(json.dumps(found))


main()
