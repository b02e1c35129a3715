"""Running uv, in an environment that we build.

Nothing is inherited but proxies: an app's ``uv.toml``, ``pip.conf`` or ``bin/uv``, and a
``PYTHONPATH`` of the platform, are never read or run by us.
"""

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from buildpack import log
from buildpack.network import PROXIES, Network
from buildpack.private_files import in_place
from buildpack.requirements import mask_credentials

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where build backends find compilers; the platform's own PATH may name the app's folder."""

PROGRESS = (
    *("Resolved ", "Prepared ", "Installed ", "Uninstalled ", "Downloading ", "Downloaded "),
    *("Building ", "Built ", "Updating ", "Updated ", "warning: ", "+ ", "- ", "~ "),
)
"""How uv's lines of progress begin."""

FOUND = "+ "
"""How a line begins that names a package to install."""


class UvFailed(Exception):
    """uv ended with an error: its words, for the classifier. Never reaches a user."""

    def __init__(self, exit_code: int, words: str) -> None:
        super().__init__(f"uv ended with exit code {exit_code}")
        self.exit_code = exit_code
        self.words = words


@dataclass(frozen=True)
class Uv:
    """uv with the folders and settings of one build."""

    program: Path
    cache: Path
    home: Path
    network: Network
    proxies: Mapping[str, str]

    def make_venv(self, python: Path, venv: Path) -> None:
        """A virtual environment on that interpreter; raises UvFailed."""
        self._run("venv", "--quiet", "--no-project", "--python", str(python), str(venv))

    def install(
        self, venv: Path, *arguments: str, variables: Mapping[str, str] | None = None
    ) -> None:
        """``uv pip install`` into a venv, its progress shown; raises UvFailed.

        ``variables`` are those that the user's requirements refer to.
        """
        python = str(venv / "bin" / "python")
        self._run("pip", "install", "--python", python, *arguments, variables=variables)

    def resolve(
        self, venv: Path, *arguments: str, variables: Mapping[str, str] | None = None
    ) -> tuple[str, ...]:
        """What ``install`` would bring: "flask==3.1.3", "own==1.0 (from file:///…)".

        Nothing is downloaded but metadata. Raises UvFailed.
        """
        python = str(venv / "bin" / "python")
        command = ("pip", "install", "--dry-run", "--python", python, *arguments)
        lines = self._run(*command, variables=variables, hidden=(FOUND,))
        return tuple(line.removeprefix(FOUND) for line in lines if line.startswith(FOUND))

    def _run(
        self,
        *arguments: str,
        variables: Mapping[str, str] | None = None,
        hidden: tuple[str, ...] = (),
    ) -> list[str]:
        """The lines that aren't shown: they are no progress, or begin as ``hidden`` says."""
        command = [str(self.program), "--no-progress", "--color", "never", *arguments]
        given = dict(variables or {})
        with in_place(self.network, self.home) as files:
            process = subprocess.Popen(
                command,
                env=self.environment() | files | given,
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="backslashreplace",
            )
            assert process.stdout is not None  # asked for above
            secrets = (*self.network.secrets(), *given.values())
            rest = _show_progress(process.stdout, secrets, hidden)
            code = process.wait()
        if code != 0:
            raise UvFailed(code, "".join(f"{line}\n" for line in rest))
        return [line.strip() for line in rest]

    def environment(self) -> dict[str, str]:
        """What uv and the build backends it starts see, beside the names of private files."""
        environment = {
            "PATH": PATH,
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "UV_CACHE_DIR": str(self.cache),
            "UV_NO_CONFIG": "1",
            "UV_PYTHON_DOWNLOADS": "never",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
        }
        return {**environment, **self.proxies, **self.network.index, **self.network.reach}


def proxies_of(builder_env: Mapping[str, str]) -> dict[str, str]:
    """The proxies among the variables that the lifecycle lets through."""
    return {name: value for name, value in builder_env.items() if name.upper() in PROXIES and value}


def _show_progress(
    output: Iterable[str], secrets: tuple[str, ...], hidden: tuple[str, ...]
) -> list[str]:
    """Log uv's lines of progress as they come; the others are for the classifier."""
    rest = []
    for raw in output:
        text = mask_credentials(raw.rstrip("\n"), secrets)
        said = text.strip()
        if said.startswith(PROGRESS) and not said.startswith(hidden):
            log.line(said)
        elif not text.startswith("Using "):
            rest.append(text)
    return rest
