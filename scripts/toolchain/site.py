"""Where a run takes place."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Site:
    """The checkout, the cache folder, and the environment for the programs we start."""

    repository: Path
    cache: Path
    env: dict[str, str]

    @property
    def recipes(self) -> Path:
        return self.repository / "builder"

    def log(self, name: str) -> Path:
        return self.cache / "logs" / f"{name}.log"
