"""Addresses in bindings: checked, and completed with a user name and a password."""

import re
from urllib.parse import quote

from buildpack.bindings.entries import shown
from buildpack.cnb.platform import Binding
from buildpack.errors.bindings import BadEntryError

_ADDRESS = re.compile(
    r"(?P<scheme>https?://)(?P<user>[^/?#\s]*@)?(?P<host>[^/?#@\s]+)(?P<rest>\S*)"
)


def check_address(binding: Binding, entry: str, address: str) -> None:
    """Raises BadEntryError for what is no address of the web."""
    if not _ADDRESS.fullmatch(address):
        remedy = "Write a whole address: https://HOST/PATH"
        raise BadEntryError(binding.name, shown(entry), "has something that is no address", remedy)


def host(address: str) -> str:
    """Host, with a port where one is named; "" for what is no address."""
    found = _ADDRESS.fullmatch(address)
    return found["host"].lower() if found else ""


def with_credentials(address: str, user: str, password: str) -> str:
    """The address with them in it, unless it has some of its own."""
    found = _ADDRESS.fullmatch(address)
    if not found or found["user"]:
        return address
    login = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"{found['scheme']}{login}@{found['host']}{found['rest']}"
