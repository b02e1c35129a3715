"""A server of a test, which answers until a block ends."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer


@contextmanager
def answering(server: BaseServer, ending: threading.Event) -> Iterator[None]:
    """The server answers in a thread; ``ending`` tells handlers that wait to give up."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        ending.set()
        server.shutdown()
        thread.join()
        server.server_close()
