"""The engine's wheel, built by engine/build.py for the stack's Python."""

from pathlib import Path

from scripts.toolchain import cache, say, shell
from scripts.toolchain.site import Site


def ready(site: Site, python: Path, headers: list[Path]) -> Path:
    source = site.repository / "engine"
    inputs = [path for path in cache.files_in(source) if "tests" not in path.parts]
    names = [path.relative_to(source).as_posix() for path in inputs]
    # The headers' folder is named by their digest.
    key = cache.key_of(*names, *inputs, str(headers[0]))

    def fill(to: Path) -> None:
        with say.step("Engine: building meinheld's wheel"):
            shell.do(
                [
                    python,
                    source / "build.py",
                    "--out",
                    to,
                    "--python-include",
                    ":".join(map(str, headers)),
                ],
                log=site.log("engine"),
                failure="engine/build.py could not build the wheel",
                remedy="The log says why; it needs the package index for meinheld's source",
                env=site.env | {"FLASKPACK_CACHE": str(site.cache)},
            )

    return next(cache.entry(site.cache, "engine-wheel", key, fill).glob("*.whl"))


def version(wheel: Path) -> str:
    """``1.0.2+flaskpack.1`` out of the file's name."""
    return wheel.name.split("-")[1]
