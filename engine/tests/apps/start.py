"""Runs the engine again and again, each time in a process of its own with one allocation failing.

The engine's Python runs this with failing_malloc preloaded. Prints for how many allocations run()
raised what it should, for how many it ran all the same, and a line for each other end. With
"count" it runs once, and prints how many allocations there are.
"""

import collections
import mmap
import os
import signal
import socket
import struct
import sys
import traceback
from pathlib import Path

from meinheld import server

RAN, RAISED, OTHER = 0, 1, 2
ARMED, COUNTED = struct.Struct("3q"), struct.Struct("q")


def main():
    with Path(os.environ["FAILING_MALLOC"]).open("r+b") as file:
        control = mmap.mmap(file.fileno(), mmap.PAGESIZE)
    start(control, 0)
    (count,) = COUNTED.unpack_from(control, ARMED.size)
    if sys.argv[1:] == ["count"]:
        print(count)
        return
    ends = collections.Counter(start(control, number) for number in range(1, count + 1))
    print(ends.pop(RAISED, 0), ends.pop(RAN, 0))
    for status, times in ends.items():
        print("exit code", status, "times", times)


def start(control, number):
    """How a process ended in which the allocation of that number failed."""
    COUNTED.pack_into(control, ARMED.size, 0)
    child = os.fork()
    if child == 0:
        os._exit(run(control, number))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(control, number):
    signal.alarm(10)
    listener = socket.create_server(("127.0.0.1", 0))
    server.set_listen_socket([listener.fileno()])
    server.set_watchdog(lambda: server.stop(1))
    ARMED.pack_into(control, 0, os.getpid(), number, 0)
    try:
        server.run(app)
    except (MemoryError, OSError):
        return RAISED
    except SystemError:
        traceback.print_exc()
        return OTHER
    return RAN


def app(_environ, _start_response):
    return []


main()
