"""What uv installs into an environment, step by step."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from buildpack import log
from buildpack.dependencies import Addition
from buildpack.installed import Distribution
from buildpack.requirements import InstallerInput
from buildpack.uv import Uv
from layers.venv.keeping import Keeping
from layers.venv.recipe import Recipe
from layers.venv.wanted import Hashes, Wanted, both, bringing, hashes_of, locked, resolved

EXACTLY = "--no-deps"


def install_users(uv: Uv, venv: Path, recipe: Recipe) -> None:
    """The user's requirements; of ours only what an old gunicorn needs takes part in them."""
    if user := recipe.user:
        arguments = _of_user(uv, user, recipe)
        uv.install(venv, *arguments, variables=user.environment)
        _install_project(uv, venv, recipe, user)


def install_rest(
    uv: Uv, venv: Path, recipe: Recipe, wanted: Wanted, keeping: Keeping
) -> None:
    """What isn't kept, in the versions that were decided on."""
    user = recipe.user
    hashes = hashes_of(user)
    names = sorted(keeping.names - wanted.brought)
    lines = "".join(_exact(name, wanted.versions[name], hashes) for name in names)
    if listed := (user.places if user else "") + lines:
        _install_exactly(uv, venv, recipe, listed)
    if user:
        _install_project(uv, venv, recipe, user)


def _install_exactly(uv: Uv, venv: Path, recipe: Recipe, lines: str, *arguments: str) -> None:
    """What stands in these lines and nothing else."""
    user = recipe.user
    listed = uv.home / "rest.txt"
    listed.write_text((user.index if user else "") + lines, encoding="utf-8")
    uv.install(
        venv,
        *("-r", str(listed), EXACTLY, *arguments),
        *(word for word in (user.own_arguments if user else ()) if word != EXACTLY),
        *_without_hashes(recipe),
        variables=user.environment if user else None,
    )


def install_again(uv: Uv, venv: Path, recipe: Recipe, name: str, there: Distribution) -> None:
    """One of the user's packages over the files of others."""
    user = recipe.user
    lines = user.places if user else ""
    if not is_from_elsewhere(there):
        lines = _exact(name, there.version, hashes_of(user))
    _install_exactly(uv, venv, recipe, lines, "--reinstall-package", name)


def is_from_elsewhere(dist: Distribution) -> bool:
    """Whether no index had it: an address, a repository or a folder is written down (PEP 610)."""
    return bool(dist.read("direct_url.json"))


def decide(uv: Uv, venv: Path, recipe: Recipe) -> Wanted | None:
    """The packages and versions of the environment; None where that can't be told beforehand."""
    user = recipe.user
    wanted = Wanted({}, {})
    if user:
        wanted = locked(user) or _resolved(uv, venv, recipe, user)
    missing = missing_of(recipe, wanted.names)
    if needed := _of_indexes(recipe, missing):
        more = _resolved_more(uv, venv, recipe, needed, wanted)
        if more is None:
            return None
        wanted = both(wanted, more)
    return bringing(wanted, _brought(recipe, missing))


def _resolved_more(
    uv: Uv, venv: Path, recipe: Recipe, needed: tuple[Addition, ...], wanted: Wanted
) -> Wanted | None:
    """What is added from an index, and what that requires."""
    user = recipe.user
    files: tuple[str, ...] = ()
    if user and wanted.elsewhere:
        if EXACTLY in user.own_arguments:
            return None
        files = _files(uv, user)  # what is added may require what lies elsewhere
    index = user.index if user and not files else ""
    arguments = _of_additions(uv, recipe, needed, wanted.versions, index)
    lines = uv.resolve(venv, *files, *arguments, variables=user.environment if user else None)
    return resolved(lines, hashes_of(user))


def missing_of(recipe: Recipe, there: Collection[str]) -> tuple[Addition, ...]:
    """What nobody required."""
    return tuple(one for one in recipe.additions if one.name not in there)


def tell(missing: Iterable[Addition]) -> None:
    for addition in missing:
        log.line(f"Adding {addition.requirement}: {addition.why}, and nobody requires it")


def install_additions(
    uv: Uv, venv: Path, recipe: Recipe, versions: Mapping[str, str], missing: tuple[Addition, ...]
) -> None:
    """From the user's indexes, without moving a version of what is there."""
    if wanted := _of_indexes(recipe, missing):
        user = recipe.user
        arguments = _of_additions(uv, recipe, wanted, versions, user.index if user else "")
        uv.install(venv, *arguments, variables=user.environment if user else None)


def install_brought(
    uv: Uv, venv: Path, recipe: Recipe, missing: tuple[Addition, ...], kept: Collection[str]
) -> None:
    """The last step, offline: what Flaskpack brings along, none of which requires anything."""
    brought = _brought(recipe, missing)
    if wanted := [text for text in brought if text.partition("==")[0] not in kept]:
        offline = ("--offline", EXACTLY, "--no-index", "--find-links")
        uv.install(venv, *offline, str(recipe.wheels), *wanted)


def _brought(recipe: Recipe, missing: tuple[Addition, ...]) -> list[str]:
    carried = [one.requirement for one in missing if one in recipe.carried]
    return [*carried, recipe.engine] if recipe.engine else carried


def _of_user(uv: Uv, user: InstallerInput, recipe: Recipe) -> tuple[str, ...]:
    """Arguments that install all of the user's requirements."""
    return (*_files(uv, user), *user.own_arguments, *_arguments(recipe))


def _files(uv: Uv, user: InstallerInput) -> tuple[str, ...]:
    requirements = uv.home / "requirements.txt"
    requirements.write_text(user.requirements, encoding="utf-8")
    files = ["-r", str(requirements)]
    if user.constraints:
        constraints = uv.home / "constraints.txt"
        constraints.write_text(user.constraints, encoding="utf-8")
        files += ["-c", str(constraints)]
    return tuple(files)


def _resolved(uv: Uv, venv: Path, recipe: Recipe, user: InstallerInput) -> Wanted:
    lines = uv.resolve(venv, *_of_user(uv, user, recipe), variables=user.environment)
    return resolved(lines, hashes_of(user))


def _install_project(uv: Uv, venv: Path, recipe: Recipe, user: InstallerInput) -> None:
    if user.project:
        project = uv.home / "project.txt"
        project.write_text(user.project, encoding="utf-8")
        words = _without_hashes(recipe)
        uv.install(venv, EXACTLY, "-r", str(project), *words, variables=user.environment)


def _of_indexes(recipe: Recipe, missing: tuple[Addition, ...]) -> tuple[Addition, ...]:
    return tuple(one for one in missing if one not in recipe.carried)


def _of_additions(
    uv: Uv,
    recipe: Recipe,
    wanted: tuple[Addition, ...],
    versions: Mapping[str, str],
    index: str,
) -> tuple[str, ...]:
    frozen = uv.home / "frozen.txt"
    frozen.write_text("".join(f"{name}=={text}\n" for name, text in versions.items()), "utf-8")
    additions = uv.home / "additions.txt"
    listed = "".join(f"{addition.requirement}\n" for addition in wanted)
    additions.write_text(index + listed, encoding="utf-8")
    return ("-r", str(additions), "-c", str(frozen), *_without_hashes(recipe))


def _exact(name: str, version: str, hashes: Hashes) -> str:
    known = "".join(f" --hash={value}" for value in hashes.get(name, ()))
    return f"{name}=={version}{known}\n"


def _without_hashes(recipe: Recipe) -> tuple[str, ...]:
    """The hashes that are enforced are those of what the user requires by name from an index."""
    return tuple(word for word in _arguments(recipe) if word != "--require-hashes")


def _arguments(recipe: Recipe) -> tuple[str, ...]:
    return recipe.arguments + (recipe.user.arguments if recipe.user else ())
