"""What a run makes in the Docker engine: all of it is named or labelled, and removed."""

import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from scripts.toolchain import say, shell

LABEL = "flaskpack.bench"


@dataclass(frozen=True)
class Made:
    """Names of one run; ``superseded`` are ids of images that have lost their name."""

    run: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    superseded: list[str] = field(default_factory=list)

    def name(self, part: str) -> str:
        """For an image, a container or a volume."""
        return f"flaskpack-bench-{self.run}-{part}"

    @property
    def label(self) -> str:
        """For images that others are made from: containers and images inherit it."""
        return f"{LABEL}={self.run}"

    def remove(self) -> None:
        """Everything that there is; what is gone already is no matter."""
        of_us, named = f"label={self.label}", f"name={self.name('')}"
        volumes = listed("volume", "ls", "--filter", named)
        containers = listed("ps", "--all", "--filter", of_us)
        containers += listed("ps", "--all", "--filter", named)
        for volume in volumes:
            # A container of pack's own, where it was killed, has another name.
            containers += listed("ps", "--all", "--filter", f"volume={volume}")
        networks = _networks(containers)
        _remove("container", containers)
        _remove("network", networks)
        _remove("volume", volumes)
        # By name first: an image that others are made from can't go before them.
        _remove("image", listed("images", "--filter", f"reference={self.name('*')}"))
        _remove("image", self.superseded)
        while images := listed("images", "--all", "--filter", of_us):
            _remove("image", images)
            if listed("images", "--all", "--filter", of_us) == images:
                say.line(f"These images could not be removed: {' '.join(images)}")
                break


def listed(*command: str) -> list[str]:
    """The names or ids that a list command gives, each once."""
    told = shell.ask(["docker", *command, "--quiet", *_whole(command)], timeout=60)
    return list(dict.fromkeys((told or "").split()))


def _whole(command: tuple[str, ...]) -> tuple[str, ...]:
    return () if command[0] == "volume" else ("--no-trunc",)


def _networks(containers: list[str]) -> list[str]:
    """Those that pack makes for a container."""
    names = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"
    told = [shell.ask(["docker", "inspect", "--format", names, each]) for each in containers]
    return [name for name in " ".join(filter(None, told)).split() if name.startswith("pack.local")]


def _remove(kind: str, names: list[str]) -> None:
    for name in names:
        force = [] if kind == "network" else ["--force"]
        shell.ask(["docker", kind, "rm", *force, name], timeout=120)


@contextmanager
def removed_at_the_end(made: Made) -> Iterator[None]:
    """On an interrupt or a request to end as well, and not to be interrupted twice."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        with say.step("Removing what was made in the engine"):
            made.remove()
