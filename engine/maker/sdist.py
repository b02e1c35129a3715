"""Gets upstream's source archive: pinned by digest, kept in the cache folder.

pip downloads it, so that the machine's own configuration of indexes, mirrors and
certificates counts. To learn an archive's name pip asks the archive's build backend,
which would run upstream's setup.py and fetch a setuptools for it. pip is given a
backend of ours instead that says the name and nothing else: of what was downloaded,
nothing runs, and pip checks the digest before it even looks inside.
"""

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .failure import EngineError

_PIN = re.compile(
    r"(?P<name>[\w.-]+)==(?P<version>[\w.+!-]+) --hash=sha256:(?P<sha256>[0-9a-f]{64})"
)

_BACKEND = """\
from pathlib import Path


class __legacy__:
    @staticmethod
    def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
        folder = Path(metadata_directory, "{name}-{version}.dist-info")
        folder.mkdir()
        folder.joinpath("METADATA").write_text(
            "Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n"
        )
        return folder.name
"""


@dataclass(frozen=True)
class Pin:
    """One release of one project: ``sha256`` is its archive's digest in hex."""

    name: str
    version: str
    sha256: str

    @property
    def requirement(self) -> str:
        """The line that pip reads in --require-hashes mode."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


def parse_pin(text: str) -> Pin:
    """The pin in a requirements file that holds exactly one.

    Raises EngineError where there is another number of lines, or a line without digest.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = _PIN.fullmatch(lines[0]) if len(lines) == 1 else None
    if found is None:
        raise EngineError(
            f"the source's pin is one line, name==version --hash=sha256:DIGEST; found {lines}"
        )
    return Pin(found["name"], found["version"], found["sha256"])


def fetch(pin: Pin, cache: Path) -> Path:
    """The archive's path below ``cache``, downloaded unless it is there and intact."""
    kept = cache / "sdist" / pin.sha256
    if not (kept.is_file() and _digest(kept) == pin.sha256):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            downloaded = _download(pin, Path(scratch))
            if (digest := _digest(downloaded)) != pin.sha256:
                raise EngineError(f"{pin.requirement}: what was downloaded has sha256 {digest}")
            downloaded.replace(kept)
    return kept


def unpack(archive: Path, into: Path) -> Path:
    """Unpacks ``archive`` and gives the one folder that it holds."""
    with tarfile.open(archive) as tar:
        # Debian 12's Python 3.11.2 knows no filters yet, and ignores this.
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall(into)
    (folder,) = into.iterdir()
    return folder


def _download(pin: Pin, scratch: Path) -> Path:
    backend = scratch / "backend" / "setuptools"
    backend.mkdir(parents=True)
    backend.joinpath("__init__.py").touch()
    backend.joinpath("build_meta.py").write_text(
        _BACKEND.format(name=pin.name, version=pin.version)
    )
    wanted = scratch / "requirements.txt"
    wanted.write_text(pin.requirement + "\n")
    into = scratch / "download"
    options = ["--no-deps", "--require-hashes", "--no-binary=:all:", "--no-build-isolation"]
    # -I: pip itself must not import our backend; the process that asks it does.
    command = [sys.executable, "-I", "-m", "pip", "download", "--quiet", "--use-pep517"]
    command += [
        *options,
        "--disable-pip-version-check",
        f"--dest={into}",
        f"--requirement={wanted}",
    ]
    run = subprocess.run(
        command,
        env=os.environ | {"PYTHONPATH": str(backend.parent)},
        stdout=sys.stderr,
        check=False,
    )
    if run.returncode:
        raise EngineError(
            f"pip could not download {pin.name} {pin.version} (its own words are above)"
        )
    (downloaded,) = into.iterdir()
    return downloaded


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
