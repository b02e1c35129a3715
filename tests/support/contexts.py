"""A build's context in a temporary folder, as the lifecycle would give it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from buildpack.cnb.context import BuildContext, Target


def build_context(
    root: Path,
    restored: Mapping[str, Mapping[str, Any]] | None = None,
    platform_env: Mapping[str, str] | None = None,
    builder_env: Mapping[str, str] | None = None,
) -> BuildContext:
    """Folders ``app``, ``buildpack`` and ``layers`` below ``root``; the stack has 3.13."""
    for name in ("app", "buildpack", "layers"):
        (root / name).mkdir(parents=True, exist_ok=True)
    return BuildContext(
        app_dir=root / "app",
        buildpack_dir=root / "buildpack",
        buildpack_version="0.1.0",
        layers_dir=root / "layers",
        target=Target("linux", "amd64", "debian", "13"),
        platform_env=platform_env or {},
        builder_env={"BP_STACK_PYTHON": "3.13"} if builder_env is None else builder_env,
        bindings=(),
        plan=(),
        restored=restored or {},
        store={},
    )
