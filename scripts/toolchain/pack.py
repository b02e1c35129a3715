"""pack, which builds images, and the lifecycle, which runs inside its builders."""

import gzip
import io
import shutil
import string
import tarfile
from collections.abc import Callable
from pathlib import Path

from scripts.toolchain import cache, go, say, shell
from scripts.toolchain.site import Site

OLDEST_PACK = (0, 40, 2)
"""pack 0.40.0 and 0.40.1 speak only with engines of Docker 25 and newer."""

PHASES = (
    *("detector", "analyzer", "restorer", "builder"),
    *("exporter", "creator", "rebaser", "extender"),
)
"""The names under which pack starts the one program that the lifecycle is."""

EPOCH = 315532800
"""1980-01-01: the date of everything we pack, so that equal contents are equal bytes."""


def fits(told: str | None) -> bool:
    """Whether a ``pack version`` answer is one that we can use."""
    return bool(told) and (go.version_in(told or "") or (0,)) >= OLDEST_PACK


def pack(site: Site, compiler: Callable[[Path], str]) -> Path:
    """The machine's pack where it is new enough, else ours."""
    own = shutil.which("pack")
    if own and fits(shell.ask([own, "version"])):
        return Path(own)
    module = site.recipes / "pack"
    version = go.required_module(_go_mod(module), "github.com/buildpacks/pack")

    def fill(to: Path) -> None:
        using = compiler(module)
        with say.step(f"pack {version}: building it from its Go modules"):
            define = f"github.com/buildpacks/pack/pkg/client.Version={version}"
            programs = {"pack": "github.com/buildpacks/pack"}
            go.build(site, using, module, programs, define, to)

    return cache.entry(site.cache, "pack", cache.key_of(module), fill) / "pack"


def lifecycle(site: Site, compiler: Callable[[Path], str]) -> Path:
    """The archive that a builder is made with."""
    module = site.recipes / "lifecycle"
    version = go.required_module(_go_mod(module), "github.com/buildpacks/lifecycle")

    def fill(to: Path) -> None:
        using = compiler(module)
        with say.step(f"lifecycle {version}: building it from its Go modules"):
            define = f"github.com/buildpacks/lifecycle/cmd.Version={version}"
            package = "github.com/buildpacks/lifecycle/cmd"
            programs = {name: f"{package}/{name}" for name in ("lifecycle", "launcher")}
            go.build(site, using, module, programs, define, to)
            described = (module / "lifecycle.toml").read_text(encoding="utf-8")
            archive = lifecycle_archive(
                string.Template(described).substitute(version=version),
                (to / "lifecycle").read_bytes(),
                (to / "launcher").read_bytes(),
            )
            (to / "lifecycle.tgz").write_bytes(archive)

    return cache.entry(site.cache, "lifecycle", cache.key_of(module), fill) / "lifecycle.tgz"


def lifecycle_archive(description: str, program: bytes, launcher: bytes) -> bytes:
    """The layout that pack expects; links are symbolic, hard ones it would not follow."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        _add(archive, "lifecycle.toml", description.encode(), 0o644)
        _add(archive, "lifecycle/lifecycle", program, 0o755)
        _add(archive, "lifecycle/launcher", launcher, 0o755)
        for phase in PHASES:
            link = tarfile.TarInfo(f"lifecycle/{phase}")
            link.type, link.linkname, link.mtime = tarfile.SYMTYPE, "lifecycle", EPOCH
            archive.addfile(link)
    return gzip.compress(plain.getvalue(), compresslevel=6, mtime=0)


def _add(archive: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), mode, EPOCH
    archive.addfile(member, io.BytesIO(content))


def _go_mod(module: Path) -> str:
    return (module / "go.mod").read_text(encoding="utf-8")
