"""Where others make something else of a case than it asks for, and why.

The outcomes are in the words of `harness.outcome`. What stands in no list, all make of it what the
case says. gunicorn's sync worker closes each connection: of it only the first answer counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.case import Case
from harness.outcome import wanted


@dataclass(frozen=True)
class Difference:
    """``outcome`` is what the oracle makes of each of the cases named."""

    why: str
    outcome: str
    names: tuple[str, ...]


def _differs(why: str, outcome: str, *names: str) -> Difference:
    return Difference(why, outcome, names)


def _each(kind: str, *names: str) -> Iterable[str]:
    return (f"{kind} {name}" for name in names)


UNKNOWN_METHODS = (
    "method QUERY",
    *_each("method", "almost GET", "almost DELETE", "nobody knows", "GET with a letter more"),
)
NO_HOSTS = (
    *_each("host with", "user", "question mark", "a word for port", "two ports"),
    *_each("host with", "eight bits", "open bracket", "backslash", "angle"),
    *_each("host", "as list without blank", "with fragment", "with half an escape"),
    *_each("host", "of empty brackets", "behind brackets"),
)
NO_CHUNKED = (
    *_each("coding chunked", "misspelled", "cut short", "in quotes", "with parameter"),
    *("coding empty", "coding of a comma", "coding chunked and a comma"),
    *_each("coding chunked after", "a comma", "gzip with parameter"),
)

SYNC = (
    _differs(
        "leaves methods to the app",
        "200",
        *UNKNOWN_METHODS,
        *("method CONNECT", "method of digits"),
    ),
    _differs(
        "takes capitals only, no hyphen, and calls the rest bad",
        "400",
        "method in lower case",
        "method with a hyphen",
    ),
    _differs("measures the line before the method", "414", "method of 5000 bytes"),
    _differs(
        "calls each version that isn't 1.0 or 1.1 bad",
        "400",
        *("HTTP/2.0", "HTTP/2.0 by HEAD", "HTTP/9.9", "HTTP/0.9, said", "preface of HTTP/2"),
    ),
    _differs(
        "passes over fewer empty lines",
        "400",
        *("three empty lines before", "empty lines before, alone"),
    ),
    _differs(
        "leaves the path empty where the target has none",
        "200 path=''",
        *("absolute-form, no path", "absolute-form, query only", "absolute-form of OPTIONS"),
    ),
    _differs(
        "doesn't look into a target",
        "200",
        *_each("absolute-form", "without host", "with a user", "with a fragment", "of ftp"),
        "target with fragment",
    ),
    _differs(
        "doesn't look at Host",
        "200",
        *NO_HOSTS,
        *_each("host", "missing", "as list", "with blank", "with slash", "of a port"),
        "host missing beside an absolute target",
    ),
    _differs(
        "doesn't look at Host",
        "200 host='a'",
        *("host other than the target's", "host with the target's port"),
    ),
    _differs("doesn't look at Host", "200 host=None", "host of the target in HTTP/1.0"),
    _differs("joins without a blank", "200 fields={'HTTP_X_A': ','}", "field empty twice"),
    _differs("joins without a blank", "200 fields={'HTTP_X_A': 'b,b'}", "field twice the same"),
    _differs(
        "joins without a blank",
        "200 fields={'HTTP_X_A': 'b,c'}",
        *("field twice", "field twice, odd case"),
    ),
    _differs(
        "joins without a blank",
        "200 fields={'HTTP_X_A': 'b,c', 'HTTP_X_B': 'd'}",
        "field twice, another between",
    ),
    _differs(
        "counts in numbers without end, and waits for the body",
        "waits",
        *_each("length", "beyond 64 bits", "of thousand digits", "of 2^63"),
        *_each("chunk", "size of 64 bits", "size beyond 64 bits"),
    ),
    _differs(
        "has no limit for bodies, and waits for them",
        "waits",
        *("body beyond the limit", "body beyond the limit, expected"),
    ),
    _differs(
        "waits for the end of a line, or of what it takes for one",
        "waits",
        *("handshake of TLS", "CR at the end of the head", "field that never ends"),
        *_each("chunk of zero", "ended by LF"),
        "chunk of zero, CR and another",
    ),
    _differs("calls each other coding unknown", "501", *NO_CHUNKED),
    _differs(
        "knows identity, which RFC 9112 dropped",
        "200",
        *("identity, then chunked", "coding chunked after identity"),
    ),
    _differs(
        "takes gzip for its app's business",
        "200",
        *_each("coding chunked after", "gzip", "two others"),
    ),
    _differs("limits extensions one by one only", "200", "chunk extensions too long together"),
    _differs(
        "refuses trailers that mustn't be trailers",
        "400",
        *_each("chunk trailer", "Content-Length", "Host", "Transfer-Encoding", "chunked"),
    ),
    _differs(
        "says nothing to who is gone",
        "closed",
        *_each("cut within", "the request line", "the head", "a chunk"),
    ),
    _differs("gives the app what there is of a body", "200", "cut within the body"),
    _differs("limits fields one by one only", "200", "fields of 200000 bytes"),
)

NGINX = (
    _differs("refuses TRACE for good", "405, closed", "method TRACE"),
    _differs("leaves methods to the app", "200, kept", *UNKNOWN_METHODS),
    _differs(
        "takes capitals and underscores only, and calls the rest bad",
        "400, closed",
        *_each("method", "in lower case", "with a hyphen", "CONNECT", "of digits", "of 5000 bytes"),
    ),
    _differs(
        "answers as HTTP/0.9",
        "no HTTP",
        *("HTTP/0.9", "version missing after a blank"),
    ),
    _differs(
        "calls versions below 1.0, and what isn't a request, bad",
        "400, closed",
        *("HTTP/0.9, said", "preface of HTTP/2"),
    ),
    _differs("takes 11 for a major version", "505, closed", "HTTP/11"),
    _differs("takes versions of two digits", "200, kept", "HTTP/1.10"),
    _differs(
        "passes over more blanks in the request line",
        "200, kept",
        *_each("two blanks", "after the method", "before the version"),
        "blank after the version",
    ),
    _differs(
        "takes LF for the end of a line",
        "200, kept",
        *("request line ended by LF", "LF before", "field ended by LF", "LF within", "CR before"),
        *("field empty, ended by LF", "head ended by LF", "CR before the end of a line"),
    ),
    _differs("takes eight bits in a target", "200, kept", "target with UTF-8, plain"),
    _differs(
        "unescapes the path before it is passed on, and keeps it strict",
        "400, closed",
        *("target with a bad escape", "target with encoded NUL"),
    ),
    _differs("knows no target but paths and http", "400, closed", "asterisk-form"),
    _differs(
        "doesn't look into a target",
        "200, kept",
        *("target with fragment", "absolute-form with a fragment", "absolute-form of ftp"),
    ),
    _differs("passes on what may come once", "200, kept", "Content-Type twice"),
    _differs("takes an empty Host for a bad one", "400, closed", "host empty"),
    _differs("checks Host for blanks, slashes and dots only", "200, kept", *NO_HOSTS),
    _differs(
        "was told to pass on Host as it came",
        "200 host='a', kept",
        *("host other than the target's", "host with the target's port"),
    ),
    _differs(
        "was told to pass on Host as it came",
        "200 host=None, closed",
        "host of the target in HTTP/1.0",
    ),
    _differs(
        "drops names of other signs, silently",
        "200 fields={}, kept",
        "field with every sign of a name",
    ),
    _differs(
        "drops lines that are no field, silently",
        "200, kept",
        *("line without colon", "eight bits in a name", "brackets in a name"),
        *("quotes in a name", "slash in a name"),
    ),
    _differs(
        "takes control characters but NUL in a value",
        "200, kept",
        *("control character within", "DEL within"),
    ),
    _differs("takes a tab for part of a value", "400, closed", "length among blanks"),
    _differs("takes a tab for part of a value", "501, closed", "coding chunked after a tab"),
    _differs("calls a length beyond its numbers bad", "400, closed", "length of 2^63"),
    _differs(
        "calls each other coding unknown",
        "501, closed",
        *NO_CHUNKED,
        *("length and gzip", "length and identity", "length, then gzip and chunked"),
        *_each("coding chunked", "after a vertical tab", "twice", "before gzip", "after identity"),
        "coding chunked after gzip and chunked",
        *("coding gzip", "coding identity"),
    ),
    _differs(
        "passes over blanks behind a chunk's size",
        "200, kept",
        *_each("chunk size", "before a blank", "before a tab"),
    ),
    _differs(
        "takes LF for the end of a line in chunks",
        "200, kept",
        *_each("chunk", "size ended by LF", "ended by LF", "of zero ended by LF"),
        *_each("chunk", "of zero, LF at the end", "trailer ended by LF"),
    ),
    _differs(
        "looks into no extension and no trailer",
        "200, kept",
        *("chunk extension with NUL", "chunk extension too long"),
        *("chunk extensions too long together", "chunk trailers, 101"),
        *_each("chunk trailer", "without colon", "folded", "with NUL", "too long"),
    ),
    _differs("takes closed for close", "200, closed", "connection with another word"),
    _differs("asks for bodies that don't come", "100, 200, kept", "continue without a body"),
    _differs(
        "passes over other expectations",
        "200, kept",
        *_each("expectation", "unknown", "among others"),
    ),
    _differs(
        "says nothing to who is gone",
        "closed",
        *_each("cut within", "the request line", "the head", "the body", "a chunk"),
    ),
    _differs(
        "takes in what it has refused for a while",
        "413, waits",
        *("body beyond the limit", "body beyond the limit, expected"),
    ),
    _differs(
        "has larger limits",
        "200, kept",
        *("line of 4095 bytes", "target of 5000 bytes", "100 fields beside Host"),
        "field of 8191 bytes",
    ),
    _differs(
        "takes capitals and underscores only, and calls the rest bad",
        "200, 400, closed",
        "pipeline with a body beyond its length",
    ),
    _differs(
        "calls too long a head bad",
        "400, closed",
        *("2000 fields", "field of 9000 bytes", "field of 100000 bytes"),
        *("name of 9000 bytes", "fields of 200000 bytes", "field that never ends"),
    ),
)


def known(differences: Iterable[Difference]) -> Mapping[str, str]:
    """``{name of a case: outcome}``."""
    return {name: each.outcome for each in differences for name in each.names}


def wanted_first(case: Case) -> str:
    """The first answer that the case asks for, 100 aside."""
    return next(each for each in wanted(case).split(", ") if each != "100")
