"""An index that demands credentials, authorities of a company's own, bindings in a folder."""

import base64
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from support.package_index import Index, Package
from support.serving import answering


class PrivateIndex(Index):
    """An index that answers only to some users; ``asked`` are the paths that it gave out.

    ``logins`` maps user names to passwords; without any it is open.
    """

    def __init__(
        self,
        packages: Iterable[Package],
        logins: Mapping[str, str],
        certificate: Path | None = None,
    ) -> None:
        pairs = (f"{user}:{password}" for user, password in logins.items())
        self.allowed = {base64.b64encode(pair.encode()).decode() for pair in pairs}
        self.asked: list[str] = []
        super().__init__(packages, certificate)

    def url_for(self, login: str) -> str:
        """The address with "user:password" in it."""
        return self.url.replace("://", f"://{login}@")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        open_to_all = super()._handler()

        def answer(request: BaseHTTPRequestHandler) -> None:
            given = request.headers.get("Authorization", "").removeprefix("Basic ")
            if not self.allowed or given in self.allowed:
                self.asked.append(request.path)
                open_to_all.do_GET(request)  # type: ignore[attr-defined]  # a Handler
                return
            request.send_response(401)
            request.send_header("WWW-Authenticate", 'Basic realm="index"')
            request.send_header("Content-Length", "0")
            request.end_headers()

        return type("Handler", (open_to_all,), {"do_GET": answer})


@contextmanager
def serving(index: PrivateIndex) -> Iterator[PrivateIndex]:
    """The index answers until the block ends."""
    with answering(index.server, index.ending):
        yield index


@contextmanager
def private_index(
    packages: Iterable[Package], logins: Mapping[str, str], certificate: Path | None = None
) -> Iterator[PrivateIndex]:
    """A running index."""
    with serving(PrivateIndex(packages, logins, certificate)) as index:
        yield index


def authority(folder: Path) -> tuple[Path, Path]:
    """A company's authority, and a server's certificate for 127.0.0.1 with its key."""
    folder.mkdir(parents=True, exist_ok=True)
    new = "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    # Python 3.13 wants of an authority that it says what it is for.
    uses = "-addext keyUsage=critical,keyCertSign,cRLSign"
    ca, key = folder / "ca.pem", folder / "ca.key"
    _openssl(f"{new} -x509 -days 2 -subj /CN=company {uses} -keyout {key} -out {ca}")
    request, server = folder / "server.csr", folder / "server.pem"
    _openssl(f"{new} -subj /CN=127.0.0.1 -keyout {folder}/server.key -out {request}")
    names = folder / "names"
    names.write_text(
        "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\nauthorityKeyIdentifier=keyid\n"
    )
    signing = f"-CA {ca} -CAkey {key} -CAcreateserial -days 2 -extfile {names}"
    _openssl(f"openssl x509 -req -in {request} {signing} -out {server}")
    server.write_text(server.read_text() + (folder / "server.key").read_text())
    return ca, server


def _openssl(command: str) -> None:
    subprocess.run(command.split(), check=True, capture_output=True)


def bind(root: Path, name: str, kind: str, entries: Mapping[str, str]) -> tuple[str, ...]:
    """A service binding below ``root``; the options that hand all of them to pack or docker."""
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "type").write_text(f"{kind}\n")
    for entry, content in entries.items():
        (folder / entry).write_text(content)
    return ("--volume", f"{root}:/platform/bindings")


def download(folder: Path, *requirements: str, python: str = "3.13") -> list[Package]:
    """Real wheels for the run image, by the command that our errors recommend."""
    platforms = [f"manylinux_2_{minor}_x86_64" for minor in (34, 28, 17)] + ["manylinux2014_x86_64"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(folder)]
    command += ["--only-binary=:all:", "--implementation", "cp", "--python-version", python]
    for platform in platforms:
        command += ["--platform", platform]
    subprocess.run([*command, *requirements], check=True, capture_output=True)
    return [Package(path.name, path.read_bytes()) for path in sorted(folder.glob("*.whl"))]
