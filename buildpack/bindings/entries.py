"""The entries of a binding: one file each, beside the file that says its type."""

from buildpack.cnb.platform import Binding
from buildpack.errors.bindings import EmptyEntryError, UnreadableEntryError
from buildpack.log import printable

ABOUT_THE_BINDING = ("type", "provider")


def names(binding: Binding) -> tuple[str, ...]:
    """The binding's own entries, sorted; raises UnreadableEntryError.

    Names that begin with two dots belong to the projection (``..data`` on Kubernetes).
    """
    try:
        found = sorted(path.name for path in binding.folder.iterdir())
    except OSError as error:
        raise UnreadableEntryError(binding.name, ".", _reason(error)) from error
    return tuple(
        name for name in found if name not in ABOUT_THE_BINDING and not name.startswith("..")
    )


def text(binding: Binding, entry: str) -> str:
    """An entry's content, blanks around it taken away; raises a BindingError."""
    try:
        content = (binding.folder / entry).read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise UnreadableEntryError(binding.name, shown(entry), _reason(error)) from error
    except UnicodeDecodeError as error:
        raise UnreadableEntryError(binding.name, shown(entry), "it isn't text") from error
    if not content:
        raise EmptyEntryError(binding.name, shown(entry))
    return content


def values(binding: Binding, allowed: tuple[str, ...]) -> dict[str, str]:
    """The content of those entries that are there, in the order of ``allowed``."""
    there = names(binding)
    return {entry: text(binding, entry) for entry in allowed if entry in there}


def unused(binding: Binding, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """A line for the log about each entry that means nothing to us."""
    kind = binding.type.lower()
    return tuple(
        f"Binding {binding.name}: {shown(entry)} isn't used, {kind} has {', '.join(allowed)}"
        for entry in names(binding)
        if entry not in allowed
    )


def shown(entry: str) -> str:
    """An entry's name, in a line of a log."""
    return printable(entry).replace("\n", "\\n")


def _reason(error: OSError) -> str:
    return error.strerror or "the system refuses"
