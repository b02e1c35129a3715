"""The real uv, run as the buildpack runs it, with a cache and a home of its own."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from uv import find_uv_bin

from buildpack.errors.install import InstallError
from buildpack.installer_failure import classify
from buildpack.requirements import InstallerInput, read_requirements, without_engine


@dataclass(frozen=True)
class Run:
    """A run of uv: its exit code, its words, and what it was given."""

    code: int
    words: str
    given: InstallerInput

    def error(self) -> InstallError:
        assert self.code != 0, self.words
        return classify(self.words, self.code, self.given)


def install(
    folder: Path,
    files: Mapping[str, str],
    index: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    prefix: tuple[str, ...] = (),
) -> Run:
    """Install what the files of an app require into ``folder/target``.

    ``values`` are the platform's, for ``${NAME}``; ``prefix`` stands before uv's command.
    """
    app, home = folder / "app", folder / "home"
    home.mkdir(exist_ok=True)
    for name, text in files.items():
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_text(text)
    given = without_engine(read_requirements(app, PurePosixPath("requirements.txt"), values))
    (home / "requirements.txt").write_text(given.requirements)
    (home / "constraints.txt").write_text(given.constraints)
    command = [*prefix, find_uv_bin(), "--no-progress", "--color", "never", "pip", "install"]
    command += ["--python", sys.executable, "--target", str(folder / "target")]
    command += ["--default-index", index, *arguments, *given.arguments]
    command += ["-r", str(home / "requirements.txt"), "-c", str(home / "constraints.txt")]
    done = subprocess.run(
        command,
        cwd=home,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "UV_CACHE_DIR": str(folder / "cache"),
            "UV_NO_CONFIG": "1",
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_HTTP_RETRIES": "0",
            **given.environment,
            **(environment or {}),
        },
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return Run(done.returncode, done.stdout, given)


def installed(folder: Path) -> list[str]:
    """What lies in ``folder/target``: names and versions as in ``name-1.0``, sorted."""
    return sorted(info.stem for info in (folder / "target").glob("*.dist-info"))
