"""The app's environment: taken over from the last build, or installed."""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from buildpack import log, wheel_folder
from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import Layer
from buildpack.dependencies import Dependencies
from buildpack.interpreter import Interpreter
from buildpack.requirements import (
    InstallerInput,
    Requirements,
    fingerprint,
    is_engine,
    mask_credentials,
    reasons,
    without_engine,
)
from buildpack.requirements.versions import release
from buildpack.settings import Settings
from buildpack.vendored import Vendored
from layers import packages, venv, wheels
from layers.venv import Venv
from layers.venv.recipe import Recipe

ENGINE_WORKER = "egg:meinheld#gunicorn_worker"
ENGINE_CLASS = "meinheld.gmeinheld.MeinheldWorker"
"""The same worker for a gunicorn before 22, which needs pkg_resources to read "egg:"."""

INSTALLS = (
    *sorted(Path(venv.__file__).parent.glob("*.py")),
    *sorted(Path(packages.__file__).parent.glob("*.py")),
    *(Path(__file__).with_name(name) for name in ("uv.py", "bytecode.py", "compile_modules.py")),
)
"""What decides how an environment comes out; named, not imported, since most builds install
nothing."""

FIRST_WITH_METADATA = (22,)
FALLBACK_WORKER = "gthread"


@dataclass(frozen=True)
class Environment:
    """The layers of the environment, and the worker class that it can run."""

    venv: Venv
    wheels: Layer
    worker_class: str


def provide(
    context: BuildContext,
    python: Interpreter,
    dependencies: Dependencies,
    vendored: Vendored,
    settings: Settings,
) -> Environment:
    """The environment for these dependencies; raises FlaskpackError."""
    wheel = vendored.engine_wheel(python, context.target.arch)
    if not wheel:
        _warn_without_engine(python, context)
    folder = wheel_folder.find(context.app_dir, dependencies.requirements)
    if folder:
        count = f"{len(folder.packages)} file{'s' * (len(folder.packages) != 1)}"
        log.line(f"Packages come from {folder.shown} alone, {count}: no index is asked")
    key = _key(context, python, dependencies, vendored, wheel, settings)
    key |= folder.keyed() if folder else {}
    tell_replaced(dependencies, f"the engine, meinheld {vendored.engine_version},")
    cached = wheels.open_wheels(context, _made_for(context, python, vendored))
    why = _why_install(venv.restored_key(context), key, settings)
    if why:
        for reason in why:
            log.line(f"Installing: {reason}")
        from buildpack.installation import install  # most builds need none of it

        recipe = Recipe(
            python=python,
            user=users(dependencies),
            additions=dependencies.additions,
            engine=f"meinheld=={vendored.engine_version}" if wheel else None,
            wheels=vendored.wheels,
            carried=tuple(one for one in dependencies.additions if vendored.has(one.requirement)),
            folder=folder,
            requirements=dependencies.requirements,
            refresh=settings.refresh,
            arguments=settings.network.arguments + (folder.arguments() if folder else ()),
            key=key,
        )
        made = install(context, recipe, vendored, settings, cached)
        cached = replace(cached, resolved=datetime.date.today().isoformat())
        return Environment(made, cached.layer(), _worker_class(made))
    log.line("Nothing changed: the last build's environment is kept, no installer runs")
    if cached.resolved:
        age = _age(cached.resolved, datetime.date.today())
        log.line(f"Its versions are {age} old; BP_REFRESH=true renews what isn't pinned")
    kept = venv.take_over(context)
    return Environment(kept, cached.layer(), _worker_class(kept))


def users(dependencies: Dependencies) -> InstallerInput | None:
    """What the user requires, without the engine; None where nothing says any."""
    if not dependencies.requirements:
        return None
    return without_engine(dependencies.requirements, dependencies.needs)


def tell_replaced(dependencies: Dependencies, engine: str) -> None:
    """Say of each line of the user's that is about meinheld or its greenlet what becomes of it."""
    entries = dependencies.requirements.entries if dependencies.requirements else ()
    for entry in filter(is_engine, entries):
        log.line(f"{entry.origin}: {shown(entry.text)} is left out, {engine} takes its place")


def shown(text: str) -> str:
    """A line of the user's, without the hashes that a locked one has by the dozen."""
    return mask_credentials(text.partition("--hash")[0].rstrip())


def _key(
    context: BuildContext,
    python: Interpreter,
    dependencies: Dependencies,
    vendored: Vendored,
    wheel: Path | None,
    settings: Settings,
) -> dict[str, str]:
    """Everything that the environment depends on, by names that a user understands."""
    facts = {
        "Flaskpack": context.buildpack_version,
        "uv": vendored.uv_version,
        "the engine": vendored.engine_version,
        "the way of installing": _digest(*INSTALLS),
        "Python": python.version,
        "the interpreter": f"{python.implementation} {python.path}",
        "the C library": _libc(python),
        "the target": _target(context),
        "the environment's folder": str(venv.folder(context)),
        "the app's folder": str(context.app_dir),
        "what is added": " ".join(
            (*dependencies.needs, *(addition.requirement for addition in dependencies.additions))
        ),
    }
    if wheel:
        facts["the engine's wheel"] = _digest(wheel)
    nothing = Requirements(context.app_dir, (), (), (), ())
    chosen = {**settings.network.keyed(), **dependencies.settings}
    return fingerprint(dependencies.requirements or nothing, facts, chosen)


def _digest(*files: Path) -> str:
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files))
    return f"sha256:{digest.hexdigest()}"


def _made_for(context: BuildContext, python: Interpreter, vendored: Vendored) -> dict[str, str]:
    """What a wheel that was built here fits: it may be linked against the system's libraries."""
    return {
        "uv": vendored.uv_version,
        "Python": python.tag,
        "C library": _libc(python),
        "target": _target(context),
    }


def _libc(python: Interpreter) -> str:
    return f"{python.libc} {python.libc_version}"


def _target(context: BuildContext) -> str:
    target = context.target
    return f"{target.os}/{target.arch} {target.distro_name} {target.distro_version}"


def _why_install(
    restored: Mapping[str, str] | None, key: Mapping[str, str], settings: Settings
) -> tuple[str, ...]:
    if restored is None:
        return ("there is no environment of an earlier build",)
    asked = ("BP_REFRESH is set",) if settings.refresh else ()
    return asked + reasons(restored, key)


def _age(resolved: str, today: datetime.date) -> str:
    """The time since a day such as "2026-11-23", in words."""
    days = max(0, (today - datetime.date.fromisoformat(resolved)).days)
    return f"{days} day{'s' * (days != 1)}"


def _worker_class(made: Venv) -> str:
    if "meinheld" not in made.versions:
        return FALLBACK_WORKER
    old = release(made.versions["gunicorn"]) < FIRST_WITH_METADATA
    return ENGINE_CLASS if old else ENGINE_WORKER


def _warn_without_engine(python: Interpreter, context: BuildContext) -> None:
    libc = _libc(python) if python.libc else "another libc"
    log.warning(
        f"There is no engine for {python.implementation} {python.version} on "
        f"{context.target.arch} with {libc}: gunicorn's gthread worker takes its place"
    )
