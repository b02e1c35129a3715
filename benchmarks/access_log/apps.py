"""An application of each kind: WSGI that does nothing, and Flask."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

flask_app = Flask(__name__)
flask_app.add_url_rule("/", view_func=lambda: "Hello!\n")


def plain(_: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """PEP 3333, and no more."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "7")])
    return [b"Hello!\n"]
