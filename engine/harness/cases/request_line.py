"""Methods, targets and versions (RFC 9112 3, RFC 9110 9.1)."""

from harness.answers import Answer, ok, refused
from harness.case import case, request

VERSIONS = "RFC 9112 2.3, RFC 9110 15.6.6"
METHODS = "RFC 9110 9.1"
LINE = "RFC 9112 3"
TARGETS = "RFC 9112 3.2"


def line(text: str) -> bytes:
    """A whole request with this request line, of host a."""
    return f"{text}\r\nHost: a\r\n\r\n".encode("latin-1")


CASES = (
    *(
        case(f"method {method}", request(method, "/"), ok(method), rule=METHODS)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "SEARCH", "PROPFIND")
    ),
    case("method HEAD", request("HEAD", "/"), ok("HEAD"), rule="RFC 9110 9.3.2"),
    case("method TRACE", request("TRACE", "/"), ok("TRACE"), rule=METHODS),
    case("method QUERY", request("QUERY", "/"), refused(501), rule=METHODS),
    case("method in lower case", request("get", "/"), refused(501), rule=METHODS),
    case("method almost GET", request("GEX", "/"), refused(501), rule=METHODS),
    case("method almost DELETE", request("DEXETE", "/"), refused(501), rule=METHODS),
    case("method nobody knows", request("BREW", "/"), refused(501), rule=METHODS),
    case("method GET with a letter more", request("GETX", "/"), refused(501), rule=METHODS),
    case("method with a hyphen", request("M-SEARCH", "*"), refused(501), rule=METHODS),
    case("method of digits", request("123", "/"), refused(501), rule=METHODS),
    case("method with NUL", request("G\0T", "/"), refused(), rule=METHODS),
    case("method with a colon", request("GET:", "/"), refused(), rule=METHODS),
    case("method with eight bits", request("G\xc9T", "/"), refused(), rule=METHODS),
    case("method missing", line(" / HTTP/1.1"), refused(), rule=LINE),
    case("method CONNECT", line("CONNECT a:80 HTTP/1.1"), refused(501), rule="RFC 9110 9.3.6"),
    case("handshake of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", refused(), rule=LINE),
    case("HTTP/0.9", b"GET /\r\n\r\n", refused(), rule=VERSIONS),
    case(
        "HTTP/1.0",
        b"GET / HTTP/1.0\r\n\r\n",
        ok(version="HTTP/1.0", host=None, kept=False),
        rule=VERSIONS,
    ),
    case("HTTP/1.2", line("GET / HTTP/1.2"), ok(version="HTTP/1.1"), rule=VERSIONS),
    case("HTTP/2.0", line("GET / HTTP/2.0"), refused(505), rule=VERSIONS),
    case("HTTP/2.0 by HEAD", line("HEAD / HTTP/2.0"), refused(505, bare=True), rule=VERSIONS),
    case("HTTP/9.9", line("GET / HTTP/9.9"), refused(505), rule=VERSIONS),
    case("HTTP/0.9, said", line("GET / HTTP/0.9"), refused(505), rule=VERSIONS),
    case("HTTP/11", line("GET / HTTP/11"), refused(), rule=VERSIONS),
    case("HTTP/1.10", line("GET / HTTP/1.10"), refused(), rule=VERSIONS),
    case("HTTP/01.1", line("GET / HTTP/01.1"), refused(), rule=VERSIONS),
    case("HTTP/1", line("GET / HTTP/1"), refused(), rule=VERSIONS),
    case("HTTP/1.", line("GET / HTTP/1."), refused(), rule=VERSIONS),
    case("http/1.1 in lower case", line("GET / http/1.1"), refused(), rule=VERSIONS),
    case("preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", refused(505), rule=VERSIONS),
    case("version missing after a blank", line("GET / "), refused(), rule=LINE),
    case("two blanks after the method", line("GET  / HTTP/1.1"), refused(), rule=LINE),
    case("two blanks before the version", line("GET /  HTTP/1.1"), refused(), rule=LINE),
    case("tab after the method", line("GET\t/ HTTP/1.1"), refused(), rule=LINE),
    case("tab before the version", line("GET /\tHTTP/1.1"), refused(), rule=LINE),
    case("blank after the version", line("GET / HTTP/1.1 "), refused(), rule=LINE),
    case("blank within the target", line("GET /a b HTTP/1.1"), refused(), rule=LINE),
    case("request line ended by LF", b"GET / HTTP/1.1\nHost: a\r\n\r\n", refused(), rule=LINE),
    case("CR within the request line", line("GET /\r HTTP/1.1"), refused(), rule=LINE),
    case("CR before the end of the line", line("GET / HTTP/1.1\r"), refused(), rule=LINE),
    case("empty line before", b"\r\n" + line("GET / HTTP/1.1"), ok(), rule="RFC 9112 2.2"),
    case("three empty lines before", b"\r\n" * 3 + line("GET / HTTP/1.1"), ok()),
    case("blank before", b" " + line("GET / HTTP/1.1"), refused(), rule=LINE),
    case(
        "empty lines before, alone",
        (b"\r\n", b"\r", b"\n" + line("GET / HTTP/1.1")),
        ok(),
        rule="RFC 9112 2.2",
    ),
    case("CR before", b"\r" + line("GET / HTTP/1.1"), refused(), rule="RFC 9112 2.2"),
    case("LF before", b"\n" + line("GET / HTTP/1.1"), refused(), rule="RFC 9112 2.2"),
    case("origin-form", line("GET /b?c=d HTTP/1.1"), ok(path="/b", query="c=d"), rule=TARGETS),
    case("origin-form, empty query", line("GET /b? HTTP/1.1"), ok(path="/b"), rule=TARGETS),
    case("target with encoded slash", line("GET /b%2fc HTTP/1.1"), ok(path="/b/c")),
    case("target encoded twice", line("GET /%2541 HTTP/1.1"), ok(path="/%41")),
    case("target with a bad escape", line("GET /%zz HTTP/1.1"), ok(path="/%zz")),
    case("target with encoded NUL", line("GET /%00 HTTP/1.1"), ok(path="/\0")),
    case("target with UTF-8, encoded", line("GET /%e2%9c%93 HTTP/1.1"), ok(path="/\xe2\x9c\x93")),
    case("target with UTF-8, plain", line("GET /\xe2\x9c\x93 HTTP/1.1"), refused(), rule=LINE),
    case("target with dots", line("GET /b/../c HTTP/1.1"), ok(path="/b/../c")),
    case("target with two slashes", line("GET //b HTTP/1.1"), ok(path="//b")),
    case("target with fragment", line("GET /b?c#d HTTP/1.1"), refused(), rule=TARGETS),
    case("query with question marks", line("GET /?b?c HTTP/1.1"), ok(query="b?c")),
    case("query stays encoded", line("GET /?%41=%2f HTTP/1.1"), ok(query="%41=%2f")),
    case("target without slash", line("GET b HTTP/1.1"), refused(), rule=TARGETS),
    case("target that is a query", line("GET ?b HTTP/1.1"), refused(), rule=TARGETS),
    case("target with NUL", line("GET /\0 HTTP/1.1"), refused(), rule=TARGETS),
    case("target with NUL by HEAD", line("HEAD /\0 HTTP/1.1"), refused(bare=True), rule=TARGETS),
    case("target with control character", line("GET /\x01 HTTP/1.1"), refused(), rule=TARGETS),
    case("target with DEL", line("GET /\x7f HTTP/1.1"), refused(), rule=TARGETS),
    case("absolute-form", line("GET http://a/b?c HTTP/1.1"), ok(path="/b", query="c")),
    case("absolute-form, no path", line("GET http://a HTTP/1.1"), ok(), rule=TARGETS),
    case("absolute-form, query only", line("GET http://a?b HTTP/1.1"), ok(query="b"), rule=TARGETS),
    case("absolute-form of https", line("GET https://a/b HTTP/1.1"), ok(path="/b")),
    case("absolute-form in capitals", line("GET HTTP://a/b HTTP/1.1"), ok(path="/b")),
    case("absolute-form without host", line("GET http:///b HTTP/1.1"), refused(), rule=TARGETS),
    case("absolute-form with a user", line("GET http://u@a/ HTTP/1.1"), refused()),
    case("absolute-form with a fragment", line("GET http://a/#b HTTP/1.1"), refused()),
    case("absolute-form of ftp", line("GET ftp://a/ HTTP/1.1"), refused(), rule=TARGETS),
    case("absolute-form of OPTIONS", line("OPTIONS http://a HTTP/1.1"), ok("OPTIONS")),
    case("authority-form of GET", line("GET a:80 HTTP/1.1"), refused(), rule=TARGETS),
    case("asterisk-form", line("OPTIONS * HTTP/1.1"), ok("OPTIONS", "*"), rule="RFC 9112 3.2.4"),
    case("asterisk-form with more", line("OPTIONS *b HTTP/1.1"), refused(), rule=TARGETS),
    case("asterisk-form of GET", line("GET * HTTP/1.1"), refused(), rule="RFC 9112 3.2.4"),
    case("no content", line("GET /204 HTTP/1.1"), Answer(204), rule="RFC 9110 15.3.5"),
    case("not modified", line("GET /304 HTTP/1.1"), Answer(304), rule="RFC 9110 15.4.5"),
    case("no content of HEAD", line("HEAD /204 HTTP/1.1"), Answer(204), rule="RFC 9110 15.3.5"),
)
