"""Making a new environment, step by step: the user's requirements, what is added, the engine."""

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from buildpack import log
from buildpack.bytecode import compiling_packages, modules_of_packages
from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import EnvFile, Layer, fresh_folder, write_launch_env
from buildpack.installed import Installed, read_installed, site_packages
from buildpack.machines import machine_of
from buildpack.requirements import Target
from buildpack.requirements.credentials import SHORTEST_SECRET
from buildpack.sbom import Described, bill_of, describe, purl_of, read_components
from buildpack.uv import Uv
from layers import packages, wheels
from layers.packages import Held, Share
from layers.packages.moving import unclaimed
from layers.venv import NAME, TYPES, Venv, folder
from layers.venv.clashes import settle
from layers.venv.installing import (
    decide,
    install_additions,
    install_again,
    install_brought,
    install_rest,
    install_users,
    is_from_elsewhere,
    missing_of,
    tell,
)
from layers.venv.keeping import Keeping, keeping, last_shares, options_of
from layers.venv.recipe import Recipe
from layers.venv.sharing import MisfitError, check_apart, held_of, not_to_part, share_out
from layers.venv.tidying import tidy, tidy_empty
from layers.venv.wanted import Wanted, hashes_of, identity
from layers.wheels import Wheels

NOTHING = Keeping()


@dataclass(frozen=True)
class Workshop:
    """What every step needs."""

    context: BuildContext
    recipe: Recipe
    uv: Uv
    cached: Wheels

    @property
    def venv(self) -> Path:
        return folder(self.context)

    @property
    def site(self) -> Path:
        return site_packages(self.venv, self.recipe.python.minor)

    @property
    def target(self) -> Target:
        return Target(self.recipe.python.version, machine_of(self.context.target.arch))


@dataclass(frozen=True)
class Filled:
    """What was installed: ``elsewhere`` are the names of what no index had, ``described`` is
    everything in the environment, what was kept included.
    """

    installed: Installed
    elsewhere: frozenset[str]
    described: Mapping[str, Described]


def make(context: BuildContext, recipe: Recipe, uv: Uv, cached: Wheels) -> Venv:
    """A new environment; raises UvFailed, with nothing of it left."""
    shop = Workshop(context, recipe, uv, cached)
    wheels.restore(cached)
    try:
        own = _begin(shop)
        wanted, kept = _look_what_stays(shop)
        if wanted and kept != NOTHING:
            try:
                return _make(shop, own, kept, wanted)
            except MisfitError as misfit:
                log.line(f"Everything is installed anew: {misfit}")
                _begin(shop)
        return _make(shop, own, NOTHING, None)
    except BaseException:
        for made in (context.layers_dir / NAME, *packages.folders(context)):
            shutil.rmtree(made, ignore_errors=True)
        raise


def _begin(shop: Workshop) -> frozenset[str]:
    """An environment without packages; its files."""
    fresh_folder(shop.context.layers_dir / NAME)
    shop.uv.make_venv(shop.recipe.python.path, shop.venv)
    tidy_empty(shop.venv)
    return unclaimed(shop.venv, ())


def _look_what_stays(shop: Workshop) -> tuple[Wanted | None, Keeping]:
    """What the environment is to have, where some of it may stay as it is."""
    shares = last_shares(shop.context, shop.recipe)
    if not shares:
        return None, NOTHING
    wanted = decide(shop.uv, shop.venv, shop.recipe)
    if wanted is None:
        log.line("Everything is installed anew: what it comes to can't be told beforehand")
        return None, NOTHING
    kept = keeping(shares, wanted)
    components = read_components(_last_bill(shop.context))
    if kept == NOTHING:
        log.line("Everything is installed anew: less than half of it would stay as it is")
    elif any(purl_of(name, held.version) not in components for name, held in kept.held.items()):
        log.line("Everything is installed anew: the last image's bill of materials lacks some")
        kept = NOTHING
    return wanted, kept


def _make(shop: Workshop, own: frozenset[str], kept: Keeping, wanted: Wanted | None) -> Venv:
    filled = _fill(shop, kept, wanted)
    found = _found(shop, filled.installed)
    staying = filled.elsewhere | not_to_part(shop.venv, found, own)
    shares = share_out(shop.context, shop.venv, found, staying, kept)
    return _declared(shop, shares, filled.described, _versions(filled.installed, kept))


def _fill(shop: Workshop, kept: Keeping, wanted: Wanted | None) -> Filled:
    """Install what isn't kept, and compile it meanwhile; raises MisfitError."""
    venv, site, recipe, uv = shop.venv, shop.site, shop.recipe, shop.uv
    if wanted:
        number = len(kept.held)
        log.line(f"{number} of {number + len(kept.names)} packages stay as they are")
        install_rest(uv, venv, recipe, wanted, kept)
    else:
        install_users(uv, venv, recipe)
    there = read_installed(site)
    settle(site, there, shop.target, partial(_install_again, shop, there))
    users = [module for module in modules_of_packages(site) if not _is_replaced(module, site)]
    with compiling_packages(recipe.python.path, users):
        required = _versions(there, kept)
        missing = missing_of(recipe, required)
        tell(missing)
        if not wanted:
            install_additions(uv, venv, recipe, required, missing)
        install_brought(uv, venv, recipe, missing, kept.held)
        secrets = _secrets(shop)
        elsewhere = _elsewhere(read_installed(site))
        tidy(venv, site, recipe.python, secrets)
        installed = read_installed(site)
        if wanted:
            _check(shop, installed, kept, wanted)
        added = sorted(set(modules_of_packages(site)) - set(users))
        with compiling_packages(recipe.python.path, added):
            described = _described(shop, installed, kept)
            _tell_incomplete(recipe, described)
            wheels.keep(shop.cached, _dist_infos(installed, kept), secrets)
    return Filled(installed, elsewhere, described)


def _check(shop: Workshop, installed: Installed, kept: Keeping, wanted: Wanted) -> None:
    """Raise MisfitError where what was installed doesn't fit what is kept, or isn't all."""
    check_apart(_found(shop, installed).values(), kept)
    if lost := wanted.names - installed.distributions.keys() - kept.held.keys():
        raise MisfitError(f"{' and '.join(sorted(lost))} did not come")


def _declared(
    shop: Workshop,
    shares: Collection[Share],
    described: Mapping[str, Described],
    versions: Mapping[str, str],
) -> Venv:
    """The layers as they are written down."""
    variables = (EnvFile("PATH", "prepend", str(shop.venv / "bin"), delim=":"),)
    write_launch_env(shop.venv.parent, variables)
    metadata = {
        "key": [{"name": name, "digest": digest} for name, digest in shop.recipe.key.items()],
        "versions": versions,
        "packages": [share.name for share in shares],
        "options": options_of(shop.recipe),
    }
    return Venv(
        Layer(NAME, TYPES, metadata),
        versions,
        tuple(share.layer() for share in shares),
        bill_of(NAME, shop.recipe.python, described),
    )


def _versions(installed: Installed, kept: Keeping) -> dict[str, str]:
    """Of all packages of the environment, by normalised name."""
    versions = {name: held.version for name, held in kept.held.items()}
    versions |= {name: dist.version for name, dist in installed.distributions.items()}
    return dict(sorted(versions.items()))


def _found(shop: Workshop, installed: Installed) -> dict[str, Held]:
    hashes = hashes_of(shop.recipe.user)
    return {
        name: held_of(
            name, dist, shop.venv, identity(dist.version, hashes.get(name, ())), shop.target
        )
        for name, dist in installed.distributions.items()
    }


def _described(shop: Workshop, installed: Installed, kept: Keeping) -> dict[str, Described]:
    """Every package for the bill of materials; what stayed is described as it was."""
    components = read_components(_last_bill(shop.context)) if kept.kept else {}
    staying = {
        name: Described(components[purl_of(name, held.version)], held.requires)
        for name, held in kept.held.items()
    }
    return staying | describe(installed, hashes_of(shop.recipe.user), shop.target)


def _last_bill(context: BuildContext) -> Path:
    """The lifecycle restores it together with the metadata of the layer."""
    return context.layers_dir / f"{NAME}.sbom.cdx.json"


def _dist_infos(installed: Installed, kept: Keeping) -> frozenset[str]:
    """The names of all packages' folders of metadata, "flask-3.1.3.dist-info"."""
    entries = (entry for held in kept.held.values() for entry in held.entries)
    staying = {entry.rpartition("/")[2] for entry in entries if entry.endswith(".dist-info")}
    return frozenset(staying | {dist.folder.name for dist in installed.distributions.values()})


def _install_again(shop: Workshop, there: Installed, name: str) -> None:
    install_again(shop.uv, shop.venv, shop.recipe, name, there.distributions[name])


def _elsewhere(installed: Installed) -> frozenset[str]:
    found = installed.distributions.items()
    return frozenset(name for name, dist in found if is_from_elsewhere(dist))


def _is_replaced(module: str, site: Path) -> bool:
    """Whether it is of a meinheld that something else required: the engine's files come instead."""
    return module.startswith(f"{site}/meinheld/")


def _tell_incomplete(recipe: Recipe, described: Mapping[str, Described]) -> None:
    """A lock is installed as it is, so what it lacks is missing: uv adds nothing."""
    if recipe.user and "--no-deps" in recipe.user.own_arguments:
        for name, package in sorted(described.items()):
            for required in package.requires:
                if required not in described:
                    log.warning(f"The lock isn't complete: {name} requires {required}")


def _secrets(shop: Workshop) -> tuple[str, ...]:
    user = shop.recipe.user
    values = (*shop.uv.network.secrets(), *(user.environment.values() if user else ()))
    return tuple(value for value in values if len(value) >= SHORTEST_SECRET)
