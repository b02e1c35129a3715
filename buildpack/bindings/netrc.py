"""Type ``netrc``: user names and passwords by host, in the entry ``.netrc``.

Read here only to refuse a file that nobody could use: uv and git read it themselves.
"""

import tempfile
from netrc import NetrcParseError
from netrc import netrc as Netrc  # noqa: N812  a class, whatever the library calls it

from buildpack.bindings import entries
from buildpack.bindings.bound import Bound
from buildpack.cnb.platform import Binding
from buildpack.errors.bindings import BadEntryError, EmptyBindingError

TYPE = "netrc"
ENTRY = ".netrc"
LINE = "Write lines like: machine HOST login USER password TOKEN"


def read(binding: Binding) -> Bound:
    """The file; raises a BindingError."""
    found = entries.values(binding, (ENTRY,))
    if not found:
        raise EmptyBindingError(TYPE, binding.name, f"the entry {ENTRY}", entries.names(binding))
    _check(binding, found[ENTRY])
    told = f"Binding {binding.name}: credentials for hosts from {ENTRY}"
    return Bound(netrc=found[ENTRY] + "\n", told=(told, *entries.unused(binding, (ENTRY,))))


def _check(binding: Binding, content: str) -> None:
    # The parser wants a file. Its own words are not passed on: they quote the file.
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        try:
            hosts = Netrc(file.name).hosts
        except NetrcParseError as problem:
            where = f"can't be understood, at line {problem.lineno}"
            raise BadEntryError(binding.name, ENTRY, where, LINE) from None
    if not hosts:
        raise BadEntryError(binding.name, ENTRY, "names no machine", LINE)
