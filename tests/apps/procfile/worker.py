"""Says which process it is, and works until it is told to end."""

import os
import signal
import sys

signal.signal(signal.SIGTERM, lambda *_: sys.exit(f"{sys.argv[1:]} ended in order"))
print(f"{os.environ['APP_MODULE']} {sys.argv[1:]} process {os.getpid()}", file=sys.stderr)
while True:
    signal.pause()
