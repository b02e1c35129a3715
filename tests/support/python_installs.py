"""The python layer as a build makes it with the real uv, from a mirror on this machine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from support.contexts import build_context
from support.python_archive import LATER, VERSION, Archive, archives, listed
from support.python_mirror import serving
from uv import find_uv_bin

from buildpack.app_python import AppPython, provide_python
from buildpack.network import Network
from buildpack.settings import Settings
from buildpack.vendored import Vendored

SECRET = "hunter2"
LIST = "UV_PYTHON_DOWNLOADS_JSON_URL"


@dataclass(frozen=True)
class Mirror:
    """A folder with both archives, and the address, with credentials, that serves it."""

    folder: Path
    address: str

    def archives(self) -> tuple[Archive, Archive]:
        first, second = (
            Archive(self.folder / f"cpython-{version}.tar.gz", version)
            for version in (VERSION, LATER)
        )
        return first, second

    def offering(self, name: str, *offered: Archive, sha256: str | None = None) -> dict[str, str]:
        """The setting that offers these, after their list is written under that name."""
        entries = {f"{self.address}/{archive.path.name}": archive for archive in offered}
        (self.folder / name).write_text(listed(entries, sha256))
        return {LIST: f"{self.address}/{name}"}


@contextmanager
def mirror_in(folder: Path) -> Iterator[Mirror]:
    """Served until the block ends."""
    archives(folder)
    with serving(folder) as host:
        yield Mirror(folder, f"http://user:{SECRET}@{host}")


def provide(
    root: Path,
    settings: Mapping[str, str],
    wish: str = "",
    before: AppPython | None = None,
    refresh: bool = False,
) -> AppPython:
    """A build's Python on a stack without one; after ``before``, whose layer is restored."""
    restored: dict[str, Mapping[str, Any]] = {}
    if before and before.layer:
        restored = {"python": before.layer.metadata}
    env = {"BP_PYTHON_VERSION": wish} if wish else {}
    context = build_context(root, restored, env, builder_env={})
    context = replace(context, store=before.store if before else {})
    vendored = Vendored(Path(find_uv_bin()), "0", "1", root)
    network = Network(python_mirror=settings, reach={"UV_HTTP_RETRIES": "0"})
    return provide_python(context, vendored, Settings(refresh, network))


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())
