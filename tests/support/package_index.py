"""A package index on the loopback address, and packages to put into it.

The packages are made here, byte by byte the same each time; none comes from anywhere else.
"""

import hashlib
import html
import io
import ssl
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from support.serving import answering


@dataclass(frozen=True)
class Package:
    """A file of the index; ``requires_python`` is told on the index page too."""

    file: str
    data: bytes
    requires_python: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


BACKEND = """
import shutil, zipfile
NAME, VERSION = "{name}", "{version}"
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    {code}

def get_requires_for_build_wheel(config_settings=None):
    return []
"""


def wheel(
    name: str,
    version: str,
    requires: tuple[str, ...] = (),
    requires_python: str = "",
    tag: str = "py3-none-any",
    data: bytes = b"",
    files: Mapping[str, str] | None = None,
) -> Package:
    """A wheel that holds an empty module, ``data`` in a file beside it, and other ``files``."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
    metadata += [f"Requires-Dist: {requirement}" for requirement in requires]
    if requires_python:
        metadata.append(f"Requires-Python: {requires_python}")
    files = {
        **(files or {}),
        f"{module}.py": "",
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    listed = [*files, f"{module}.bin", f"{info}/RECORD"]
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in listed)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)
        archive.writestr(zipfile.ZipInfo(f"{module}.bin"), data)
    return Package(f"{module}-{version}-{tag}.whl", out.getvalue(), requires_python)


def sdist(name: str, version: str, code: str, requires_python: str = "") -> Package:
    """A source distribution whose build runs ``code`` and nothing else."""
    python = f'requires-python = "{requires_python}"\n' if requires_python else ""
    project = (
        f'[project]\nname = "{name}"\nversion = "{version}"\n{python}'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    metadata = f"Metadata-Version: 2.2\nName: {name}\nVersion: {version}\n"
    if requires_python:
        metadata += f"Requires-Python: {requires_python}\n"
    folder = f"{name.replace('-', '_')}-{version}"
    body = code.strip().replace("\n", "\n    ")
    files = {
        "pyproject.toml": project,
        "PKG-INFO": metadata,
        "backend.py": BACKEND.format(name=name, version=version, code=body),
    }
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(f"{folder}/{path}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return Package(f"{folder}.tar.gz", out.getvalue(), requires_python)


class Index:
    """A running index: ``url`` is its address, ``fail`` what each request is answered with.

    ``fail`` is an HTTP status, or "silence" for no answer until the index ends.
    """

    def __init__(self, packages: Iterable[Package], certificate: Path | None = None) -> None:
        self.packages = {package.file: package for package in packages}
        self.fail: int | str | None = None
        self.ending = threading.Event()
        self.server = _Server(("127.0.0.1", 0), self._handler())
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        scheme = "https" if certificate else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}/simple"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self.do_GET()

            def do_GET(self) -> None:
                if index.fail == "silence":
                    index.ending.wait(60)
                    return
                if isinstance(index.fail, int):
                    self.send_error(index.fail)
                    return
                body = index.answer(self.path)
                if body is None:
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                if self.path.startswith("/files/"):  # as public indexes say of files
                    self.send_header("Cache-Control", "max-age=365000000, immutable, public")
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing: the tests assert what uv says."""

        return Handler

    def answer(self, path: str) -> bytes | None:
        """The body for a path, whatever its query; None where there is nothing."""
        kind, _, rest = path.partition("?")[0].strip("/").partition("/")
        if kind == "files":
            return self.packages[rest].data if rest in self.packages else None
        found = [
            package
            for package in self.packages.values()
            if package.file.split("-")[0].replace("_", "-") == rest
        ]
        if kind != "simple" or not found:
            return None
        return f"<!DOCTYPE html><html><body>{''.join(map(_link, found))}</body></html>".encode()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, as uv does on a full disk, is no error of the index."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _link(package: Package) -> str:
    python = html.escape(package.requires_python)
    attribute = f' data-requires-python="{python}"' if python else ""
    address = f"/files/{package.file}#sha256={package.sha256}"
    return f'<a href="{address}"{attribute}>{package.file}</a>'


@contextmanager
def running(packages: Iterable[Package], certificate: Path | None = None) -> Iterator[Index]:
    """An index that answers until the block ends."""
    index = Index(packages, certificate)
    with answering(index.server, index.ending):
        yield index


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, key and all in one file."""
    file = folder / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    command += " -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    command += f" -addext basicConstraints=CA:FALSE -keyout {file} -out"
    subprocess.run([*command.split(), str(folder / "only.pem")], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + (folder / "only.pem").read_bytes())
    return file
