"""Where packages come from, and how they are reached.

What the user's variables say wins over bindings. Both are given to uv as if they stood on
its command line, so they win over what requirements files and pyproject.toml say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from buildpack.bindings.bound import PYTHON_MIRROR, Bound
from buildpack.errors.settings import BadSetting
from buildpack.seconds import whole_seconds

INDEX_VARIABLES = {
    "UV_DEFAULT_INDEX": "UV_DEFAULT_INDEX",
    "UV_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "UV_INDEX": "UV_INDEX",
    "UV_EXTRA_INDEX_URL": "UV_EXTRA_INDEX_URL",
    "PIP_EXTRA_INDEX_URL": "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "UV_INDEX_STRATEGY": "UV_INDEX_STRATEGY",
}
"""The user's variable, and uv's that takes its value; the first that is set wins."""

IN_WORDS = {
    "UV_DEFAULT_INDEX": "the package index",
    "UV_INDEX": "the list of named package indexes",
    "UV_EXTRA_INDEX_URL": "the list of extra package indexes",
    "UV_FIND_LINKS": "the list of pages with links",
    "UV_INDEX_STRATEGY": "the way to choose among indexes",
}
"""What a variable of uv stands for, whichever variable or binding the user gave it by."""

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

REACH_VARIABLES = {
    "UV_INSECURE_HOST": "UV_INSECURE_HOST",
    "PIP_TRUSTED_HOST": "UV_INSECURE_HOST",
    "UV_HTTP_TIMEOUT": "UV_HTTP_TIMEOUT",
    "PIP_TIMEOUT": "UV_HTTP_TIMEOUT",
    "PIP_DEFAULT_TIMEOUT": "UV_HTTP_TIMEOUT",
    "UV_HTTP_RETRIES": "UV_HTTP_RETRIES",
    "PIP_RETRIES": "UV_HTTP_RETRIES",
    # In both spellings: git and curl don't read HTTP_PROXY.
    **{name: name for proxy in PROXIES for name in (proxy, proxy.lower())},
}
"""The same for what decides how something is reached, not what is installed."""

STRATEGIES = ("first-index", "unsafe-first-match", "unsafe-best-match")
TOKEN_BEFORE = "x-oauth-basic"
"""The password of those who give their token as the user name: GitHub's way."""

_PASSWORD = re.compile(
    r"\b(?:login\s+(\S+)\s+)?password\s+(?:\"((?:[^\"\\]|\\.)*)\"|(\S+))", re.DOTALL
)
_PARTS = ("USERNAME", "PASSWORD")
_LOGIN = re.compile(rf"(UV_INDEX_[A-Z0-9_]+)_(?:{'|'.join(_PARTS)})")
_USERINFO = re.compile(r"://([^/?#\s]*)@")
_QUERY = re.compile(r"[?&][^=&\s]+=([^&#\s]+)")
_PATH = re.compile(r"://[^/?#\s]+/([^?#\s]*)")
_TOKEN = re.compile(
    r"(?=\D*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.IGNORECASE,
)
"""What in a path is more likely a token than a name: some services take it there."""


@dataclass(frozen=True)
class Network:
    """``index`` and ``reach`` are variables for uv, ``arguments`` words for its install of the
    user's requirements; ``python_mirror`` are the variables of ``uv python install``.
    ``netrc`` and ``certificates`` (PEM blocks) are contents of files, or empty.

    Nothing of it is ever logged: values may be secrets.
    """

    index: Mapping[str, str] = field(default_factory=dict, repr=False)
    reach: Mapping[str, str] = field(default_factory=dict, repr=False)
    python_mirror: Mapping[str, str] = field(default_factory=dict, repr=False)
    arguments: tuple[str, ...] = field(default=(), repr=False)
    netrc: str = field(default="", repr=False)
    certificates: str = field(default="", repr=False)

    def keyed(self) -> Mapping[str, str]:
        """What decides which packages are installed, by names that a user understands."""
        options = {"pip.conf": " ".join(self.arguments)} if self.arguments else {}
        return {**{IN_WORDS[name]: value for name, value in self.index.items()}, **options}

    def secrets(self) -> tuple[str, ...]:
        """Every password and token, as given and unquoted, to be hidden wherever it stands."""
        found = list(_of_netrc(self.netrc))
        for index in dict.fromkeys(_LOGIN.sub(r"\1", name) for name in self.reach):
            user, password = (self.reach.get(f"{index}_{part}", "") for part in _PARTS)
            found += _of_login(user, password)
        proxies = (value for name, value in self.reach.items() if name.upper() in PROXIES)
        for address in (*self.index.values(), *self.python_mirror.values(), *proxies):
            for login in _USERINFO.findall(address):
                user, _, password = login.partition(":")
                found += _of_login(user, password)
            found += _QUERY.findall(address)
            for path in _PATH.findall(address):
                found += filter(_TOKEN.fullmatch, path.split("/"))
        return tuple(dict.fromkeys(text for value in found for text in (value, unquote(value))))


def read_network(platform_env: Mapping[str, str], bound: Bound) -> Network:
    """The user's variables over what the bindings say; raises BadSetting."""
    index = _taken(platform_env, INDEX_VARIABLES)
    _check_find_links(platform_env)
    reach = _taken(platform_env, REACH_VARIABLES)
    if "UV_FIND_LINKS" in index:
        index["UV_FIND_LINKS"] = ",".join(index["UV_FIND_LINKS"].replace(",", " ").split())
    logins = {name: value for name, value in platform_env.items() if _LOGIN.fullmatch(name)}
    mirror = {name: platform_env.get(name, "").strip() for name in PYTHON_MIRROR}
    return Network(
        index={**bound.index, **index},
        reach={**bound.reach, **reach, **logins},
        python_mirror={**bound.python_mirror, **{k: v for k, v in mirror.items() if v}},
        arguments=bound.arguments,
        netrc=bound.netrc,
        certificates=bound.certificates,
    )


def _of_netrc(netrc: str) -> Iterator[str]:
    for user, quoted, plain in _PASSWORD.findall(netrc):
        yield from _of_login(user, plain or re.sub(r"\\(.)", r"\1", quoted))


def _of_login(user: str, password: str) -> tuple[str, ...]:
    """Many services take the token as the user name, with no password or any."""
    if password == TOKEN_BEFORE and user:
        return (password, user)
    return tuple(filter(None, (password or user,)))


def _taken(platform_env: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, variable in variables.items():
        value = platform_env.get(name, "").strip()
        if value and variable not in found:
            found[variable] = _checked(name, variable, value)
    return found


def _checked(name: str, variable: str, value: str) -> str:
    """The value, as uv takes it; raises BadSetting."""
    if variable == "UV_DEFAULT_INDEX" and "://" not in value:
        raise _no_address(name, "an address: https://HOST/PATH")
    lists = ("UV_INDEX", "UV_EXTRA_INDEX_URL")
    if variable in lists and not all("://" in word for word in value.split()):
        raise _no_address(name, "addresses with blanks between: https://HOST/PATH")
    if variable == "UV_INDEX_STRATEGY" and value not in STRATEGIES:
        raise BadSetting(name, value, f"one of {', '.join(STRATEGIES[:-1])} and {STRATEGIES[-1]}")
    if variable == "UV_HTTP_TIMEOUT":
        seconds = whole_seconds(value)
        if seconds is None:
            raise BadSetting(name, value, "a number of seconds")
        return seconds
    if variable == "UV_HTTP_RETRIES" and not (value.isascii() and value.isdigit()):
        raise BadSetting(name, value, "a whole number")
    return value


def _no_address(name: str, allowed: str) -> BadSetting:
    """The value isn't shown: without a scheme nobody can tell what in it is secret."""
    from buildpack.requirements.credentials import MASK  # not for detect

    return BadSetting(name, MASK, allowed)


def _check_find_links(platform_env: Mapping[str, str]) -> None:
    for name in ("UV_FIND_LINKS", "PIP_FIND_LINKS"):
        for place in platform_env.get(name, "").replace(",", " ").split():
            if "://" not in place:
                allowed = "addresses (https://HOST/PATH); a folder of the app is called wheels/"
                from buildpack.requirements.credentials import mask_credentials  # not for detect

                raise BadSetting(name, mask_credentials(place), allowed)
