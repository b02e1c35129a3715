"""Service bindings: indexes, credentials and certificates that aren't part of the app.

Types are compared without regard to case, as the Service Binding Specification has it.
A binding of a type that isn't ours is another buildpack's.
"""

from collections.abc import Sequence

from buildpack.bindings.bound import Bound
from buildpack.bindings.in_the_app import in_the_app
from buildpack.cnb.platform import Binding

__all__ = ["Bound", "in_the_app", "read_bound"]


def read_bound(bindings: Sequence[Binding]) -> Bound:
    """What the bindings say; raises BindingError."""
    if not bindings:
        return Bound()
    # Most builds have no binding, and load none of it.
    from buildpack.bindings import ca_certificates, netrc, pip, python_mirror

    found = Bound()
    for kind in (pip, netrc, python_mirror):
        binding = _only(bindings, kind.TYPE)
        if binding:
            found = found.with_more(kind.read(binding))
    for binding in _of_type(bindings, ca_certificates.TYPE):
        found = found.with_more(ca_certificates.read(binding))
    return found


def _only(bindings: Sequence[Binding], kind: str) -> Binding | None:
    from buildpack.errors.bindings import SeveralBindingsError

    found = _of_type(bindings, kind)
    if len(found) > 1:
        raise SeveralBindingsError(kind, [binding.name for binding in found])
    return found[0] if found else None


def _of_type(bindings: Sequence[Binding], kind: str) -> list[Binding]:
    return [binding for binding in bindings if binding.type.lower() == kind]
