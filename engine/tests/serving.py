"""What these tests take from the harness."""

from harness.servers import APPS, ENGINE, Server, serving
from harness.wire import body, read_all, read_response, status, wait_until, without_date

__all__ = [
    "APPS",
    "ENGINE",
    "Server",
    "body",
    "read_all",
    "read_response",
    "serving",
    "status",
    "wait_until",
    "without_date",
]
