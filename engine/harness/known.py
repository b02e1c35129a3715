"""Where our engine's answers are wrong today: what it answers instead, strictly.

The cases say what is right. Whoever mends the engine takes the line out of here; the tests
fail as soon as an answer changes, for the better too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from harness.answers import Answer, ok, refused
from harness.case import Case

REFUSALS = (
    "refusals are HTTP/1.0 (417: HTTP/1.1), without Date, Content-Length and Connection: close; "
    "an origin server's 4xx has a Date (RFC 9110 6.6.1): to be changed in harness.answers too"
)


@dataclass(frozen=True)
class Wrong:
    """``answers`` is what today's engine sends in each of the cases named."""

    why: str
    answers: tuple[Answer, ...]
    names: tuple[str, ...]


def _wrong(why: str, answers: Answer | tuple[Answer, ...], *names: str) -> Wrong:
    return Wrong(why, answers if isinstance(answers, tuple) else (answers,), names)


def _hosts() -> Iterator[Wrong]:
    values = {
        "as list": "a, b",
        "with blank": "a b",
        "with slash": "a/b",
        "with user": "u@a",
        "with question mark": "a?b",
        "with a word for port": "a:b",
        "with two ports": "a:1:2",
        "with eight bits": "\xe9",
        "with open bracket": "[::1",
        "with backslash": "a\\b",
        "with angle": "<a>",
    }
    for name, value in values.items():
        yield _wrong("a Host that is none is accepted", ok(host=value), f"host {name}")


WRONG: tuple[Wrong, ...] = (
    _wrong(
        "an unknown method is 400 instead of 501",
        refused(400),
        "method QUERY",
        "method in lower case",
        "method almost GET",
        "method almost DELETE",
        "method nobody knows",
        "method GET with a letter more",
        "method with a hyphen",
        "method CONNECT",
        "method of 5000 bytes",
    ),
    _wrong(
        "another major version is 400 instead of 505",
        refused(400),
        "HTTP/2.0",
        "HTTP/0.9, said",
        "preface of HTTP/2",
    ),
    _wrong("a version of two digits is taken for HTTP/1.1", ok(), "HTTP/1.10"),
    _wrong(
        "more than one blank in the request line is accepted",
        ok(),
        "two blanks after the method",
        "two blanks before the version",
    ),
    _wrong("a bare LF before the request line is accepted", ok(), "LF before"),
    _wrong("an http target without host is accepted", ok(path="/b"), "absolute-form without host"),
    _wrong("a target with a user in it is accepted", ok(), "absolute-form with a user"),
    _wrong("* is accepted of other methods than OPTIONS", ok(path="*"), "asterisk-form of GET"),
    _wrong("HTTP/1.1 without Host is accepted", ok(host=None, x="a"), "host missing"),
    _wrong(
        "HTTP/1.1 without Host is accepted",
        ok(host=None),
        "host missing beside an absolute target",
    ),
    _wrong("the same Host twice is accepted", ok(), "host twice the same"),
    _wrong("the same Host twice is accepted", ok(x="b"), "host twice, apart"),
    *_hosts(),
    _wrong(
        "Host isn't replaced by the one in the target",
        ok(),
        "host other than the target's",
        "host with the target's port",
    ),
    _wrong(
        "an unknown coding before chunked is 400 instead of 501",
        refused(400),
        "coding chunked after gzip",
    ),
    _wrong(
        "a blank before a chunk's extension is refused",
        refused(400),
        "chunk extension after a blank",
    ),
    _wrong(
        "a chunk's extension has no limit",
        ok("POST", body="hello"),
        "chunk extension too long",
    ),
    _wrong("trailers have no limit", ok("POST"), "chunk trailer too long"),
    _wrong(
        "a trailer is taken for a header that frames the body",
        refused(400),
        "chunk trailer Transfer-Encoding",
        "chunk trailer chunked",
    ),
    _wrong(
        "a bad request behind another isn't answered; the answer before it says close",
        ok(kept=False),
        "pipeline ended by a bad request",
    ),
    _wrong(
        "a bad request behind another isn't answered; the answer before it says close",
        ok("POST", body="hello", kept=False),
        "pipeline with a body beyond its length",
    ),
    _wrong(
        "limit_request_line is ignored, its own limit larger",
        ok(path="/" + "b" * 4999),
        "target of 5000 bytes",
    ),
    _wrong(
        "a long target is 400 instead of 414",
        refused(400),
        "target of 100000 bytes",
        "target that never ends",
    ),
    _wrong("limit_request_fields is ignored", ok(), "100 fields beside Host"),
    _wrong(
        "too many or too long fields are 400 instead of 431",
        refused(400),
        "2000 fields",
        "field of 9000 bytes",
        "field of 100000 bytes",
        "name of 9000 bytes",
        "fields of 200000 bytes",
        "field that never ends",
    ),
)


FATAL_ALLOCATIONS = (2, 3)
"""Among the first of a new connection's request: the worker dies when there is no memory for it.

The first four are client_t, its request queue, the parser and the request (alloc_client_t,
new_request_queue, alloc_parser, alloc_request): nobody asks whether they are NULL.
"""

SOMETIMES_FATAL = (1, 4, 5)
"""Once a second a string for the date comes before them or between, which is no harm."""


REPORTS = ("runtime error: variable length array bound evaluates to non-positive value 0",)
"""Of sanitizers: a header's name is copied into an array of its length, which may be 0."""


def today(case: Case) -> tuple[Answer, ...]:
    """What our engine answers to the case today."""
    return next((wrong.answers for wrong in WRONG if case.name in wrong.names), case.answers)


def report() -> str:
    """One line for each fault, with the names of its cases."""
    cases: dict[str, list[str]] = {REFUSALS: ["all that are refused"]}
    for wrong in WRONG:
        cases.setdefault(wrong.why, []).extend(wrong.names)
    return "".join(f"- {why} ({', '.join(names)})\n" for why, names in cases.items())
