"""Wishes that can't be met, as errors with the exact text to write."""

from collections.abc import Sequence

from buildpack.errors.python_version import (
    ImpossiblePython,
    PythonConflict,
    PythonNotToBeHad,
    PythonTooOld,
)
from buildpack.python_version.lifetimes import DEFAULT, OLDEST
from buildpack.python_version.model import Form, Version, Wish
from buildpack.python_version.offers import Offer, best_offer, described
from buildpack.python_version.together import contradiction, fitting_minor


def check_together(wishes: Sequence[Wish], preferred: Sequence[str]) -> None:
    """Raises PythonConflict or ImpossiblePython where no version can meet all wishes.

    ``preferred`` are minor versions to name first in the text to write.
    """
    some = contradiction(wishes)
    if len(some) == 1:
        minor = next(iter(preferred), DEFAULT)
        raise ImpossiblePython(some[0].shown(), (some[0].form.written(minor),))
    if some:
        remedies = (_change(wish, some, preferred) for wish in some)
        lines = tuple(wish.shown() for wish in some)
        raise PythonConflict(lines, tuple(filter(None, dict.fromkeys(remedies))))


def _change(wish: Wish, wishes: Sequence[Wish], preferred: Sequence[str]) -> str | None:
    """What to write in place of one wish, so that it fits the others."""
    others = [other for other in wishes if other is not wish]
    if contradiction(others):
        return None
    minor = fitting_minor(others, preferred)
    return minor and wish.form.written(minor)


def not_to_be_had(
    wishes: Sequence[Wish], stack: Version | None, offers: Sequence[Offer]
) -> PythonTooOld | PythonNotToBeHad:
    """Why no Python meets the wishes, which don't contradict each other."""
    minor = fitting_minor(wishes)
    lines = tuple(wish.shown() for wish in wishes)
    there = (
        f"The run image has {stack.text}" if stack else "The run image has none",
        *described(offers, minor),
    )
    if is_too_old(wishes):
        return too_old(wishes, stack.minor if stack else DEFAULT, there)
    offered = any(offer.version.minor == minor for offer in offers if offer.version.final)
    best = best_offer((), [offer for offer in offers if offer.version.final])
    fallback = stack.minor if stack else (best.version.minor if best else DEFAULT)
    return PythonNotToBeHad(
        lines, there, _remedies(wishes, minor if minor and offered else fallback)
    )


def is_too_old(wishes: Sequence[Wish]) -> bool:
    """Whether no version that we run on meets the wishes, which don't contradict each other."""
    return fitting_minor(wishes) is None and not any(wish.asked.prerelease for wish in wishes)


def too_old(wishes: Sequence[Wish], minor: str, there: tuple[str, ...]) -> PythonTooOld:
    """The error for such wishes; ``minor`` is the version to write, ``there`` says what is."""
    lines = tuple(wish.shown() for wish in wishes)
    return PythonTooOld(".".join(map(str, OLDEST)), lines, there, _remedies(wishes, minor))


def _remedies(wishes: Sequence[Wish], minor: str) -> tuple[str, ...]:
    """What to write everywhere: a lock is made again from what it was made from."""
    return tuple(dict.fromkeys(wish.form.written(minor) for wish in wishes))


def hint(wish: Wish) -> str | None:
    """A word on ``==3.12``, which means 3.12.0 and hardly ever is what people want."""
    if wish.form in (Form.UV_LOCK, Form.PYLOCK):
        return None
    for specifier in wish.asked.alternatives:
        text = specifier.strip()
        if text.startswith("==") and text[2:].strip().replace(".", "", 1).isdigit():
            version = text[2:].strip()
            return (
                f"{wish.shown()}\nThis is Python {version}.0 alone: any {version} is =={version}.*"
            )
    return None
