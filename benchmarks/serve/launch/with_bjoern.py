"""with_bjoern.py PORT PROCESSES MODULE: as bjoern's README and tests/fork.py show it."""

import importlib
import os
import sys

import bjoern

port, processes = map(int, sys.argv[1:3])
app = importlib.import_module(sys.argv[3]).app
bjoern.listen(app, "127.0.0.1", port)
for _ in range(processes - 1):
    if os.fork() == 0:
        break
bjoern.run()
