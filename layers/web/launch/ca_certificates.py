"""Certificates of authorities for the processes of the image: the system's and bindings'.

    python -I ca_certificates.py BINDINGS

BINDINGS is a folder of service bindings; every entry of those of the type ca-certificates
holds certificates in PEM form. Both together are written to a file in a private folder, and
the variables that name it to file descriptor 3 (TOML), unless they are set. Exit code 1,
with one line on stderr, where a binding can't be used.
"""

import hashlib
import json
import os
import re
import sys
from pathlib import Path

VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
SYSTEM_BUNDLES = (
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/pki/tls/certs/ca-bundle.crt"),
    Path("/etc/ssl/cert.pem"),
)
BLOCK = re.compile(
    rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----", re.DOTALL
)
ENTRIES_OF_ALL = ("type", "provider")


class BadBindingError(Exception):
    """A binding that can't be used; the text says which and why."""


def main(root: Path) -> None:
    """Write the file and its variables; raises BadBindingError."""
    unset = [name for name in VARIABLES if not os.environ.get(name)]
    if not unset:
        return
    certificates = b"".join(block + b"\n" for folder in bindings(root) for block in blocks(folder))
    system = next((file for file in SYSTEM_BUNDLES if file.is_file()), None)
    bundle = (system.read_bytes() + b"\n" if system else b"") + certificates
    value = json.dumps(str(written(bundle)), ensure_ascii=False)
    with open(3, "w", encoding="utf-8") as variables:
        variables.writelines(f"{name} = {value}\n" for name in unset)


def bindings(root: Path) -> list[Path]:
    """The folders of the bindings of our type."""
    found = []
    for folder in sorted(root.iterdir()):
        kind = folder / "type"
        if kind.is_file() and kind.read_text(errors="replace").strip().lower() == "ca-certificates":
            found.append(folder)
    return found


def blocks(folder: Path) -> list[bytes]:
    """The certificates in a binding's entries, by name; raises BadBindingError."""
    found = []
    for entry in sorted(folder.iterdir()):
        if entry.name in ENTRIES_OF_ALL or entry.name.startswith("."):
            continue
        try:
            in_entry = BLOCK.findall(entry.read_bytes())
        except OSError as error:
            raise BadBindingError(f"{entry} can't be read: {error.strerror}") from None
        if not in_entry:
            raise BadBindingError(f"{entry} holds no certificate in PEM form")
        found += in_entry
    if not found:
        raise BadBindingError(f"{folder} holds no certificate")
    return found


def written(bundle: bytes) -> Path:
    """The file with this content; the next process of the container finds it there."""
    for place in (os.environ.get("TMPDIR") or "/tmp", "/tmp", "/dev/shm"):
        if not os.access(place, os.W_OK | os.X_OK):
            continue
        file = private_folder(Path(place)) / f"{hashlib.sha256(bundle).hexdigest()[:16]}.pem"
        if not file.exists():
            own = file.with_name(f"{file.name}.{os.getpid()}")
            own.write_bytes(bundle)
            own.replace(file)
        return file
    raise BadBindingError(
        "certificates of a binding need a writable folder: give the container a tmpfs at /tmp"
    )


def private_folder(place: Path) -> Path:
    """A folder that nobody else can have put something into."""
    user = os.geteuid()
    folder = place / f"flaskpack-{user}"
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        there = folder.lstat()
        # 0o40700 is a folder for its user alone; a link has another mode.
        if there.st_uid != user or there.st_mode & 0o170077 != 0o40000:
            import tempfile

            return Path(tempfile.mkdtemp(prefix="flaskpack-", dir=place))
    return folder


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except BadBindingError as problem:
        raise SystemExit(f"Error: {problem}") from None
