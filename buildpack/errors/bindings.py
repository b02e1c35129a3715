"""What can be wrong with service bindings, and the words for it. No value is ever shown."""

from collections.abc import Sequence

from buildpack.errors import Explanation, FlaskpackError


class BindingError(FlaskpackError):
    """A binding that can't be used."""


def _found(binding: str, entry: str) -> tuple[str]:
    return (f"binding {binding}, entry {entry}",)


class SeveralBindingsError(BindingError):
    """Two bindings of a type that can be there once."""

    def __init__(self, kind: str, names: Sequence[str]) -> None:
        super().__init__(
            Explanation(
                f"more than one binding of type {kind}",
                f"There are {len(names)} bindings of type {kind}, and one at most can be used.",
                tuple(f"binding {name}" for name in names),
                ("Put what is needed into one of them, and take the others out.",),
            )
        )


class EmptyBindingError(BindingError):
    """A binding without anything that its type can have."""

    def __init__(self, kind: str, name: str, entries: str, present: Sequence[str]) -> None:
        others = ", ".join(present)
        super().__init__(
            Explanation(
                "a binding holds nothing that can be used",
                f"The binding {name} of type {kind} needs {entries}.",
                (f"binding {name}: {others or 'no entry but its type'}",),
                (
                    f"Put the entry into the binding's folder, beside the file called type, or take"
                    f" {name} out.",
                ),
            )
        )


class EmptyEntryError(BindingError):
    """An entry without content."""

    def __init__(self, name: str, entry: str) -> None:
        super().__init__(
            Explanation(
                "an entry of a binding is empty",
                f"The entry {entry} of the binding {name} has no content.",
                _found(name, entry),
                ("Fill it, or take it out. Was the secret that it comes from filled?",),
            )
        )


class UnreadableEntryError(BindingError):
    """An entry that the system refuses to read, or that isn't text."""

    def __init__(self, name: str, entry: str, reason: str) -> None:
        super().__init__(
            Explanation(
                "an entry of a binding can't be read",
                f"Reading {entry} of the binding {name} failed: {reason}.",
                _found(name, entry),
                (
                    "It must be a text file (UTF-8) that the build's user may read: with pack,"
                    f" chmod a+r bindings/{name}/{entry}",
                ),
            )
        )


class BadEntryError(BindingError):
    """An entry that says nothing we can follow; ``problem`` completes "The entry … of … "."""

    def __init__(self, name: str, entry: str, problem: str, remedy: str) -> None:
        super().__init__(
            Explanation(
                "an entry of a binding can't be used",
                f"The entry {entry} of the binding {name} {problem}.",
                _found(name, entry),
                (remedy,),
            )
        )
