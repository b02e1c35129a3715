"""The Python that uv brings: kept from the last build, or chosen from what uv offers."""

import shutil
from collections.abc import Sequence

from buildpack import log
from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import fresh_folder
from buildpack.errors.python_install import PythonDoesNotRun
from buildpack.interpreter import Interpreter
from buildpack.python_failure import classify, other_ways
from buildpack.python_version import Offer, Search, Version, Wish, best_offer, meets, not_to_be_had
from buildpack.requirements.credentials import without_credentials
from buildpack.settings import Settings
from buildpack.uv import Uv, UvFailed, proxies_of
from buildpack.uv_python import UvPython
from buildpack.vendored import Vendored
from layers import python
from layers.python import Installed

LOST = "the last build's isn't in the cache, or doesn't run"


def provide_managed(
    context: BuildContext,
    vendored: Vendored,
    settings: Settings,
    search: Search,
    stack: Interpreter | None,
) -> Installed:
    """The Python of the layer, the choice logged; raises FlaskpackError.

    A Python that serves stays, patch included, until uv or Flaskpack changes or the user asks for
    new versions: no list is asked for.
    """
    address = settings.network.python_mirror.get("UV_PYTHON_DOWNLOADS_JSON_URL", "")
    way = python.way_of_installing(context, vendored.uv_version, without_credentials(address))
    why = _why_new(context, way, search.wishes, settings)
    if not why and (kept := python.keep(context)):
        log.line(f"{kept.interpreter.version}, {search.why}; kept from the last build")
        return kept
    provider = _provider(context, vendored, settings)
    try:
        return _new(context, provider, search, stack, way, why or LOST)
    finally:
        shutil.rmtree(provider.folder, ignore_errors=True)
        shutil.rmtree(provider.uv.home, ignore_errors=True)


def _why_new(
    context: BuildContext, way: dict[str, str], wishes: Sequence[Wish], settings: Settings
) -> str:
    """Why the last build's Python doesn't stay; empty where it may."""
    had = python.restored_version(context)
    if not had:
        return "there is none of an earlier build"
    if not meets(Version(had), wishes):
        return f"the last build had {had}"
    changed = python.changes(context, way)
    if changed:
        return f"{' and '.join(changed)} changed"
    return "BP_REFRESH is set" if settings.refresh else ""


def _provider(context: BuildContext, vendored: Vendored, settings: Settings) -> UvPython:
    home = fresh_folder(context.layers_dir / "uv-home")
    cache = home / "cache"
    uv = Uv(vendored.uv, cache, home, settings.network, proxies_of(context.builder_env))
    return UvPython(uv, fresh_folder(context.layers_dir / "uv-python"))


def _new(
    context: BuildContext,
    provider: UvPython,
    search: Search,
    stack: Interpreter | None,
    way: dict[str, str],
    why: str,
) -> Installed:
    secrets = provider.uv.network.secrets()
    own = Version(stack.version) if stack else None
    offer: Offer | None = None
    try:
        offers = provider.offers()
        offer = best_offer(search.wishes, offers, search.last)
        if offer is None:
            raise not_to_be_had(search.wishes, own, offers)
        log.line(f"{offer.version.text}, {search.why}; installed by uv")
        log.line(f"Installing: {why}")
        made = python.make(context, offer, provider, way)
    except UvFailed as error:
        version = offer.version.text if offer else ""
        ways = other_ways(search.wishes, own)
        raise classify(error.words, version, secrets, ways) from error
    if made is None:
        said = python.answer(context, offer.version.text)
        ways = other_ways(search.wishes, own)
        raise PythonDoesNotRun(f"Python {offer.version.text}", said, ways)
    return made
