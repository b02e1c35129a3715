"""Lock files, made by the uv that Flaskpack installs with, on the Python that apps run on."""

from pathlib import Path

from benchmarks.build import apps
from benchmarks.build.contenders import proxies
from benchmarks.build.made import Made
from scripts.toolchain import shell
from scripts.toolchain.setup import Toolchain

EXPORT = "uv export --quiet --frozen --no-emit-project --no-dev --output-file"


def make(tools: Toolchain, made: Made, image: str, folder: Path) -> None:
    """uv.lock and hashed.txt, for pip, beside pyproject.toml; ``image`` has uv."""
    command: list[str | Path] = ["docker", "run", "--rm", "--name", made.name("lock")]
    command += [part for name in proxies(tools.site.env) for part in ("--env", name)]
    command += ["--volume", f"{folder}:/app", "--workdir", "/app", "--entrypoint", "sh", image]
    shell.do(
        [*command, "-c", f"uv lock --no-cache && {EXPORT} {apps.HASHED}"],
        log=tools.site.log("bench-lock"),
        failure="uv could not lock what the app requires",
        remedy="Look at the network",
        env=tools.site.env,
    )
