"""Writes the wheel: sorted names, one fixed date, so that equal contents are equal bytes.

The binary distribution format: packaging.python.org, "Binary distribution format".
"""

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import licenses
from .target import Target

_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Wheel:
    """A wheel's name: ``minor`` is the X of Python 3.X."""

    version: str
    minor: int
    target: Target

    @property
    def file_name(self) -> str:
        python = f"cp3{self.minor}-cp3{self.minor}"
        return f"meinheld-{self.version}-{python}-{'.'.join(self.target.platforms)}.whl"

    @property
    def module_name(self) -> str:
        """The compiled module's place in the wheel."""
        return f"meinheld/{self.target.module_file(self.minor)}"

    @property
    def dist_info(self) -> str:
        return f"meinheld-{self.version}.dist-info"


def contents(wheel: Wheel, tree: Path, module: bytes, sbom: bytes) -> dict[str, bytes]:
    """All files of the wheel except RECORD, from the patched ``tree``."""
    files = {
        f"meinheld/{file.name}": file.read_bytes() for file in (tree / "meinheld").glob("*.py")
    }
    files[wheel.module_name] = module
    texts = licenses.texts(tree)
    files[f"{wheel.dist_info}/METADATA"] = _metadata(wheel, sorted(texts)).encode()
    files[f"{wheel.dist_info}/WHEEL"] = _wheel_file(wheel).encode()
    files[f"{wheel.dist_info}/entry_points.txt"] = (
        b"[gunicorn.workers]\ngunicorn_worker = meinheld.gmeinheld:MeinheldWorker\n"
    )
    files[f"{wheel.dist_info}/sboms/engine.cdx.json"] = sbom
    for name, text in texts.items():
        files[f"{wheel.dist_info}/licenses/{name}"] = text
    return files


def archive(wheel: Wheel, files: Mapping[str, bytes]) -> bytes:
    """The wheel's bytes: dist-info last, RECORD at the very end."""
    names = sorted(files, key=lambda name: (name.startswith(wheel.dist_info), name))
    record_name = f"{wheel.dist_info}/RECORD"
    record = "".join(_record_line(name, files[name]) for name in names) + f"{record_name},,\n"
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as target:
        for name, data in [
            *((name, files[name]) for name in names),
            (record_name, record.encode()),
        ]:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = (0o100755 if name.endswith(".so") else 0o100644) << 16
            target.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def _metadata(wheel: Wheel, license_files: list[str]) -> str:
    named = "".join(f"License-File: {name}\n" for name in license_files)
    return (
        "Metadata-Version: 2.4\n"
        "Name: meinheld\n"
        f"Version: {wheel.version}\n"
        "Summary: High performance WSGI server, patched for current Pythons, without greenlet\n"
        f"License-Expression: {licenses.EXPRESSION}\n{named}"
        "Requires-Python: >=3.9\n"
    )


def _wheel_file(wheel: Wheel) -> str:
    python = f"cp3{wheel.minor}-cp3{wheel.minor}"
    tags = "".join(f"Tag: {python}-{platform}\n" for platform in wheel.target.platforms)
    return f"Wheel-Version: 1.0\nGenerator: flaskpack\nRoot-Is-Purelib: false\n{tags}"


def _record_line(name: str, data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}\n"
