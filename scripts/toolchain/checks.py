"""scripts/test: lint, types, all tests."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scripts.toolchain import builder, clang, images, nginx, peers, say, uml
from scripts.toolchain.setup import BUILDER, REPOSITORY, UNDECLARED, Toolchain

TYPED = ["buildpack", "layers", "scripts", "engine", "tests", "benchmarks"]

TYPED_FROM = "tests:engine:engine/tests"
"""The folders that modules are imported from, besides the repository itself: each may have
a conftest.py or a module of a name that another has too."""


def check(tools: Toolchain, arguments: Sequence[str]) -> int:
    """Runs everything, the cheap first; returns the first exit code that isn't 0."""
    env = tools.site.env | for_tests(tools) | {"MYPYPATH": TYPED_FROM}
    env["FLASKPACK_UML"] = str(uml.ready(tools.site))
    env["FLASKPACK_NGINX"] = str(nginx.ready(tools.site))
    env["FLASKPACK_CLANG"] = str(clang.ready(tools.site))
    for module in (
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", "--strict", "--explicit-package-bases", *TYPED],
        ["pytest", *arguments],
    ):
        say.line(f"\n$ {' '.join(module)}")
        command: list[str | Path] = [tools.python, "-m", *module]
        done = subprocess.run(command, cwd=REPOSITORY, env=env, check=False)
        if done.returncode != 0:
            say.line(f"\n{module[0]} failed after {say.elapsed()}.")
            return done.returncode
    say.line(f"\nAll checks passed after {say.elapsed()}.")
    return 0


def for_tests(tools: Toolchain) -> dict[str, str]:
    """How the tests find what was set up."""
    others = {
        f"FLASKPACK_BUILDER_{suite.name.upper()}": builder.name(suite) for suite in images.OTHERS
    }
    return others | {
        "FLASKPACK_CACHE": str(tools.site.cache),
        "FLASKPACK_BUILDER": BUILDER,
        "FLASKPACK_BUILDER_UNDECLARED": UNDECLARED,
        "FLASKPACK_BUILDPACK": str(tools.buildpack),
        "FLASKPACK_CA": str(tools.certificates or ""),
        "FLASKPACK_PACK": str(tools.pack),
        "FLASKPACK_PEERS": peers.IMAGE,
        # gunicorn as a program, and the same python for whoever starts one.
        "PATH": os.pathsep.join([str(tools.python.parent), tools.site.env.get("PATH", "")]),
    }
