"""Whether an environment marker (``python_version < "3.9"``) holds, where that is simple."""

import re
from collections.abc import Callable, Collection

from buildpack.requirements.model import Target
from buildpack.requirements.syntax import normalised
from buildpack.requirements.versions import allows, clauses, release

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'[^']*'|\"[^\"]*\")|(?P<word>[A-Za-z_][A-Za-z0-9_.]*)"
    r"|(?P<operator>===|~=|==|!=|<=|>=|<|>)|(?P<bracket>[()]))"
)
_VERSIONS = ("python_version", "python_full_version", "implementation_version")
_DEEPEST = 50


class _UnclearError(ValueError):
    """A marker that we leave to the installer."""


def marker_holds(
    marker: str, target: Target, extras: Collection[str] = (), groups: Collection[str] = ()
) -> bool | None:
    """True or False where the marker can be decided for the target, else None.

    ``extras`` and ``groups`` are the normalised names of those that are asked for.
    """
    if not marker:
        return True
    try:
        names = {"extras": extras, "dependency_groups": groups}
        parser = _Parser(_tokens(marker), _values(target), names)
        result = parser.either(0)
        return result if parser.done() else None
    except _UnclearError:
        return None


def _values(target: Target) -> dict[str, str]:
    return {
        "python_version": ".".join(target.python.split(".")[:2]),
        "python_full_version": target.python,
        "implementation_version": target.python,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": target.machine,
    }


def _tokens(marker: str) -> list[str]:
    found, position = [], 0
    text = marker.rstrip()
    while position < len(text):
        token = _TOKEN.match(text, position)
        if not token:
            raise _UnclearError
        found.append(token[0].strip())
        position = token.end()
    return found


class _Parser:
    def __init__(
        self, tokens: list[str], values: dict[str, str], names: dict[str, Collection[str]]
    ) -> None:
        self.tokens = tokens[::-1]
        self.values = values
        self.names = names

    def done(self) -> bool:
        return not self.tokens

    def either(self, depth: int) -> bool | None:
        return self._joined("or", self._both, any, depth)

    def _both(self, depth: int) -> bool | None:
        return self._joined("and", self._one, all, depth)

    def _joined(
        self,
        word: str,
        part: Callable[[int], bool | None],
        together: Callable[[list[bool]], bool],
        depth: int,
    ) -> bool | None:
        results = [part(depth)]
        while self._next_is(word):
            self._take()
            results.append(part(depth))
        known = [result for result in results if result is not None]
        decides = together is any
        if decides in known:
            return decides
        return together(known) if len(known) == len(results) else None

    def _one(self, depth: int) -> bool | None:
        if depth > _DEEPEST:
            raise _UnclearError
        if self._next_is("("):
            self._take()
            result = self.either(depth + 1)
            if self._take() != ")":
                raise _UnclearError
            return result
        left, operator = self._take(), self._take()
        if operator == "not":
            operator += " " + self._take()
        return self._compare(left, operator, self._take())

    def _compare(self, left: str, operator: str, right: str) -> bool | None:
        name = next((word for word in (left, right) if word[0] not in "'\""), "")
        if name in _VERSIONS and name == left and operator not in ("in", "not in"):
            found = clauses(operator + right.strip("'\""))
            return (
                allows(operator + right.strip("'\""), release(self.values[name])) if found else None
            )
        if name == "extra":
            return self._is_asked(right if left == name else left, operator)
        if right in self.names and left[0] in "'\"":
            named = normalised(left[1:-1]) in self.names[right]
            return {"in": named, "not in": not named}.get(operator)
        one, other = self._value(left), self._value(right)
        if one is None or other is None:
            return None
        match operator:
            case "==" | "===":
                return one == other
            case "!=":
                return one != other
            case "in":
                return one in other
            case "not in":
                return one not in other
        return None

    def _is_asked(self, quoted: str, operator: str) -> bool | None:
        if quoted[0] not in "'\"":
            return None
        extras, wanted = self.names["extras"], normalised(quoted[1:-1])
        asked = wanted in extras if wanted else not extras
        return {"==": asked, "!=": not asked}.get(operator)

    def _value(self, token: str) -> str | None:
        return token[1:-1] if token[0] in "'\"" else self.values.get(token)

    def _next_is(self, token: str) -> bool:
        return bool(self.tokens) and self.tokens[-1] == token

    def _take(self) -> str:
        if not self.tokens:
            raise _UnclearError
        return self.tokens.pop()
