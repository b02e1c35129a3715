"""What a run has measured so far, on the disk: an interrupted one goes on where it was."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.serve.counts import Count
from benchmarks.serve.measure import Sample

Key = tuple[str, str]
"""A case's and a server's; of a count an app's and a server's."""


@dataclass
class Kept:
    """A folder with a file for each round, a line for each measurement, and one for counts."""

    folder: Path
    samples: dict[int, dict[Key, Sample]] = field(default_factory=dict)
    counts: dict[Key, Count] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(self.folder.glob("round-*.jsonl")):
            number = int(path.stem.rpartition("-")[2])
            self.samples[number] = {
                (line.pop("case"), line.pop("server")): Sample(**line) for line in _lines(path)
            }
        for line in _lines(self.folder / "counts.jsonl"):
            self.counts[line["app"], line["server"]] = Count(**line)

    def __len__(self) -> int:
        return sum(map(len, self.samples.values())) + len(self.counts)

    def add(self, number: int, case: str, server: str, sample: Sample) -> None:
        self.samples.setdefault(number, {})[case, server] = sample
        self._write(f"round-{number}.jsonl", {"case": case, "server": server, **sample.document()})

    def add_count(self, count: Count) -> None:
        self.counts[count.app, count.server] = count
        self._write("counts.jsonl", count.document())

    def forget(self) -> None:
        """When the report is written."""
        shutil.rmtree(self.folder)

    def _write(self, name: str, line: dict[str, object]) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Whole ones; one that was interrupted is cut off, so that another can follow."""
    if path.exists():
        written = path.read_bytes()
        whole = written[: written.rfind(b"\n") + 1]
        if whole != written:
            path.write_bytes(whole)
        yield from map(json.loads, whole.splitlines())
