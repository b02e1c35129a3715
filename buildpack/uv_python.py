"""uv as a provider of CPython: what it offers, and its install of one of them."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from buildpack import log
from buildpack.private_files import in_place
from buildpack.python_version import Offer, read_offers
from buildpack.uv import Uv, UvFailed


@dataclass(frozen=True)
class UvPython:
    """uv with the user's mirror; ``folder`` is where it installs, one folder for each version."""

    uv: Uv
    folder: Path

    def offers(self) -> tuple[Offer, ...]:
        """All that can be installed here; raises UvFailed where the list can't be had."""
        arguments = ("list", "--only-downloads", "--all-versions", "--output-format", "json")
        with self._started(*arguments, stdout=subprocess.PIPE) as process:
            listed, words = process.communicate()
        _check(process, words)
        return read_offers(listed)

    def install(self, offer: Offer) -> Path:
        """Install one of them; its folder. Raises UvFailed."""
        with self._started("install", "--no-bin", offer.key, stdout=None) as process:
            words = "".join(_without_progress(process))
        _check(process, words)
        return self.folder / offer.key

    @contextmanager
    def _started(self, *arguments: str, stdout: int | None) -> Iterator[subprocess.Popen[str]]:
        """uv at work; its words come on standard error."""
        command = [str(self.uv.program), "--no-progress", "--color", "never", "python", *arguments]
        with in_place(self.uv.network, self.uv.home) as files:
            environment = {
                **self.uv.environment(),
                **files,
                **self.uv.network.python_mirror,
                "UV_PYTHON_INSTALL_DIR": str(self.folder),
                "UV_PYTHON_DOWNLOADS": "manual",
            }
            with subprocess.Popen(
                command,
                env=environment,
                cwd=self.uv.home,
                stdin=subprocess.DEVNULL,
                stdout=stdout or subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="backslashreplace",
            ) as process:
                yield process


def _without_progress(process: subprocess.Popen[str]) -> Iterator[str]:
    """uv's words but those of a download that begins, which may take long: they are shown."""
    assert process.stderr is not None  # asked for above
    for line in process.stderr:
        if line.strip().startswith("Downloading "):
            log.line(line.strip())
        else:
            yield line


def _check(process: subprocess.Popen[str], words: str) -> None:
    if process.wait() != 0:
        raise UvFailed(process.returncode, words)
