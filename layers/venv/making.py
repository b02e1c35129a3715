"""Making a new environment, step by step: the user's requirements, what is added, the engine."""

import shutil
from pathlib import Path

from buildpack import log
from buildpack.bytecode import compiling_packages, modules_of_packages
from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import EnvFile, Layer, fresh_folder, write_launch_env
from buildpack.dependencies import Addition
from buildpack.installed import Installed, read_installed, site_packages
from buildpack.requirements import InstallerInput
from buildpack.requirements.credentials import SHORTEST_SECRET
from buildpack.sbom import describe_environment
from buildpack.uv import Uv
from layers import bytecode, wheels
from layers.venv import NAME, TYPES, Venv, folder
from layers.venv.recipe import Recipe
from layers.venv.tidying import tidy, tidy_empty
from layers.wheels import Wheels


def make(context: BuildContext, recipe: Recipe, uv: Uv, cached: Wheels) -> Venv:
    """A new environment; raises UvFailed, with nothing of it left."""
    layer_dir = fresh_folder(context.layers_dir / NAME)
    try:
        return _make(context, layer_dir, recipe, uv, cached)
    except BaseException:
        shutil.rmtree(layer_dir, ignore_errors=True)
        raise


def _make(context: BuildContext, layer_dir: Path, recipe: Recipe, uv: Uv, cached: Wheels) -> Venv:
    venv = folder(context)
    wheels.restore(cached)
    uv.make_venv(recipe.python.path, venv)
    tidy_empty(venv)
    site = site_packages(venv, recipe.python.minor)
    if recipe.user:
        _install_users(uv, venv, recipe.user, _arguments(recipe))
    python = recipe.python.path
    users = [module for module in modules_of_packages(site) if not _is_replaced(module, site)]
    with compiling_packages(python, users, bytecode.known(context, bytecode.USERS)):
        required = read_installed(site)
        missing = _missing(recipe, required)
        _install_additions(uv, venv, recipe, required, missing)
        _install_carried(uv, venv, recipe, missing)
        _tell_missing(uv, venv, recipe.user)
        secrets = _secrets(uv, recipe.user)
        tidy(venv, site, recipe.python, secrets)
        added = sorted(set(modules_of_packages(site)) - set(users))
        with compiling_packages(python, added, bytecode.known(context, bytecode.ADDED)):
            installed = read_installed(site)
            wheels.keep(cached, site, secrets)
            sbom = describe_environment(NAME, recipe.python, installed, _locked(recipe.user))
    write_launch_env(layer_dir, (EnvFile("PATH", "prepend", str(venv / "bin"), delim=":"),))
    versions = {name: dist.version for name, dist in installed.distributions.items()}
    key = [{"name": name, "digest": digest} for name, digest in recipe.key.items()]
    layer = Layer(NAME, TYPES, {"key": key, "versions": versions})
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


def _is_replaced(module: str, site: Path) -> bool:
    """Whether it is of a meinheld that something else required: the engine's files come instead."""
    return module.startswith(f"{site}/meinheld/")


def _missing(recipe: Recipe, installed: Installed) -> tuple[Addition, ...]:
    """What nobody required."""
    missing = tuple(one for one in recipe.additions if not installed.version(one.name))
    for addition in missing:
        log.line(f"Adding {addition.requirement}: {addition.why}, and nobody requires it")
    return missing


def _install_additions(
    uv: Uv, venv: Path, recipe: Recipe, required: Installed, missing: tuple[Addition, ...]
) -> None:
    """From the user's indexes, without moving a version of what is there."""
    wanted = [one for one in missing if one not in recipe.carried]
    if not wanted:
        return
    frozen = uv.home / "frozen.txt"
    lines = (f"{one.name}=={one.version}\n" for one in required.distributions.values())
    frozen.write_text("".join(lines), encoding="utf-8")
    additions = uv.home / "additions.txt"
    index = recipe.user.index if recipe.user else ""
    listed = "".join(f"{addition.requirement}\n" for addition in wanted)
    additions.write_text(index + listed, encoding="utf-8")
    uv.install(
        venv,
        *("-r", str(additions), "-c", str(frozen)),
        # Ours have no hashes: the user's are enforced for what the user requires.
        *(word for word in _arguments(recipe) if word != "--require-hashes"),
        variables=recipe.user.environment if recipe.user else None,
    )


def _arguments(recipe: Recipe) -> tuple[str, ...]:
    return recipe.arguments + (recipe.user.arguments if recipe.user else ())


def _install_carried(
    uv: Uv, venv: Path, recipe: Recipe, missing: tuple[Addition, ...]
) -> None:
    """The last step, offline: what Flaskpack brings along, none of which requires anything."""
    wanted = [one.requirement for one in missing if one in recipe.carried]
    if recipe.engine:
        wanted.append(recipe.engine)
    if wanted:
        offline = ("--offline", "--no-deps", "--no-index", "--find-links")
        uv.install(venv, *offline, str(recipe.wheels), *wanted)


def _tell_missing(uv: Uv, venv: Path, user: InstallerInput | None) -> None:
    """A lock is installed as it is, so what it lacks is missing: uv adds nothing."""
    if user and "--no-deps" in user.own_arguments:
        for sentence in uv.missing(venv):
            log.warning(f"The lock isn't complete: {sentence}")


def _secrets(uv: Uv, user: InstallerInput | None) -> tuple[str, ...]:
    values = (*uv.network.secrets(), *(user.environment.values() if user else ()))
    return tuple(value for value in values if len(value) >= SHORTEST_SECRET)
