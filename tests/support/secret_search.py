"""Looks for texts in everything that a build leaves behind."""

import base64
import io
import json
import subprocess
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from support.packing import run


def found_in_text(text: str, markers: Iterable[str]) -> list[str]:
    """Those markers that a text holds, in any form."""
    return sorted({marker for marker in markers if _holds(text.encode(), marker)})


def found_in_image(image: str, markers: tuple[str, ...]) -> list[str]:
    """``PLACE: MARKER`` for the layers, configuration, history and bill of materials."""
    saved = subprocess.run(["docker", "save", image], capture_output=True, check=True).stdout
    found = [f"image {place}" for place in _in_tar(saved, markers)]
    for words in (["docker", "inspect", image], ["docker", "history", "--no-trunc", image]):
        found += [f"{words[1]}: {marker}" for marker in found_in_text(run(*words).stdout, markers)]
    return found


def found_in_folder(folder: Path, markers: tuple[str, ...]) -> list[str]:
    """``PLACE: MARKER`` for the files of a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        place
        for path in files
        for place in _in_file(str(path.relative_to(folder)), path.read_bytes(), markers)
    ]


def found_in_volume(volume: str, image: str, markers: tuple[str, ...]) -> list[str]:
    """``PLACE: MARKER`` for a volume; ``image`` is any, for a container that is never started."""
    container = run("docker", "create", "--volume", f"{volume}:/volume", image, "sh").stdout.strip()
    try:
        copied = subprocess.run(
            ["docker", "cp", f"{container}:/volume", "-"], capture_output=True, check=True
        )
    finally:
        run("docker", "rm", "--force", container)
    return list(_in_tar(copied.stdout, markers))


def _in_tar(data: bytes, markers: tuple[str, ...]) -> Iterator[str]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            yield from _in_file(member.name, stream.read() if stream else b"", markers)


def _in_file(name: str, data: bytes, markers: tuple[str, ...]) -> Iterator[str]:
    """Also in what is packed in it: layers, wheels, archives."""
    for marker in markers:
        if _holds(name.encode() + data, marker):
            yield f"{name}: {marker}"
    if name.endswith((".tar", ".tar.gz", ".tgz")) or data[257:262] == b"ustar":
        yield from (f"{name}/{place}" for place in _in_tar(data, markers))
    elif data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from (
                    f"{name}/{place}" for place in _in_file(member, archive.read(member), markers)
                )


def _holds(data: bytes, marker: str) -> bool:
    """As it is, quoted for an address, as JSON, or in base64 after any user name."""
    plain = marker.encode()
    forms = {plain, quote(marker, safe="").encode(), json.dumps(marker)[1:-1].encode()}
    for offset in range(3):  # base64 of what follows 0, 1 or 2 bytes; its rim depends on those
        coded = base64.b64encode(b"\0" * offset + plain)
        forms.add(coded[4 if offset else 0 : -4])
    return any(form in data for form in forms)
