"""with_waitress.py PORT PROCESSES MODULE THREADS: processes that share a listening socket.

waitress is one process; it takes sockets that are listening already (its argument ``sockets``).
"""

import importlib
import os
import socket
import sys

import waitress

port, processes = map(int, sys.argv[1:3])
app = importlib.import_module(sys.argv[3]).app
listener = socket.create_server(("127.0.0.1", port), backlog=2048)
for _ in range(processes - 1):
    if os.fork() == 0:
        break
waitress.serve(
    app,
    sockets=[listener],
    threads=int(sys.argv[4]),
    connection_limit=2000,
    asyncore_use_poll=True,
)
