"""Package indexes that a project names, and the credentials that the build is given for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

_PUBLIC = re.compile(r"https?://pypi(\.python)?\.org/simple/?", re.IGNORECASE)
_HOST = re.compile(r"(?P<scheme>https?://)(?P<rest>[^/?#@]+(?:[/?#].*)?)", re.IGNORECASE)


@dataclass(frozen=True)
class Index:
    """An index: its address, or the folder of wheels that ``path`` names.

    ``user`` and ``password`` are the names of the variables that may hold its credentials.
    ``default`` is for the one that takes the place of the public one; ``flat`` for a page with
    links to files.
    """

    url: str = ""
    path: str | None = None
    user: str = ""
    password: str = ""
    default: bool = False
    flat: bool = False

    @property
    def option(self) -> str:
        """The installer's option for it."""
        if self.flat:
            return "--find-links"
        return "--index-url" if self.default else "--extra-index-url"


def is_public(url: str) -> bool:
    """Whether it is the index that the installer asks anyway.

    It isn't named to the installer, so that a mirror which the build is given takes its place.
    """
    return bool(_PUBLIC.fullmatch(url))


def for_uv(name: str, url: str, *, default: bool = False) -> Index:
    """An index with uv's variables for its credentials."""
    plain = _variable_part(name)
    return Index(
        url,
        user=f"UV_INDEX_{plain}_USERNAME",
        password=f"UV_INDEX_{plain}_PASSWORD",
        default=default,
    )


def for_poetry(name: str, url: str) -> Index:
    """An index with Poetry's variables for its credentials."""
    plain = _variable_part(name)
    return Index(
        url,
        user=f"POETRY_HTTP_BASIC_{plain}_USERNAME",
        password=f"POETRY_HTTP_BASIC_{plain}_PASSWORD",
    )


def address_of(index: Index, environment: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The address with ``${NAME}`` in place of credentials, and the values of those.

    Values are escaped as addresses need it.
    """
    names = [name for name in (index.user, index.password) if environment.get(name)]
    plain = _HOST.fullmatch(index.url)
    if not names or not plain:
        return index.url, {}
    values = {name: quote(environment[name], safe="") for name in names}
    user, password = (
        f"${{{name}}}" if name in names else "" for name in (index.user, index.password)
    )
    userinfo = f"{user}:{password}" if password else user
    return f"{plain['scheme']}{userinfo}@{plain['rest']}", values


def _variable_part(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())
