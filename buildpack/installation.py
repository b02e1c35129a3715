"""Installing an environment: uv at work, and its failures in words."""

import shutil
from collections.abc import Mapping
from dataclasses import replace

from buildpack import left_behind
from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import fresh_folder
from buildpack.errors.install import InstallError
from buildpack.installer_failure import classify
from buildpack.repositories import check_git
from buildpack.requirements import Target
from buildpack.settings import Settings
from buildpack.uv import PATH, Uv, UvFailed, proxies_of
from buildpack.vendored import Vendored
from buildpack.wheel_folder_failure import explain_missing
from layers.venv import Venv
from layers.venv.making import make
from layers.venv.recipe import Recipe
from layers.wheels import Wheels


def install(
    context: BuildContext, recipe: Recipe, vendored: Vendored, settings: Settings, cached: Wheels
) -> Venv:
    """Install in folders of this build's own, and leave nothing but the layers behind.

    Raises FlaskpackError, a failure of uv explained.
    """
    if recipe.user:
        check_git(recipe.user, Target(recipe.python.version), PATH)
    home = fresh_folder(context.layers_dir / "uv-home")
    uv = Uv(vendored.uv, cached.work, home, settings.network, proxies_of(context.builder_env))
    entries = recipe.user.entries if recipe.user else ()
    watched = left_behind.builds_folders(context.app_dir, entries)
    before = left_behind.files_of(context.app_dir) if watched else frozenset()
    try:
        made = make(context, recipe, uv, cached)
    except UvFailed as error:
        raise _explain(error, context, recipe) from error
    finally:
        # A build may leave closed folders (Go does): no reason to fail, or to hide a failure.
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(cached.work, ignore_errors=True)
    written = left_behind.clear(context.app_dir, entries, before) if watched else ()
    return _with_key(made, left_behind.keyed(written))


def _with_key(made: Venv, more: Mapping[str, str]) -> Venv:
    """What only a build could know is part of its environment's key too."""
    key = [*made.layer.metadata["key"], *({"name": k, "digest": v} for k, v in more.items())]
    return replace(made, layer=replace(made.layer, metadata={**made.layer.metadata, "key": key}))


def _explain(error: UvFailed, context: BuildContext, recipe: Recipe) -> InstallError:
    explained = classify(error.words, error.exit_code, recipe.user)
    if not recipe.folder:
        return explained
    words, arch = error.words, context.target.arch
    missing = explain_missing(words, recipe.folder, recipe.python, arch, recipe.user)
    return missing or explained
