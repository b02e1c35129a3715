"""The project's app: what the user said of it, what its code says."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from buildpack import log
from buildpack.app_finder import (
    Answer,
    NamedAtLaunch,
    Need,
    NotOurs,
    Said,
    UserWord,
    find_app,
)
from buildpack.boolean import boolean
from buildpack.errors.app import NothingToBuild, VersionDoesNotFit

ORIGIN = "the build's environment"


@dataclass(frozen=True)
class App:
    """What the image is to serve. ``module`` is empty where it is to be named at launch."""

    module: str
    variable: str
    python_path: tuple[Path, ...]
    imports_flask: bool
    needs: tuple[Need, ...]


def find(app_dir: Path, platform_env: Mapping[str, str], python: tuple[int, int] | None) -> Answer:
    """The app by the user's word, else by the code (docs/detection.md).

    ``python`` is the minor version that the app will run on, None where it isn't known.
    Raises FlaskpackError for a project of ours that has a problem.
    """
    return find_app(app_dir, _user_word(platform_env), python or sys.version_info[:2])


def find_for_build(app_dir: Path, platform_env: Mapping[str, str], python: tuple[int, int]) -> App:
    """The app, each choice logged; raises FlaskpackError."""
    answer = find(app_dir, platform_env, python)
    if isinstance(answer, NotOurs):
        raise NothingToBuild(answer)
    for choice in answer.explain:
        log.line(choice)
    if isinstance(answer, NamedAtLaunch):
        return App("", "", (app_dir,), answer.imports_flask, ())
    roots = (app_dir / answer.import_root, app_dir) if answer.import_root else (app_dir,)
    return App(answer.module, answer.variable, roots, answer.imports_flask, answer.needs)


def check_needs(found: App, versions: Mapping[str, str]) -> None:
    """Compare what the app's form asks for with what is installed; raises VersionDoesNotFit."""
    from buildpack.requirements.versions import release  # not loaded for detect

    for need in found.needs:
        installed = versions.get(need.distribution)
        if installed and not _fits(need, release(installed)):
            raise VersionDoesNotFit(need, installed)


def _fits(need: Need, version: tuple[int, ...]) -> bool:
    return need.at_least <= version and (not need.below or version < need.below)


def _user_word(platform_env: Mapping[str, str]) -> UserWord:
    return UserWord(
        app_module=_said(platform_env, "APP_MODULE"),
        module_name=_said(platform_env, "MODULE_NAME"),
        variable_name=_said(platform_env, "VARIABLE_NAME"),
        bp_flask=boolean(platform_env, "BP_FLASK"),
    )


def _said(platform_env: Mapping[str, str], name: str) -> Said | None:
    value = platform_env.get(name)
    return None if value is None else Said(value, ORIGIN)
