"""As much of Python's version specifiers (PEP 440) as our decisions need."""

import re
from dataclasses import dataclass

# Numbers of up to nine digits: int() refuses some thousands of them.
_VERSION = re.compile(
    r"v?(?:\d{1,9}!)?\d{1,9}(?:\.\d{1,9})*"
    r"(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?"
    r"(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?"
    r"(?:[-_.]?dev[-_.]?\d*)?"
    r"(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?",
    re.IGNORECASE | re.ASCII,
)
_CLAUSE = re.compile(r"(===|~=|==|!=|<=|>=|<|>)\s*(.*)", re.DOTALL)
_RELEASE = re.compile(r"v?(?:\d{1,9}!)?(\d{1,9}(?:\.\d{1,9})*)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Clause:
    """One condition on a version: operator and version as written (may end in ``.*``)."""

    operator: str
    version: str

    @property
    def release(self) -> tuple[int, ...]:
        """The numbers alone: (1, 0) for 1.0.dev3."""
        return release(self.version)


def release(version: str) -> tuple[int, ...]:
    """The numbers of a version without pre, post and local parts; () where there are none."""
    found = _RELEASE.match(version)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def clauses(specifier: str) -> tuple[Clause, ...] | None:
    """The conditions of ``>=1,<2``; () for any version; None where it isn't valid."""
    found = []
    for part in filter(None, (part.strip() for part in specifier.split(","))):
        clause = _clause(part)
        if clause is None:
            return None
        found.append(clause)
    return tuple(found)


def _clause(text: str) -> Clause | None:
    found = _CLAUSE.fullmatch(text)
    if not found:
        return None
    operator, version = found[1], found[2].strip()
    plain = version
    if operator in ("==", "!=") and version.endswith(".*"):
        plain = version[:-2]
    if operator == "===":
        valid = bool(version) and not re.search(r"[\s;)]", version)
    elif operator == "~=":
        valid = bool(_VERSION.fullmatch(plain)) and len(release(plain)) > 1
    else:
        valid = bool(_VERSION.fullmatch(plain))
    return Clause(operator, version) if valid else None


def only_below(specifier: str, bound: tuple[int, ...]) -> bool:
    """Whether the specifier allows no version from ``bound`` on (a release of one number)."""
    return any(_is_below(clause, bound) for clause in clauses(specifier) or ())


def _is_below(clause: Clause, bound: tuple[int, ...]) -> bool:
    numbers = clause.release
    if clause.operator == "<":
        return numbers <= bound + (0,) * len(numbers)
    if clause.operator in ("<=", "==", "===", "~="):
        return numbers < bound
    return False


def allows(specifier: str, version: tuple[int, ...]) -> bool:
    """Whether a final release satisfies the specifier; pre-releases count as their release."""
    return all(_allows(clause, version) for clause in clauses(specifier) or ())


def _allows(clause: Clause, version: tuple[int, ...]) -> bool:
    numbers = clause.release
    width = max(len(numbers), len(version))
    wanted = numbers + (0,) * (width - len(numbers))
    given = version + (0,) * (width - len(version))
    prefix = given[: len(numbers)] == numbers
    match clause.operator:
        case "==":
            return prefix if clause.version.endswith(".*") else given == wanted
        case "!=":
            return not (prefix if clause.version.endswith(".*") else given == wanted)
        case "===":
            return given == wanted
        case "~=":
            return given >= wanted and given[: len(numbers) - 1] == numbers[:-1]
        case ">=":
            return given >= wanted
        case "<=":
            return given <= wanted
        case ">":
            return given > wanted
        case _:
            return given < wanted
