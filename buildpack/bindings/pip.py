"""Type ``pip``: the indexes, in the entry ``pip.conf`` or in entries of their own.

Entries: index-url, extra-index-url (several with blanks), username and password. The first
two win over pip.conf; the other two belong to index-url and whatever else is on its host.
"""

from collections.abc import Mapping

from buildpack.bindings import ca_certificates, entries
from buildpack.bindings.addresses import check_address, host, with_credentials
from buildpack.bindings.bound import Bound
from buildpack.bindings.pip_conf import PipConf, read_pip_conf
from buildpack.cnb.platform import Binding
from buildpack.errors.bindings import BadEntryError, EmptyBindingError
from buildpack.seconds import whole_seconds

TYPE = "pip"
FILE = "pip.conf"
ENTRIES = (FILE, "index-url", "extra-index-url", "username", "password")
_ADDRESSES = ("index-url", "extra-index-url", "find-links")


def read(binding: Binding) -> Bound:
    """What uv is told; raises a BindingError."""
    found = entries.values(binding, ENTRIES)
    if not set(found) & {FILE, "index-url", "extra-index-url"}:
        wanted = f"the entry {FILE}, or index-url"
        raise EmptyBindingError(TYPE, binding.name, wanted, entries.names(binding))
    conf = PipConf({}, ())
    if FILE in found:
        conf = read_pip_conf(binding, FILE, found[FILE])
    own: dict[str, str] = {
        name: found[name] for name in ("index-url", "extra-index-url") if name in found
    }
    values = {**conf.values, **own}
    for name in _ADDRESSES:
        for address in values.get(name, "").split():
            check_address(binding, name if name in own else FILE, address)
    values |= _logged_in(binding, values, found)
    certificate = values.get("cert", "").rpartition("/")[2]
    files = ", ".join(found)
    told = (
        f"Binding {binding.name}: package indexes from {files}",
        *(f"Binding {binding.name}: {line}" for line in conf.told),
        *entries.unused(binding, (*ENTRIES, certificate) if certificate else ENTRIES),
    )
    return Bound(
        index=_index(values),
        reach=_reach(values),
        arguments=_arguments(values),
        certificates=_certificates(binding, certificate),
        told=told,
    )


def _logged_in(
    binding: Binding, values: Mapping[str, str], found: Mapping[str, str]
) -> dict[str, str]:
    """The addresses that user name and password belong to, with them."""
    present = [entry for entry in ("username", "password") if entry in found]
    if not present:
        return {}
    if len(present) == 1:
        other = "password" if present == ["username"] else "username"
        problem = f"stands alone: there is no entry {other}"
        raise BadEntryError(binding.name, present[0], problem, "Write both, or neither.")
    home = host(values.get("index-url", ""))
    if not home:
        problem = "belongs to an index-url, and there is none"
        raise BadEntryError(binding.name, "username", problem, "Add the entry index-url.")
    login = (found["username"], found["password"])
    return {
        name: " ".join(
            with_credentials(address, *login) if host(address) == home else address
            for address in values[name].split()
        )
        for name in _ADDRESSES
        if name in values
    }


def _index(values: Mapping[str, str]) -> dict[str, str]:
    lists = {
        "UV_DEFAULT_INDEX": values.get("index-url", ""),
        "UV_EXTRA_INDEX_URL": " ".join(values.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(values.get("find-links", "").split()),
    }
    return {name: value for name, value in lists.items() if value}


def _reach(values: Mapping[str, str]) -> dict[str, str]:
    found = {
        "UV_INSECURE_HOST": " ".join(values.get("trusted-host", "").split()),
        "UV_HTTP_TIMEOUT": whole_seconds(values.get("timeout", "")) or "",
        "UV_HTTP_RETRIES": values.get("retries", ""),
    }
    return {name: value for name, value in found.items() if value}


def _arguments(values: Mapping[str, str]) -> tuple[str, ...]:
    switches = {
        "no-index": "--no-index",
        "require-hashes": "--require-hashes",
        "pre": "--prerelease=allow",
    }
    words = [word for name, word in switches.items() if name in values]
    for name in ("only-binary", "no-binary"):
        for package in values.get(name, "").replace(",", " ").split():
            words += [f"--{name}", package]
    return tuple(words)


def _certificates(binding: Binding, file: str) -> str:
    """What pip.conf names as ``cert``: a file beside it, whatever its folder was elsewhere."""
    if not file:
        return ""
    if file not in entries.names(binding):
        problem = f"names a certificate (cert), and the binding has no entry {entries.shown(file)}"
        remedy = "Put the file into the binding, or into one of the type ca-certificates."
        raise BadEntryError(binding.name, FILE, problem, remedy)
    return "".join(ca_certificates.certificates(binding, file))
