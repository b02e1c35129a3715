"""What the packaged buildpack carries from the package index, pinned by digest."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from scripts.toolchain import cache, pip, say
from scripts.toolchain.errors import SetupError
from scripts.toolchain.site import Site

SERVER = "gunicorn"
"""Carried as the wheel that it is: it is installed, not run by us."""


@dataclass(frozen=True)
class Vendored:
    """The wheels' folder and their versions, ``{"toml": "0.10.2", …}``."""

    folder: Path
    versions: dict[str, str]


def ready(site: Site, python: Path) -> Vendored:
    pins = site.recipes / "vendor.txt"

    def fill(to: Path) -> None:
        with say.step("uv, toml and gunicorn: downloading their wheels"):
            # musl's uv is static: it runs whatever the build image's libc is.
            platform = ("--platform", "musllinux_1_1_x86_64")
            pip.run(site, python, "download", *platform, "--dest", to, lock=pins)

    folder = cache.entry(site.cache, "vendor", cache.key_of(pins), fill)
    return Vendored(folder, pinned(pins.read_text(encoding="utf-8")))


def pinned(requirements: str) -> dict[str, str]:
    """Names and versions in a locked requirements file."""
    lines = (line.split()[0] for line in requirements.splitlines() if "==" in line)
    return dict(line.split("==", 1) for line in lines)


def contents(vendored: Vendored) -> dict[str, tuple[bytes, int]]:
    """``{path below vendor/: (content, mode)}``: programs, modules, their licences, a wheel."""
    server = _wheel(vendored.folder, SERVER)
    found = {f"wheels/{server.name}": (server.read_bytes(), 0o644)}
    for name in sorted(vendored.versions.keys() - {SERVER}):
        with zipfile.ZipFile(_wheel(vendored.folder, name)) as wheel:
            for member in wheel.namelist():
                if place := placed(name, member):
                    path, mode = place
                    found[path] = (wheel.read(member), mode)
    return found


def placed(name: str, member: str) -> tuple[str, int] | None:
    """Where a file of a wheel goes, and its mode; None for what isn't needed."""
    top, _, rest = member.partition("/")
    base = member.rpartition("/")[2]
    if top.endswith(".dist-info") and "licen" in base.lower():
        return f"licenses/{name}/{base}", 0o644
    if top == name and name == "toml":
        return f"python/{member}", 0o644
    if top.endswith(".data") and rest == "scripts/uv":
        return "bin/uv", 0o755
    return None


def _wheel(folder: Path, name: str) -> Path:
    found = list(folder.glob(f"{name}-*.whl"))
    if len(found) != 1:
        raise SetupError(f"{folder} should hold one wheel of {name}", f"Delete {folder}")
    return found[0]
