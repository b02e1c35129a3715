"""Type ``python-mirror``: where a Python comes from that the stack doesn't have."""

from buildpack.bindings import entries
from buildpack.bindings.addresses import check_address
from buildpack.bindings.bound import PYTHON_MIRROR as ENTRIES
from buildpack.bindings.bound import Bound
from buildpack.cnb.platform import Binding
from buildpack.errors.bindings import EmptyBindingError

TYPE = "python-mirror"


def read(binding: Binding) -> Bound:
    """The two addresses, or one of them; raises a BindingError."""
    found = entries.values(binding, ENTRIES)
    if not found:
        wanted = f"the entry {' or '.join(ENTRIES)}"
        raise EmptyBindingError(TYPE, binding.name, wanted, entries.names(binding))
    for entry, address in found.items():
        check_address(binding, entry, address)
    told = f"Binding {binding.name}: {', '.join(found)}"
    return Bound(python_mirror=found, told=(told, *entries.unused(binding, ENTRIES)))
