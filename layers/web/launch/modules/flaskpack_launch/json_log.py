"""gunicorn's logger with an access log of JSON, one object a line.

Loaded by gunicorn where ACCESS_LOG is json. What a client sent is in it as it came, escaped: no
request can forge a line. A key whose value isn't known is left out.
"""

import json
import os
import time
from typing import Any, Mapping, Optional

from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # it has no types

HEADERS = (
    ("referer", "HTTP_REFERER"),
    ("user_agent", "HTTP_USER_AGENT"),
    ("x_forwarded_for", "HTTP_X_FORWARDED_FOR"),
    ("x_request_id", "HTTP_X_REQUEST_ID"),
)
REQUEST = (
    ("remote", "REMOTE_ADDR"),
    ("method", "REQUEST_METHOD"),
    ("target", "RAW_URI"),
    ("protocol", "SERVER_PROTOCOL"),
)


class JsonLogger(Logger):  # type: ignore[misc]  # so its class has no type either
    """Writes each request to where the access log goes."""

    def access(self, resp: Any, req: Any, environ: "Mapping[str, Any]", request_time: Any) -> None:
        """Called by each of gunicorn's workers, and by the engine, when an answer is sent."""
        if not self.cfg.accesslog:
            super().access(resp, req, environ, request_time)
            return
        try:
            self.access_log.info(line(time.time(), resp, environ, request_time.total_seconds()))
        except Exception:  # noqa: BLE001  as gunicorn does: a log must not cost an answer
            self.exception("access log")


def line(now: float, resp: Any, environ: "Mapping[str, Any]", seconds: float) -> str:
    """One request as JSON; `now` is in seconds since 1970."""
    entry: "dict[str, Any]" = {"time": timestamp(now), "process": os.getpid()}
    entry.update((key, environ[name]) for key, name in REQUEST if environ.get(name))
    entry["status"] = status(resp.status)
    entry["bytes"] = getattr(resp, "sent", None) or 0
    entry["seconds"] = round(seconds, 6)
    entry.update((key, environ[name]) for key, name in HEADERS if environ.get(name))
    return json.dumps(entry)


def timestamp(now: float) -> str:
    """RFC 3339, in UTC, with milliseconds."""
    whole, part = divmod(int(now * 1000), 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{part:03}Z"


def status(given: Any) -> Optional[int]:
    """The number in "200 OK", which gunicorn's workers have in bytes, too."""
    text = given.decode("latin-1") if isinstance(given, bytes) else str(given)
    number = text.partition(" ")[0]
    return int(number) if number.isdigit() else None
