"""Dependencies as Poetry writes them, in pyproject.toml and in its lock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from buildpack.errors.sources import MalformedError
from buildpack.requirements.markers import marker_holds
from buildpack.requirements.model import Target
from buildpack.requirements.syntax import normalised
from buildpack.requirements.versions import allows, clauses, release
from buildpack.sources.asked import Asked
from buildpack.sources.document import REMEDY, Table, seen

_CARET = re.compile(r"([\^~])\s*(\S+)")


@dataclass(frozen=True)
class Dependency:
    """One way of a dependency; ``table`` has all that is said of it ("version", "git" …)."""

    name: str
    table: Table

    @property
    def constraint(self) -> str:
        """The versions that it allows."""
        return self.table.text("version", "*")

    @property
    def extras(self) -> tuple[str, ...]:
        """The extras that it asks for."""
        return self.table.texts("extras")

    @property
    def optional(self) -> bool:
        """Whether only an extra brings it in."""
        return self.table.flag("optional")

    @property
    def marker(self) -> str:
        """Its environment marker."""
        return self.table.text("markers", "")

    def applies(self, target: Target, extras: frozenset[str] = frozenset()) -> bool:
        """Whether it is for the target; a marker that can't be decided counts as met."""
        if not constraint_allows(self.table.text("python", "*"), target.python):
            return False
        if self.table.text("platform", "linux") != "linux":
            return False
        return marker_holds(self.marker, target, extras) is not False


def dependencies_of(table: Table) -> Iterator[Dependency]:
    """Each dependency of a table of them, the Python left out; raises MalformedError."""
    for name, value in table.values.items():
        if name.lower() == "python":
            continue
        for way in value if isinstance(value, list) else [value]:
            found = {"version": way} if isinstance(way, str) else way
            if not isinstance(found, dict):
                problem = f"says nothing that can be followed about {seen(name)}"
                raise MalformedError(table.file, problem, f"in {seen(table.place)}", REMEDY)
            yield Dependency(name, Table(table.file, f"{table.place}.{name}", found))


def groups_of(poetry: Table) -> dict[str, Table]:
    """The tables of dependencies of each group, the main one left out."""
    groups = poetry.table("group")
    found = {name: groups.table(name).table("dependencies") for name in groups.values}
    if "dev-dependencies" in poetry:  # before Poetry 1.2
        found.setdefault("dev", poetry.table("dev-dependencies"))
    return found


def brought_by(extras: Table, asked: Asked) -> frozenset[str]:
    """The normalised names that the chosen extras bring in."""
    return frozenset(
        normalised(re.split(r"[\s(\[<>=!~;]", name.strip())[0])
        for extra in extras.values
        if normalised(extra) in asked.extras
        for name in extras.texts(extra)
    )


def specifier_of(constraint: str) -> str | None:
    """Python's form of Poetry's (``^1.2`` is ``>=1.2,<2``); None where there is none (``||``)."""
    found = []
    for part in re.split(r"[,\s]+(?=[\^~<>=!\d*v])", re.sub(r"([<>=!~^])\s+", r"\1", constraint)):
        converted = _converted(part.strip(" ,"))
        if converted is None or clauses(converted) is None:
            return None
        found.append(converted)
    return ",".join(filter(None, found))


def constraint_allows(constraint: str, version: str) -> bool:
    """Whether a version satisfies Poetry's constraint; what isn't understood allows all."""
    parts = [specifier_of(part) for part in re.split(r"\s*\|\|?\s*", constraint)]
    return any(part is None or allows(part, release(version)) for part in parts)


def _converted(part: str) -> str | None:
    if part in ("", "*"):
        return ""
    caret = _CARET.fullmatch(part)
    if caret and not part.startswith("~="):
        return _range(caret[1], caret[2])
    if part[0] in "<>=!~":
        return f"={part}" if re.match(r"=[^=]", part) else part
    return f"=={part}"


def _range(kind: str, version: str) -> str | None:
    numbers = list(release(version))
    if not numbers:
        return None
    if kind == "~":
        upper = numbers[:2]
    else:
        # Up to the first number that isn't zero; of 0, 0.0 and 0.0.0 the last.
        first = next((at for at, number in enumerate(numbers) if number), len(numbers) - 1)
        upper = numbers[: first + 1]
    upper[-1] += 1
    return f">={version},<{'.'.join(map(str, upper))}"
