"""Real ``pack build``s: what they print, and the image that they make.

The names come from scripts/test: FLASKPACK_PACK, FLASKPACK_BUILDER, FLASKPACK_CA.
"""

import json
import os
import re
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.toolchain.building import engine

LIMIT = 600
PREFIX = re.compile(r"^\[[a-z]+\] ?")


@dataclass(frozen=True)
class Built:
    """The outcome of a build.

    ``log`` is what the buildpack printed, ``output`` is all; ``layers`` are the digests of
    our layers by name, none where the build failed.
    """

    image: str
    exit_code: int
    log: str
    output: str
    layers: Mapping[str, str]


class Packer:
    """Builds images under names of its own, and removes them with their caches."""

    def __init__(self, builder: str | None = None) -> None:
        self.builder = builder or os.environ["FLASKPACK_BUILDER"]
        self._prefix = f"flaskpack-test-{uuid.uuid4().hex[:12]}"
        self._names: set[str] = set()
        self._ids: set[str] = set()

    def build(
        self,
        app: Path,
        name: str = "app",
        *options: str,
        env: Mapping[str, str] | None = None,
    ) -> Built:
        """``pack build`` of a folder; the same name means the same image and cache."""
        image = f"{self._prefix}-{name}"
        self._names.add(image)
        command = [os.environ["FLASKPACK_PACK"], "build", image, "--path", str(app)]
        command += ["--builder", self.builder, "--pull-policy", "never", "--trust-builder"]
        command += [
            *engine(os.environ),
            "--no-color",
            "--cache",
            f"type=build;format=volume;name={image}-build",
        ]
        command += ["--cache", f"type=launch;format=volume;name={image}-launch"]
        for key, value in (env or {}).items():
            command += ["--env", f"{key}={value}"]
        bundle = os.environ.get("FLASKPACK_CA")
        if bundle:
            command += ["--volume", f"{bundle}:/etc/ssl/certs/ca-certificates.crt:ro"]
        done = run(*command, *options)
        layers = {}
        if done.returncode == 0:
            facts = inspect(image)
            self._ids.add(facts["Id"])
            layers = _layers(facts)
        return Built(image, done.returncode, _ours(done.stdout), done.stdout, layers)

    def remove(self) -> None:
        """Remove every image and volume that was made."""
        for image in self._names:
            run("docker", "image", "rm", "--force", image)
            run("docker", "volume", "rm", "--force", f"{image}-build", f"{image}-launch")
        for lost in self._ids:
            if is_nameless(lost):
                run("docker", "image", "rm", lost)


def is_nameless(image: str) -> bool:
    """Whether an image is there without a name: a rebuild has taken it. Equal images are one."""
    answer = run("docker", "image", "inspect", "--format", "{{len .RepoTags}}", image)
    return answer.returncode == 0 and answer.stdout.strip() == "0"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """A command's whole output, both streams in one; ended after ten minutes."""
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        timeout=LIMIT,
    )


def timeless(log: str) -> str:
    """A log without what differs from run to run."""
    log = re.sub(r"\([\d.]+MiB\)", "(SIZE)", log)
    return re.sub(r"\bin [\d.]+m?s\b", "in TIME", log)


def inspect(name: str) -> dict[str, Any]:
    """``docker inspect`` of an image or a container."""
    answer = run("docker", "inspect", name)
    assert answer.returncode == 0, answer.stdout
    facts: dict[str, Any] = json.loads(answer.stdout)[0]
    return facts


def _layers(image: dict[str, Any]) -> dict[str, str]:
    labels = image["Config"]["Labels"]
    metadata = json.loads(labels["io.buildpacks.lifecycle.metadata"])
    (ours,) = (bp for bp in metadata["buildpacks"] if bp["key"] == "flaskpack")
    return {name: layer["sha"] for name, layer in ours["layers"].items()}


def _ours(output: str) -> str:
    """The buildpack's lines among pack's: those of the phase BUILDING."""
    lines: list[str] = []
    building = False
    for line in output.splitlines():
        if "===> " in line:
            building = line.endswith("===> BUILDING")
        elif building:
            lines.append(PREFIX.sub("", line).rstrip())
    return "\n".join(lines).strip("\n") + "\n"
