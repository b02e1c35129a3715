"""What is asked, over how many connections."""

from dataclasses import dataclass

UPLOAD = b"x" * 100_000
DOWNLOAD = 1_000_000


@dataclass(frozen=True)
class App:
    """A view of one of the modules in ``app/``; ``length`` are the bytes of its answer's body."""

    key: str
    title: str
    module: str
    path: str
    length: int
    body: bytes = b""
    waits: bool = False

    def request(self, keep: bool) -> bytes:
        """All its bytes; with ``keep`` the connection is for more of them."""
        method = "POST" if self.body else "GET"
        fields = ["Host: 127.0.0.1"]
        fields += [f"Content-Length: {len(self.body)}"] if self.body else []
        fields += [] if keep else ["Connection: close"]
        head = "".join(f"{line}\r\n" for line in (f"{method} {self.path} HTTP/1.1", *fields))
        return f"{head}\r\n".encode() + self.body


APPS = {
    app.key: app
    for app in (
        App("plain", "plain WSGI, 13 bytes", "plain", "/", 13),
        App("hello", "Flask, JSON", "views", "/hello", 28),
        App("page", "Flask, template of 10 KB", "views", "/page", 10_267),
        App("upload", "Flask, POST of 100 KB", "views", "/upload", 17, UPLOAD),
        App("download", "Flask, download of 1 MB", "views", "/download", DOWNLOAD),
        App("wait", "Flask, a view that waits 50 ms", "views", "/wait", 28, waits=True),
        App("work", "Flask, a view that computes 20 ms", "views", "/work", 28),
    )
}

QUICK = ("plain", "hello")
"""Where the server is a large part of the work: connections that close, and counts."""

COUNTED = (*QUICK, "page", "upload", "download")
"""What is counted in a full run: waiting isn't counted, and computing is a loop that looks at a
clock."""

CONNECTIONS = (1, 64, 1000)
USUAL = 64


@dataclass(frozen=True)
class Case:
    """An app under a load. ``apart``: one process on a core, the client on another."""

    app: str
    connections: int
    keep: bool = True
    apart: bool = False

    @property
    def key(self) -> str:
        """``hello 64 keep``, ``plain 64 keep apart``."""
        words = [self.app, str(self.connections), "keep" if self.keep else "close"]
        return " ".join([*words, *(["apart"] if self.apart else [])])

    @property
    def title(self) -> str:
        """What of it isn't the app."""
        many = f"{self.connections:,} connection" + "s" * (self.connections != 1)
        kept = "kept" if self.keep else "a new one for each request"
        return f"{many}, {kept}" + ", server and client on a core each" * self.apart


def usual() -> list[Case]:
    """Those in which servers differ; closing costs the same whatever a slow view does."""
    kept = [Case(app, connections) for app in APPS for connections in CONNECTIONS]
    closed = [Case(app, USUAL, keep=False) for app in QUICK]
    return [*kept, *closed, *apart()]


def full() -> list[Case]:
    """The whole grid."""
    grid = [
        Case(app, connections, keep)
        for app in APPS
        for connections in CONNECTIONS
        for keep in (True, False)
    ]
    return [*grid, *apart()]


def short() -> list[Case]:
    """Enough to see that everything works."""
    return [Case("plain", 1), Case("hello", USUAL), Case("hello", USUAL, keep=False)]


def apart() -> list[Case]:
    return [Case(app, USUAL, apart=True) for app in QUICK]
