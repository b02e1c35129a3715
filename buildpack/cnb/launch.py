"""launch.toml: processes, labels, slices ("launch.toml (TOML)" of the spec)."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Process:
    """A process type. ``docker run IMAGE a b`` replaces ``args``, never ``command``."""

    type: str
    command: tuple[str, ...]
    args: tuple[str, ...] = ()
    default: bool = False

    def document(self) -> dict[str, Any]:
        """One ``[[processes]]`` table."""
        return {
            "type": self.type,
            "command": list(self.command),
            "args": list(self.args),
            "default": self.default,
        }


@dataclass(frozen=True)
class Label:
    """A label of the image."""

    key: str
    value: str


@dataclass(frozen=True)
class Slice:
    """Parts of the app dir that become a layer of their own; globs below the app dir."""

    paths: tuple[str, ...]


@dataclass(frozen=True)
class Launch:
    """Everything that stands in launch.toml."""

    processes: tuple[Process, ...] = ()
    labels: tuple[Label, ...] = ()
    slices: tuple[Slice, ...] = ()

    def document(self) -> dict[str, Any]:
        """The content of launch.toml."""
        return {
            "processes": [process.document() for process in self.processes],
            "labels": [{"key": label.key, "value": label.value} for label in self.labels],
            "slices": [{"paths": list(piece.paths)} for piece in self.slices],
        }
