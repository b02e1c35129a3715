"""What the platform says: the user's variables and service bindings.

Buildpack interface, "Provided by the Platform"; service bindings: the Service Binding
Specification for Kubernetes, "Workload Projection".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from os.path import isfile
from pathlib import Path

from buildpack.errors.platform import UnreadableInput


@dataclass(frozen=True)
class Binding:
    """One service binding: a folder with a file ``type`` and secrets beside it."""

    name: str
    type: str
    provider: str | None
    folder: Path

    def secret(self, key: str) -> Path | None:
        """The file of that key, or None where the binding has none."""
        path = self.folder / key
        return path if isfile(path) else None


def read_env(platform_dir: Path) -> dict[str, str]:
    """The user's variables, one file each in ``<platform>/env``; values verbatim."""
    folder = platform_dir / "env"
    return {path.name: _text(path) for path in _children(folder) if isfile(path)}


def bindings_root(platform_dir: Path, environ: Mapping[str, str]) -> Path:
    """Where service bindings are: SERVICE_BINDING_ROOT, else ``<platform>/bindings``."""
    root = environ.get("SERVICE_BINDING_ROOT")
    return Path(root) if root else platform_dir / "bindings"


def read_bindings(root: Path) -> tuple[Binding, ...]:
    """Every folder below ``root`` that has a ``type``, by name.

    Folders that begin with a dot belong to the projection (``..data`` on Kubernetes).
    """
    found = []
    for folder in _children(root):
        kind = folder / "type"
        if folder.name.startswith(".") or not isfile(kind):
            continue
        provider = folder / "provider"
        found.append(
            Binding(
                name=folder.name,
                type=_text(kind).strip(),
                provider=_text(provider).strip() if isfile(provider) else None,
                folder=folder,
            )
        )
    return tuple(found)


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise UnreadableInput(folder, error.strerror or str(error)) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise UnreadableInput(path, error.strerror or str(error)) from error
