"""How long a body is: Content-Length and Transfer-Encoding (RFC 9112 6)."""

from harness.answers import Answer, ok, refused
from harness.case import Case, case, get, post, request

LENGTH = "RFC 9112 6.3"
BOTH = "RFC 9112 6.1, 6.3"
CODINGS = "RFC 9112 6.1, 7"
EMPTY = b"0\r\n\r\n"
HELLO = ok("POST", body="hello")


def length(name: str, value: str, answer: Answer, body: bytes = b"b") -> Case:
    return case(f"length {name}", post(f"Content-Length:{value}", body=body), answer, rule=LENGTH)


def coding(name: str, value: str, answer: Answer, body: bytes = EMPTY) -> Case:
    return case(
        f"coding {name}", post(f"Transfer-Encoding:{value}", body=body), answer, rule=CODINGS
    )


def both(name: str, first: str, second: str, body: bytes = EMPTY) -> Case:
    return case(name, post(first, second, body=body), refused(), rule=BOTH)


CASES = (
    length("", " 5", ok("POST", body="hello"), b"hello"),
    length("of zero", " 0", ok("POST"), b""),
    length("with zeros", " 0005", ok("POST", body="hello"), b"hello"),
    length("of many zeros", f" {'0' * 40}5", ok("POST", body="hello"), b"hello"),
    length("without blank", "5", ok("POST", body="hello"), b"hello"),
    length("among blanks", " \t 5 \t ", ok("POST", body="hello"), b"hello"),
    length("empty", "", refused()),
    length("of blanks", "  ", refused()),
    length("as list", " 1, 1", refused()),
    length("as list of two", " 1, 2", refused()),
    length("with comma", " 1,", refused()),
    length("with sign", " +1", refused()),
    length("with minus", " -1", refused()),
    length("of minus zero", " -0", refused()),
    length("in two words", " 1 2", refused(), b"hello, hello"),
    length("in hex", " 0x1", refused()),
    length("as fraction", " 1.0", refused()),
    length("with exponent", " 1e1", refused()),
    length("with underscore", " 1_0", refused()),
    length("as a word", " one", refused()),
    length("in quotes", ' "1"', refused()),
    length("in other digits", " \xb2", refused()),
    length("with NUL", " 1\0", refused()),
    length("beyond 64 bits", " 18446744073709551617", refused()),
    length("of 2^63", " 9223372036854775808", refused(413)),
    length("of thousand digits", f" {'9' * 1000}", refused()),
    both("length twice", "Content-Length: 1", "Content-Length: 2", b"ab"),
    both("length twice the same", "Content-Length: 1", "Content-Length: 1", b"a"),
    both("length and an empty one", "Content-Length: 1", "Content-Length:", b"a"),
    both("length, then chunked", "Content-Length: 5", "Transfer-Encoding: chunked"),
    both("chunked, then length", "Transfer-Encoding: chunked", "Content-Length: 5"),
    both("chunked and length of zero", "Transfer-Encoding: chunked", "Content-Length: 0"),
    both("length, then gzip and chunked", "Content-Length: 5", "Transfer-Encoding: gzip, chunked"),
    both("chunked, then gzip", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip"),
    both("length and gzip", "Content-Length: 5", "Transfer-Encoding: gzip"),
    both("length and identity", "Content-Length: 5", "Transfer-Encoding: identity"),
    both("chunked in two lines", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    both("chunked, then identity", "Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
    both("identity, then chunked", "Transfer-Encoding: identity", "Transfer-Encoding: chunked"),
    case(
        "blank before the colon of Transfer-Encoding",
        post("Content-Length: 5", "Transfer-Encoding : chunked", body=EMPTY),
        refused(),
        rule=BOTH,
    ),
    case(
        "folded Transfer-Encoding",
        post("Content-Length: 5", "X-A: b\r\n Transfer-Encoding: chunked", body=EMPTY),
        refused(),
        rule=BOTH,
    ),
    case(
        "Transfer-Encoding after a bare LF",
        post("Content-Length: 5", "X-A: b\nTransfer-Encoding: chunked", body=EMPTY),
        refused(),
        rule=BOTH,
    ),
    case(
        "Transfer-Encoding after a bare CR",
        post("Content-Length: 5", "X-A: b\rTransfer-Encoding: chunked", body=EMPTY),
        refused(),
        rule=BOTH,
    ),
    case(
        "Transfer-Encoding with NUL in its name",
        post("Content-Length: 5", "Transfer-Encoding\0: chunked", body=EMPTY),
        refused(),
        rule=BOTH,
    ),
    coding("chunked", " chunked", ok("POST")),
    coding("chunked in capitals", " CHUNKED", ok("POST")),
    coding("chunked without blank", "chunked", ok("POST")),
    coding("chunked after a tab", "\tchunked \t", ok("POST")),
    coding("chunked after a vertical tab", " \x0bchunked", refused()),
    coding("chunked with NUL", " chunked\0", refused()),
    coding("chunked misspelled", " chunkedx", refused()),
    coding("chunked cut short", " chunke", refused()),
    coding("chunked in quotes", ' "chunked"', refused()),
    coding("chunked with parameter", " chunked;q=1", refused()),
    coding("chunked twice", " chunked, chunked", refused()),
    coding("chunked before gzip", " chunked, gzip", refused()),
    coding("chunked after gzip", " gzip, chunked", refused(501)),
    coding("chunked after two others", " deflate, gzip, chunked", refused(501)),
    coding("chunked after gzip with parameter", " gzip;q=1, chunked", refused()),
    coding("chunked after a comma", " , chunked", refused()),
    coding("chunked after gzip and chunked", " chunked, gzip, chunked", refused()),
    coding("chunked after identity", " identity, chunked", refused()),
    coding("gzip", " gzip", refused()),
    coding("identity", " identity", refused()),
    coding("empty", "", refused()),
    coding("of a comma", " ,", refused()),
    coding("chunked and a comma", " chunked,", refused()),
    case(
        "coding in HTTP/1.0",
        request("POST", "/", "Transfer-Encoding: chunked", version="HTTP/1.0") + EMPTY,
        refused(),
        rule=CODINGS,
    ),
    case(
        "coding gzip in HTTP/1.0",
        request("POST", "/", "Transfer-Encoding: gzip, chunked", version="HTTP/1.0") + EMPTY,
        refused(),
        rule=CODINGS,
    ),
    case("body of a GET", get("/", "Content-Length: 5") + b"hello", ok(body="hello"), rule=LENGTH),
    case(
        "body of a GET, chunked",
        get("/", "Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\n\r\n",
        ok(body="hello"),
        rule=LENGTH,
    ),
    case(
        "body of a HEAD",
        request("HEAD", "/", "Content-Length: 39") + get("/smuggled")[:39].ljust(39),
        ok("HEAD", body=get("/smuggled")[:39].ljust(39).decode()),
        rule=LENGTH,
    ),
    case("length in odd case", post("cONTENT-lENGTH: 5", body=b"hello"), HELLO, rule=LENGTH),
    case(
        "coding in odd case",
        post("tRANSFER-eNCODING: chunked", body=b"5\r\nhello\r\n" + EMPTY),
        HELLO,
        rule=CODINGS,
    ),
    *(
        case(f"name almost {name.partition(':')[0]}", post(name), ok("POST"), rule=LENGTH)
        for name in (
            *("Content-Lengt: 5", "Content-Lengthx: 5", "Content-Length-: 5", "Content.Length: 5"),
            *("Transfer-Encodin: chunked", "Transfer-Encodingx: chunked", "Transfer-Enc: chunked"),
        )
    ),
    case("POST without a length", post(), ok("POST"), rule=LENGTH),
    case(
        "POST without a length in HTTP/1.0",
        request("POST", "/", version="HTTP/1.0"),
        ok("POST", version="HTTP/1.0", kept=False),
        rule=LENGTH,
    ),
    case(
        "body in HTTP/1.0",
        request("POST", "/", "Content-Length: 5", version="HTTP/1.0") + b"hello",
        ok("POST", version="HTTP/1.0", body="hello", kept=False),
        rule=LENGTH,
    ),
)
