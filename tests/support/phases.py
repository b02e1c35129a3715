"""The lifecycle's phases one by one, each in a container of its own: as kpack and Tekton do."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support.packing import run

PLATFORM_API = "0.13"
LOCKED = ("--cap-drop", "ALL", "--security-opt", "no-new-privileges")


@dataclass(frozen=True)
class Phases:
    """Builds by one user of no privilege; ``root`` holds what the phases share."""

    root: Path
    builder: str
    run_image: str
    user: int
    group: int

    def build(self, app: Path, image: str, cache: str, env: Mapping[str, str]) -> dict[str, str]:
        """All five; ``{phase: what it printed}``. ``cache`` is an image too."""
        self._prepare(app, env)
        shared = ["-layers", "/layers"]
        source = ["-app", "/workspace"]
        ids = ["-uid", str(self.user), "-gid", str(self.group)]
        caching = ["-cache-image", cache]
        return {
            "analyzer": self._run(
                "analyzer", *shared, *ids, *caching, "-run-image", self.run_image, image
            ),
            "detector": self._run("detector", *shared, *source, "-platform", "/platform"),
            "restorer": self._run("restorer", *shared, *ids, *caching),
            "builder": self._run("builder", *shared, *source, "-platform", "/platform"),
            "exporter": self._run("exporter", *shared, *source, *ids, *caching, image),
        }

    def _prepare(self, app: Path, env: Mapping[str, str]) -> None:
        for name in ("layers", "workspace", "platform"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        shutil.copytree(app, self.root / "workspace")
        (self.root / "layers").mkdir()
        (self.root / "platform" / "env").mkdir(parents=True)
        for key, value in env.items():
            (self.root / "platform" / "env" / key).write_text(value)
        subprocess.run(["chown", "-R", f"{self.user}:{self.group}", self.root], check=True)

    def _run(self, phase: str, *arguments: str) -> str:
        command = ["docker", "run", "--rm", "--network", "host", *LOCKED]
        command += ["--user", f"{self.user}:{self.group}", "--env", "HOME=/tmp"]
        command += ["--env", f"CNB_PLATFORM_API={PLATFORM_API}"]
        for name in ("layers", "workspace", "platform"):
            command += ["--volume", f"{self.root / name}:/{name}"]
        if bundle := os.environ.get("FLASKPACK_CA"):
            command += ["--volume", f"{bundle}:/etc/ssl/certs/ca-certificates.crt:ro"]
        done = run(*command, self.builder, f"/cnb/lifecycle/{phase}", "-no-color", *arguments)
        assert done.returncode == 0, f"{phase}: {done.stdout}"
        return done.stdout
