"""The app's Python: what the project asks for, the run image's own, or one that uv brings."""

import datetime
from dataclasses import dataclass

from buildpack import log
from buildpack.cnb.context import BuildContext
from buildpack.cnb.layer import Layer
from buildpack.interpreter import Interpreter, stack_python
from buildpack.python_places import SETTING
from buildpack.python_version import (
    DEFAULT,
    OLDEST,
    Asked,
    Form,
    Search,
    Version,
    Wish,
    check_together,
    hint,
    meets,
    minor_numbers,
    read_wishes,
    warning,
)
from buildpack.settings import Settings
from buildpack.vendored import Vendored

LAST = "python"
"""The key in store.toml: the minor version that the app had in its last build."""


@dataclass(frozen=True)
class AppPython:
    """The interpreter, its layer (None for the run image's own), and the next build's store."""

    interpreter: Interpreter
    layer: Layer | None
    store: dict[str, object]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layer, if there is one."""
        return (self.layer,) if self.layer else ()

    @property
    def libc(self) -> str:
        """The glibc that a run image must have at least for a Python in a layer, as in "2.36"."""
        of_layer = self.layer is not None and self.interpreter.libc == "glibc"
        return self.interpreter.libc_version if of_layer else ""


def provide_python(context: BuildContext, vendored: Vendored, settings: Settings) -> AppPython:
    """The Python for the app, the choice logged; raises FlaskpackError."""
    wishes = read_wishes(context.app_dir, context.platform_env)
    stack = stack_python(context.builder_env)
    if stack and stack.minor_pair < OLDEST:
        stack = None
    check_together(wishes, (stack.minor,) if stack else ())
    for wish in wishes:
        if said := hint(wish):
            log.warning(said)
    last = _last(context)
    search = search_for(wishes, stack.minor if stack else "", last)
    layer: Layer | None = None
    if stack and meets(Version(stack.version), search.wishes):
        python = stack
        origin = f"{search.why}; the" if wishes else "the"
        log.line(f"{python.version}, {origin} run image's own: {python.path}")
    else:
        from buildpack.managed_python import provide_managed  # most builds need none of it

        made = provide_managed(context, vendored, settings, search, stack)
        python, layer = made.interpreter, made.layer
    _tell(python, stack, last, asked=bool(wishes))
    return AppPython(python, layer, {**context.store, LAST: python.minor})


def search_for(wishes: tuple[Wish, ...], own: str, last: str) -> Search:
    """What is looked for; ``own`` and ``last`` are the minor versions of the run image and of the
    last build, empty where there is none."""
    if wishes:
        exact = [wish for wish in wishes if wish.asked.exact] or wishes
        return Search(wishes, f"asked for by {exact[0].origin}", last)
    if last:
        return Search((_of_minor("the last build", last),), "as in the last build", last)
    return Search((_of_minor("the default", own or DEFAULT),), "as nothing asks for another", last)


def _of_minor(origin: str, minor: str) -> Wish:
    return Wish(Form.SETTING, origin, minor, Asked((f"=={minor}.*",)))


def _last(context: BuildContext) -> str:
    """The minor version of the last build; empty where there was none that we could take again."""
    last = context.store.get(LAST)
    try:
        return last if isinstance(last, str) and minor_numbers(last) >= OLDEST else ""
    except ValueError:
        return ""


def _tell(python: Interpreter, stack: Interpreter | None, last: str, *, asked: bool) -> None:
    default = stack.minor if stack else DEFAULT
    if not asked and python.minor_pair < minor_numbers(default):
        log.line(f"Today's default is {default}: {SETTING}={default} takes it")
    if asked and last and last != python.minor:
        log.line(f"The last build had {last}")
    if said := warning(python.minor, datetime.date.today()):
        log.warning(said)
