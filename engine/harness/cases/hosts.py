"""Host (RFC 9112 3.2, RFC 9110 7.2)."""

from harness.answers import ok, refused
from harness.case import case

RULE = "RFC 9112 3.2"
REPLACED = "RFC 9112 3.2.2"


def host(*lines: str, target: str = "/") -> bytes:
    """A GET with these header lines."""
    return "\r\n".join([f"GET {target} HTTP/1.1", *lines, "", ""]).encode("latin-1")


CASES = (
    case("host", host("Host: a"), ok(), rule=RULE),
    case("host with port", host("Host: a:80"), ok(host="a:80"), rule=RULE),
    case("host with empty port", host("Host: a:"), ok(host="a:"), rule=RULE),
    case("host in capitals", host("HOST: A"), ok(host="A"), rule=RULE),
    case("host as IPv6", host("Host: [::1]:80"), ok(host="[::1]:80"), rule=RULE),
    case("host as IPv4", host("Host: 127.0.0.1"), ok(host="127.0.0.1"), rule=RULE),
    case("host escaped", host("Host: %61"), ok(host="%61"), rule=RULE),
    case("host empty", host("Host:"), ok(host=""), rule=RULE),
    case("host missing", host("X: a"), refused(), rule=RULE),
    case("host twice", host("Host: a", "Host: b"), refused(), rule=RULE),
    case("host twice the same", host("Host: a", "Host: a"), refused(), rule=RULE),
    case("host twice, apart", host("Host: a", "X: b", "hOST: a"), refused(), rule=RULE),
    case("host as list", host("Host: a, b"), refused(), rule=RULE),
    case("host as list without blank", host("Host: a,b"), refused(), rule=RULE),
    case("host with fragment", host("Host: a#b"), refused(), rule=RULE),
    case("host with half an escape", host("Host: a%6"), refused(), rule=RULE),
    case("host of a port", host("Host: :80"), refused(), rule=RULE),
    case("host of empty brackets", host("Host: []"), refused(), rule=RULE),
    case("host behind brackets", host("Host: [::1]a"), refused(), rule=RULE),
    case("host with blank", host("Host: a b"), refused(), rule=RULE),
    case("host with slash", host("Host: a/b"), refused(), rule=RULE),
    case("host with user", host("Host: u@a"), refused(), rule=RULE),
    case("host with question mark", host("Host: a?b"), refused(), rule=RULE),
    case("host with a word for port", host("Host: a:b"), refused(), rule=RULE),
    case("host with two ports", host("Host: a:1:2"), refused(), rule=RULE),
    case("host with eight bits", host("Host: \xe9"), refused(), rule=RULE),
    case("host with open bracket", host("Host: [::1"), refused(), rule=RULE),
    case("host with backslash", host("Host: a\\b"), refused(), rule=RULE),
    case("host with angle", host("Host: <a>"), refused(), rule=RULE),
    case(
        "host missing in HTTP/1.0",
        b"GET / HTTP/1.0\r\n\r\n",
        ok(version="HTTP/1.0", host=None, kept=False),
        rule=RULE,
    ),
    case(
        "host twice in HTTP/1.0",
        b"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        refused(),
        rule=RULE,
    ),
    case(
        "host other than the target's",
        host("Host: a", target="http://b/"),
        ok(host="b"),
        rule=REPLACED,
    ),
    case(
        "host with the target's port",
        host("Host: a", target="http://a:81/"),
        ok(host="a:81"),
        rule=REPLACED,
    ),
    case(
        "host of the target in HTTP/1.0",
        b"GET http://b/ HTTP/1.0\r\n\r\n",
        ok(version="HTTP/1.0", host="b", kept=False),
        rule=REPLACED,
    ),
    case(
        "host missing beside an absolute target",
        host(target="http://a/"),
        refused(),
        rule=RULE,
    ),
)
