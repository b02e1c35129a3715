"""What is too long: gunicorn's limit_request_line, _fields and _field_size, and the body's."""

from harness.answers import ok, refused
from harness.case import case, get, post

LINE = "RFC 9112 3, RFC 9110 15.5.15: limit_request_line"
FIELDS = "RFC 6585 5: limit_request_fields"
SIZE = "RFC 6585 5: limit_request_field_size"
BODY = "RFC 9110 15.5.14: MEINHELD_MAX_CONTENT_LENGTH"
MORE_THAN_A_GIB = (1 << 30) + 1

CASES = (
    case("target of 4000 bytes", get("/" + "b" * 3999), ok(path="/" + "b" * 3999), rule=LINE),
    case("line of 4094 bytes", get("/" + "b" * 4080), ok(path="/" + "b" * 4080), rule=LINE),
    case("line of 4095 bytes", get("/" + "b" * 4081), refused(414), rule=LINE),
    case("target of 5000 bytes", get("/" + "b" * 4999), refused(414), rule=LINE),
    case("target of 100000 bytes", get("/" + "b" * 99999), refused(414), rule=LINE),
    case("target that never ends", b"GET /" + b"b" * 100000, refused(414), rule=LINE),
    case("method of 5000 bytes", b"G" * 5000 + b" / HTTP/1.1\r\n\r\n", refused(501), rule=LINE),
    case(
        "98 fields",
        get("/", *(["Y: b"] * 98)),
        ok(),
        rule=FIELDS,
    ),
    case("99 fields beside Host", get("/", *(["Y: b"] * 99)), ok(), rule=FIELDS),
    case("100 fields beside Host", get("/", *(["Y: b"] * 100)), refused(431), rule=FIELDS),
    case("2000 fields", get("/", *(["Y: b"] * 2000)), refused(431), rule=FIELDS),
    case("field of 8000 bytes", get("/", "X-A: " + "b" * 8000), ok(x_a="b" * 8000), rule=SIZE),
    case("field of 8190 bytes", get("/", "X-A: " + "b" * 8183), ok(x_a="b" * 8183), rule=SIZE),
    case("field of 8191 bytes", get("/", "X-A: " + "b" * 8184), refused(431), rule=SIZE),
    case("field of 9000 bytes", get("/", "X-A: " + "b" * 9000), refused(431), rule=SIZE),
    case("field of 100000 bytes", get("/", "X-A: " + "b" * 100000), refused(431), rule=SIZE),
    case("name of 9000 bytes", get("/", "X" * 9000 + ": b"), refused(431), rule=SIZE),
    case("fields of 200000 bytes", get("/", *([f"Y: {'b' * 4000}"] * 50)), refused(431), rule=SIZE),
    case("field that never ends", get()[:-2] + b"X: " + b"b" * 100000, refused(431), rule=SIZE),
    case(
        "body of 300000 bytes",
        post("Content-Length: 300000", body=b"b" * 300000),
        ok("POST", body="300000 bytes"),
        rule=BODY,
    ),
    case(
        "body of 600000 bytes",
        post("Content-Length: 600000", body=b"b" * 600000),
        ok("POST", body="600000 bytes"),
        rule=BODY,
    ),
    case("body beyond the limit", post(f"Content-Length: {MORE_THAN_A_GIB}"), refused(413)),
    case(
        "body beyond the limit, expected",
        post(f"Content-Length: {MORE_THAN_A_GIB}", "Expect: 100-continue"),
        refused(413),
        rule=BODY,
    ),
)
