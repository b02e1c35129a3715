"""The ``venv`` layer: dependencies, gunicorn and the engine, bytecode inside.

The environment lies one folder below the layer's root: a ``lib`` at the root would put
itself on LD_LIBRARY_PATH of every process, psql in a prestart included.
"""

from __future__ import annotations  # types of what a build that installs nothing doesn't load

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from buildpack import log
from buildpack.cnb.layer import EnvFile, Layer, Types, fresh_folder, write_launch_env
from buildpack.requirements.credentials import SHORTEST_SECRET
from layers import wheels

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from buildpack.cnb.context import BuildContext
    from buildpack.cnb.result import Sbom
    from buildpack.dependencies import Addition
    from buildpack.installed import Installed
    from buildpack.interpreter import Interpreter
    from buildpack.requirements import InstallerInput
    from buildpack.uv import Uv
    from buildpack.wheel_folder import WheelFolder
    from layers.wheels import Wheels

NAME = "venv"
FOR_A_PROMPT = ("bin/activate*", "bin/deactivate*", "bin/*.bat", ".gitignore", "CACHEDIR.TAG")
"""What uv puts into a new environment for people at a prompt, and for itself."""


@dataclass(frozen=True)
class Recipe:
    """What the environment is made from.

    ``user`` are the user's requirements, None where there are none. ``engine`` is the
    requirement of the engine, None where no wheel fits. ``key`` names each part in the
    user's words and gives its digest. ``arguments`` are uv's for everything but the engine,
    beside the user's own. ``folder`` is the app's, where it brings its packages along.
    """

    python: Interpreter
    user: InstallerInput | None
    additions: tuple[Addition, ...]
    engine: str | None
    engine_wheels: Path
    key: Mapping[str, str]
    arguments: tuple[str, ...] = ()
    folder: WheelFolder | None = None


@dataclass(frozen=True)
class Venv:
    """The environment: the version of each package in it, by normalised name.

    ``sbom`` is None where the layer is taken over, with the one that it had.
    """

    layer: Layer
    versions: Mapping[str, str]
    sbom: Sbom | None = None


def folder(context: BuildContext) -> Path:
    """Where the environment is, at build and at launch."""
    return context.layers_dir / NAME / NAME


def restored_key(context: BuildContext) -> Mapping[str, str] | None:
    """The key of the last build's environment, None where there is none to take over."""
    metadata = context.restored.get(NAME, {})
    if "versions" not in metadata:
        return None
    return {part["name"]: part["digest"] for part in metadata.get("key", ())}


def take_over(context: BuildContext) -> Venv:
    """The last build's environment: declared again, without its folder."""
    metadata = context.restored[NAME]
    return Venv(Layer(NAME, Types(launch=True), metadata), metadata["versions"])


def make(context: BuildContext, recipe: Recipe, uv: Uv, cached: Wheels) -> Venv:
    """A new environment; raises UvFailed, with nothing of it left."""
    layer_dir = fresh_folder(context.layers_dir / NAME)
    try:
        return _make(context, layer_dir, recipe, uv, cached)
    except BaseException:
        import shutil

        shutil.rmtree(layer_dir, ignore_errors=True)
        raise


def _make(context: BuildContext, layer_dir: Path, recipe: Recipe, uv: Uv, cached: Wheels) -> Venv:
    from buildpack.installed import read_installed, site_packages
    from buildpack.sbom import describe_environment

    venv = folder(context)
    wheels.restore(cached)
    uv.make_venv(recipe.python.path, venv)
    # Now, not later: a dependency may bring a program of such a name.
    _remove(path for pattern in FOR_A_PROMPT for path in venv.glob(pattern))
    site = site_packages(venv, recipe.python.minor)
    if recipe.user:
        _install_users(uv, venv, recipe.user, _arguments(recipe))
    _install_additions(uv, venv, recipe, read_installed(site))
    _install_engine(uv, venv, recipe)
    _tell_missing(uv, venv, recipe.user)
    secrets = _secrets(uv, recipe.user)
    _tidy(venv, site, recipe.python, secrets)
    installed = read_installed(site)
    wheels.keep(cached, site, secrets)
    write_launch_env(layer_dir, (EnvFile("PATH", "prepend", str(venv / "bin"), delim=":"),))
    versions = {name: dist.version for name, dist in installed.distributions.items()}
    key = [{"name": name, "digest": digest} for name, digest in recipe.key.items()]
    layer = Layer(NAME, Types(launch=True), {"key": key, "versions": versions})
    sbom = describe_environment(NAME, recipe.python, installed, _locked(recipe.user))
    return Venv(layer, versions, sbom)


def _locked(user: InstallerInput | None) -> dict[str, tuple[str, ...]]:
    """The hashes that the user's files allow, by the name of the distribution."""
    entries = user.entries if user else ()
    return {entry.name: entry.hashes for entry in entries if entry.name and entry.hashes}


def _install_users(uv: Uv, venv: Path, user: InstallerInput, arguments: tuple[str, ...]) -> None:
    """The user's requirements; of ours only what an old gunicorn needs takes part in them."""
    requirements = uv.home / "requirements.txt"
    requirements.write_text(user.requirements, encoding="utf-8")
    files = ["-r", str(requirements)]
    if user.constraints:
        constraints = uv.home / "constraints.txt"
        constraints.write_text(user.constraints, encoding="utf-8")
        files += ["-c", str(constraints)]
    uv.install(venv, *files, *user.own_arguments, *arguments, variables=user.environment)
    if user.project:
        project = uv.home / "project.txt"
        project.write_text(user.project, encoding="utf-8")
        # The hashes that are enforced are those of what it depends on.
        words = [word for word in arguments if word != "--require-hashes"]
        uv.install(venv, "--no-deps", "-r", str(project), *words, variables=user.environment)


def _install_additions(uv: Uv, venv: Path, recipe: Recipe, installed: Installed) -> None:
    """What nobody required, from the user's indexes, without moving a version of what is there."""
    missing = [one for one in recipe.additions if not installed.version(one.name)]
    if not missing:
        return
    for addition in missing:
        log.line(f"Adding {addition.requirement}: {addition.why}, and nobody requires it")
    frozen = uv.home / "frozen.txt"
    lines = (f"{dist.name}=={dist.version}\n" for dist in installed.distributions.values())
    frozen.write_text("".join(lines), encoding="utf-8")
    additions = uv.home / "additions.txt"
    index = recipe.user.index if recipe.user else ""
    additions.write_text(
        index + "".join(f"{addition.requirement}\n" for addition in missing), encoding="utf-8"
    )
    uv.install(
        venv,
        *("-r", str(additions), "-c", str(frozen)),
        # Ours have no hashes: the user's are enforced for what the user requires.
        *(word for word in _arguments(recipe) if word != "--require-hashes"),
        variables=recipe.user.environment if recipe.user else None,
    )


def _arguments(recipe: Recipe) -> tuple[str, ...]:
    return recipe.arguments + (recipe.user.arguments if recipe.user else ())


def _install_engine(uv: Uv, venv: Path, recipe: Recipe) -> None:
    """The last step, offline."""
    if recipe.engine:
        offline = ("--offline", "--no-deps", "--no-index", "--find-links")
        uv.install(venv, *offline, str(recipe.engine_wheels), recipe.engine)


def _tell_missing(uv: Uv, venv: Path, user: InstallerInput | None) -> None:
    """A lock is installed as it is, so what it lacks is missing: uv adds nothing."""
    if user and "--no-deps" in user.own_arguments:
        for sentence in uv.missing(venv):
            log.warning(f"The lock isn't complete: {sentence}")


def _secrets(uv: Uv, user: InstallerInput | None) -> tuple[str, ...]:
    values = (*uv.network.secrets(), *(user.environment.values() if user else ()))
    return tuple(value for value in values if len(value) >= SHORTEST_SECRET)


def _tidy(venv: Path, site: Path, python: Interpreter, secrets: tuple[str, ...]) -> None:
    """Remove what would differ between two builds, may be secret, or is never used."""
    _remove(venv.glob(".lock"))
    for record in site.glob("*.dist-info/uv_cache.json"):  # holds the time of a local wheel
        _forget(record)
    for origin in site.glob("*.dist-info/direct_url.json"):
        # uv leaves out user and password, but a token may be part of the path or the query.
        address = origin.read_text(encoding="utf-8")
        if "?" in address or any(secret in address for secret in secrets):
            _forget(origin)
    _remove_bytecode_of_tests(site)
    # uv links to /usr/bin/python3, which after a rebase may be another minor version.
    program = venv / "bin" / "python"
    program.unlink()
    program.symlink_to(python.path)


def _remove_bytecode_of_tests(site: Path) -> None:
    """Packages' own tests are never run here: their bytecode is a tenth of pandas and scipy.

    The tests themselves stay: now and then a package imports from its own.
    """
    for folder, _, files in os.walk(site):
        parts = Path(folder).relative_to(site).parts
        if parts[-1:] == ("__pycache__",) and "tests" in parts:
            _remove(Path(folder, file) for file in files)
            Path(folder).rmdir()


def _remove(files: Iterable[Path]) -> None:
    """Delete files; one that two patterns name (activate.bat) is gone the second time."""
    for file in list(files):
        file.unlink(missing_ok=True)


def _forget(file: Path) -> None:
    """Delete a file and its line in RECORD.

    RECORD may be a hard link into the cache, so it is replaced, never edited.
    """
    record = file.parent / "RECORD"
    name = f"{file.parent.name}/{file.name},"
    lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
    record.unlink()
    kept = (line for line in lines if not line.startswith(name))
    record.write_text("".join(kept), encoding="utf-8")
    file.unlink()
