"""The environment variables of the included configuration: one table, and its reader.

The table in docs/settings.md is made from SETTINGS; a test compares.
"""

import math
import re
from typing import Any, Callable, Mapping, NamedTuple, Optional

from . import threads


class BadValuesError(Exception):
    """One line for each variable whose value makes no sense."""


class Setting(NamedTuple):
    """A variable; an empty one counts as unset.

    `parse` turns a text into a value and raises ValueError where it can't;
    `allowed` is what a user reads then, and in the docs.
    """

    name: str
    default: str
    allowed: str
    parse: Callable[[str], Any]
    meaning: str


class Values(NamedTuple):
    """The table's values, a field for each row; None is a variable that was not given."""

    workers_per_core: float
    web_concurrency: Optional[int]
    threads: Optional[int]
    preload: bool
    host: str
    port: Optional[int]
    bind: Optional[str]
    log_level: str
    access_log: str
    keep_alive: int
    timeout: int
    graceful_timeout: int
    max_requests: int


def read(environ: Mapping[str, str]) -> Values:
    """The values in an environment; raises BadValuesError with a line for each bad one."""
    values: "dict[str, Any]" = {}
    problems = []
    for setting in SETTINGS:
        text = environ.get(setting.name) or setting.default
        try:
            values[setting.name.lower()] = setting.parse(text) if text else None
        except ValueError:
            problems.append(f"Error: {setting.name} is {text!r}, allowed: {setting.allowed}")
    if problems:
        raise BadValuesError("\n".join(problems))
    return Values(**values)


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        # int() alone would take 1_000 and other scripts' digits.
        if not re.fullmatch(r"\s*[0-9]{1,9}\s*", text) or not lowest <= int(text) <= highest:
            raise ValueError
        return int(text)

    return parse


def _factor(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and 0 < value <= 1000):
        raise ValueError
    return value


def _flag(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True}
    words.update({"0": False, "false": False, "no": False, "off": False})
    try:
        return words[text.lower()]
    except KeyError:
        raise ValueError from None


def _access_log(text: str) -> str:
    """ "", "combined" or "json"; a flag's yes is the form that gunicorn has by itself."""
    if text.lower() in ("combined", "json"):
        return text.lower()
    return "combined" if _flag(text) else ""


def _level(text: str) -> str:
    if text.lower() not in ("debug", "info", "warning", "error", "critical"):
        raise ValueError
    return text.lower()


def _host(text: str) -> str:
    if ":" in text:
        import ipaddress  # takes as long as all the rest

        ipaddress.IPv6Address(text[1:-1] if re.fullmatch(r"\[.+\]", text) else text)
    elif not re.fullmatch(r"[0-9A-Za-z._-]+", text):
        raise ValueError
    return text


def _bind(text: str) -> str:
    for item in text.split(","):
        address = item.strip()
        if not re.fullmatch(r"unix:.+|fd://[0-9]+", address, re.DOTALL):
            host, _, port = address.rpartition(":")
            if ":" in host and not host.startswith("["):
                raise ValueError
            _host(host)
            _whole(1, 65535)(port)
    return text


_FLAG = "1 or 0 (also true/false, yes/no, on/off)"

SETTINGS = (
    Setting(
        "WORKERS_PER_CORE",
        "2",
        "a number above 0, up to 1000",
        _factor,
        "workers for each CPU core that the container may use, as long as its memory holds them; "
        "at least one worker runs",
    ),
    Setting(
        "WEB_CONCURRENCY",
        "",
        "a whole number from 1 to 10000",
        _whole(1, 10000),
        "the number of workers, whatever the cores and the memory",
    ),
    Setting(
        "THREADS",
        "",
        "a whole number from 1 to 1000",
        _whole(1, 1000),
        f"threads of each worker; when not given {threads.DEFAULT}, fewer where the container may "
        "not have so many, or 1 with a worker class that has none",
    ),
    Setting(
        "PRELOAD",
        "0",
        _FLAG,
        _flag,
        "load the app once, before the workers are forked, which then share its memory",
    ),
    Setting(
        "HOST",
        "0.0.0.0",
        "an address (0.0.0.0, ::) or a host's name",
        _host,
        "the address to listen on, inside the container",
    ),
    Setting(
        "PORT",
        "",
        "a port from 1 to 65535",
        _whole(1, 65535),
        "the port to listen on; 80 when not given, or 8080 where 80 needs a privilege",
    ),
    Setting(
        "BIND",
        "",
        "host:port, [IPv6]:port, unix:/path or fd://number, several with commas",
        _bind,
        "where to listen, instead of HOST and PORT",
    ),
    Setting(
        "LOG_LEVEL",
        "info",
        "debug, info, warning, error or critical",
        _level,
        "how much the server logs (on stderr)",
    ),
    Setting(
        "ACCESS_LOG",
        "0",
        f"{_FLAG}, combined or json",
        _access_log,
        "one line for each request, on stdout; 1 is combined",
    ),
    Setting(
        "KEEP_ALIVE",
        "120",
        "a whole number of seconds from 0 to 86400",
        _whole(0, 86400),
        "how long an idle connection stays open",
    ),
    Setting(
        "TIMEOUT",
        "30",
        "a whole number of seconds from 0 to 86400",
        _whole(0, 86400),
        "a worker that is silent for longer is replaced; 0 is never",
    ),
    Setting(
        "GRACEFUL_TIMEOUT",
        "30",
        "a whole number of seconds from 0 to 86400",
        _whole(0, 86400),
        "how long requests may take to end after TERM",
    ),
    Setting(
        "MAX_REQUESTS",
        "0",
        "a whole number from 0 to 999999999",
        _whole(0, 999999999),
        "a worker is renewed after so many requests, and up to a tenth more; 0 is never",
    ),
)
