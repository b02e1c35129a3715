"""Which Python an app gets: the run image's own or one of uv's, with what is said of it."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.contexts import build_context

from buildpack import app_python, detect
from buildpack.app_python import AppPython, provide_python
from buildpack.cnb.context import DetectContext
from buildpack.errors import FlaskpackError
from buildpack.interpreter import Interpreter
from buildpack.network import Network
from buildpack.python_failure import other_ways
from buildpack.python_version import Search, Version, best_offer, not_to_be_had, warning
from buildpack.python_version.lifetimes import END_OF_LIFE
from buildpack.python_version.model import Asked, Form, Wish
from buildpack.python_version.offers import Offer, read_offers
from buildpack.settings import Settings
from buildpack.vendored import Vendored

OWN = Interpreter(Path("/usr/bin/python3.13"), "3.13.5", "cpython", "glibc", "2.41")


class Asks(Exception):
    """What would be looked for among uv's."""

    def __init__(self, search: Search) -> None:
        super().__init__(search.why)
        self.search = search


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run image with 3.13.5, and a uv that is asked in vain."""
    monkeypatch.setattr(app_python, "stack_python", lambda _: OWN)
    _ask_in_vain(monkeypatch)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run image without Python."""
    monkeypatch.setattr(app_python, "stack_python", lambda _: None)
    _ask_in_vain(monkeypatch)


def _ask_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*given: Any) -> None:
        raise Asks(given[3])

    monkeypatch.setattr("buildpack.managed_python.provide_managed", ask)


def provide(root: Path, wish: str = "", last: object = None) -> AppPython:
    env = {"BP_PYTHON_VERSION": wish} if wish else {}
    context = build_context(root, platform_env=env)
    if last is not None:
        context = replace(context, store={"python": last, "other": 1})
    vendored = Vendored(Path("/no/uv"), "0", "1", root)
    return provide_python(context, vendored, Settings(False, Network()))


def asked(root: Path, wish: str = "", last: object = None) -> tuple[str, list[str]]:
    """The origin and the specifiers that uv's are chosen by."""
    with pytest.raises(Asks) as caught:
        provide(root, wish, last)
    search = caught.value.search
    return search.why, [text for one in search.wishes for text in one.asked.alternatives]


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    ("wish", "last", "said"),
    [
        ("", None, "  3.13.5, the run image's own: /usr/bin/python3.13\n"),
        ("", "3.13", "  3.13.5, the run image's own: /usr/bin/python3.13\n"),
        ("", "2.7", "  3.13.5, the run image's own: /usr/bin/python3.13\n"),
        ("", "nonsense", "  3.13.5, the run image's own: /usr/bin/python3.13\n"),
        ("", 3.12, "  3.13.5, the run image's own: /usr/bin/python3.13\n"),
        (
            "3.13",
            None,
            "  3.13.5, asked for by BP_PYTHON_VERSION; the run image's own: /usr/bin/python3.13\n",
        ),
        (
            ">=3.9,<3.14",
            "3.11",
            "  3.13.5, asked for by BP_PYTHON_VERSION; the run image's own: /usr/bin/python3.13\n"
            "  The last build had 3.11\n",
        ),
        (
            "3.13.5",
            "3.13",
            "  3.13.5, asked for by BP_PYTHON_VERSION; the run image's own: /usr/bin/python3.13\n",
        ),
    ],
)
def test_the_run_images_own_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wish: str, last: object, said: str
) -> None:
    provided = provide(tmp_path, wish, last)
    assert capsys.readouterr().out == said
    assert (provided.interpreter, provided.layers, provided.libc) == (OWN, (), "")
    assert provided.store["python"] == "3.13"
    assert provided.store.get("other") == (None if last is None else 1)


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    ("wish", "last", "expected"),
    [
        ("3.12", None, ("asked for by BP_PYTHON_VERSION", ["==3.12.*"])),
        ("3.13.4", None, ("asked for by BP_PYTHON_VERSION", ["==3.13.4"])),
        (">3.13.5", None, ("asked for by BP_PYTHON_VERSION", [">3.13.5"])),
        ("", "3.12", ("as in the last build", ["==3.12.*"])),
        ("", "3.14", ("as in the last build", ["==3.14.*"])),
    ],
)
def test_uv_is_asked_for_another(
    tmp_path: Path, wish: str, last: object, expected: tuple[str, list[str]]
) -> None:
    assert asked(tmp_path, wish, last) == expected


@pytest.mark.usefixtures("bare")
def test_without_a_python_of_its_own_the_default_is_taken(tmp_path: Path) -> None:
    assert asked(tmp_path) == ("as nothing asks for another", ["==3.13.*"])
    assert asked(tmp_path, last="3.10") == ("as in the last build", ["==3.10.*"])


@pytest.mark.usefixtures("stack")
def test_the_exact_one_is_named_as_the_origin(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/runtime.txt").write_text("python-3.12.4\n")
    why, _ = asked(tmp_path, ">=3.9")
    assert why == "asked for by runtime.txt:1"


def test_a_stack_that_is_too_old_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Interpreter(Path("/usr/bin/python3.8"), "3.8.10", "cpython", "glibc", "2.31")
    monkeypatch.setattr(app_python, "stack_python", lambda _: old)
    _ask_in_vain(monkeypatch)
    assert asked(tmp_path) == ("as nothing asks for another", ["==3.13.*"])


@pytest.mark.parametrize(
    ("minor", "today", "said"),
    [
        (
            "3.9",
            "2026-11-23",
            "Python 3.9 has had no security fixes since 2025-10-31 (PEP 596): move to 3.13",
        ),
        ("3.10", "2026-04-30", None),
        (
            "3.10",
            "2026-05-01",
            "Python 3.10 gets security fixes only until 2026-10-31 (PEP 619): move to 3.13 in time",
        ),
        (
            "3.10",
            "2026-10-31",
            "Python 3.10 gets security fixes only until 2026-10-31 (PEP 619): move to 3.13 in time",
        ),
        (
            "3.10",
            "2026-11-01",
            "Python 3.10 has had no security fixes since 2026-10-31 (PEP 619): move to 3.13",
        ),
        ("3.13", "2026-11-23", None),
        ("3.99", "2026-11-23", None),
    ],
)
def test_the_end_of_life(minor: str, today: str, said: str | None) -> None:
    assert warning(minor, datetime.date.fromisoformat(today)) == said


def test_each_minor_version_has_its_year_of_end() -> None:
    """PEP 602: a version in each October, with five years of fixes."""
    years = {minor: end.year for minor, (end, _) in END_OF_LIFE.items()}
    assert years == {f"3.{second}": 2016 + second for second in range(9, 16)}


def offers(*versions: str) -> list[Offer]:
    return [Offer(f"cpython-{text}-linux-x86_64-gnu", Version(text)) for text in versions]


MANY = offers("3.15.2", "3.15.0rc1", "3.14.10", "3.13.18", "3.13.17", "3.12.16", "3.9.25")


@pytest.mark.parametrize(
    ("specifier", "prerelease", "last", "chosen"),
    [
        (">=3.9", "", "", "3.13.18"),
        (">=3.9", "", "3.12", "3.12.16"),
        (">=3.9", "", "3.10", "3.13.18"),
        (">=3.14", "", "", "3.14.10"),
        (">=3.9,<3.13", "", "", "3.12.16"),
        (">=3.15", "", "", "3.15.2"),
        ("==3.13.17", "", "", "3.13.17"),
        ("", "3.15.0rc1", "", "3.15.0rc1"),
        ("==3.11.*", "", "", None),
    ],
)
def test_the_offer_that_is_taken(
    specifier: str, prerelease: str, last: str, chosen: str | None
) -> None:
    asked_for = Asked((), prerelease) if prerelease else Asked((specifier,))
    wish = Wish(Form.SETTING, "BP_PYTHON_VERSION", specifier, asked_for)
    best = best_offer((wish,), MANY, last)
    assert (best and best.version.text) == chosen


def test_only_ordinary_pythons_are_offers() -> None:
    def entry(version: str, implementation: str = "cpython", variant: str = "default") -> str:
        major, minor, patch = version.split(".")
        parts = f'{{"major": {major}, "minor": {minor}, "patch": {int(patch[0])}}}'
        return (
            f'{{"key": "k{version}", "version": "{version}", "version_parts": {parts}, '
            f'"implementation": "{implementation}", "variant": "{variant}"}}'
        )

    listed = [
        *(entry("3.9.1"), entry("3.8.1"), entry("3.13.1", variant="freethreaded")),
        *(entry("3.10.1", "pypy"), entry("3.12.0rc1"), entry("3.12.0")),
    ]
    found = read_offers(f"[{','.join(listed)}]")
    assert [offer.version.text for offer in found] == ["3.12.0", "3.12.0rc1", "3.9.1"]


def test_what_is_not_to_be_had_names_what_is() -> None:
    wish = Wish(Form.RUNTIME, "runtime.txt:1", "python-3.13.99", Asked(("==3.13.99",)))
    error = not_to_be_had((wish,), Version("3.13.5"), MANY)
    assert error.explanation.render() == (
        "Error: the app asks for a Python that isn't to be had\n\n"
        "Neither the run image nor uv has a version that is all of this.\n\n"
        "Found:\n"
        "  runtime.txt:1: python-3.13.99\n"
        "  The run image has 3.13.5\n"
        "  uv offers 3.15.2, 3.14.10, 3.13.18, 3.12.16, 3.9.25\n"
        "  uv offers of 3.13: 3.13.18, 3.13.17\n\n"
        "What to do:\n"
        "  Write this into runtime.txt:\n"
        "  python-3.13\n"
    )


@pytest.mark.parametrize("minor", ["3.16", "3.99", "4.0"])
def test_one_that_is_too_new_is_not_called_too_old(minor: str) -> None:
    wish = Wish(Form.VERSION_FILE, ".python-version:1", minor, Asked((f"=={minor}.*",)))
    assert not_to_be_had((wish,), None, MANY).explanation.render() == (
        "Error: the app asks for a Python that isn't to be had\n\n"
        "Neither the run image nor uv has a version that is all of this.\n\n"
        "Found:\n"
        f"  .python-version:1: {minor}\n"
        "  The run image has none\n"
        "  uv offers 3.15.2, 3.14.10, 3.13.18, 3.12.16, 3.9.25\n\n"
        "What to do:\n"
        "  Write this into .python-version:\n"
        "  3.13\n"
    )


def test_the_way_back_to_the_run_images_own_python_is_to_write_it_where_another_stands() -> None:
    exact = Wish(Form.VERSION_FILE, ".python-version:1", "3.13.1", Asked(("==3.13.1",)))
    fitting = Wish(Form.PROJECT, "pyproject.toml:3", ">=3.9", Asked((">=3.9",)))
    setting = Wish(Form.SETTING, "BP_PYTHON_VERSION", "3.12", Asked(("==3.12.*",)))
    mirror = other_ways((exact,), None)
    assert mirror == (
        "Or fetch it from a mirror of python-build-standalone's releases: "
        "pack build … --env UV_PYTHON_INSTALL_MIRROR=https://HOST/PATH",
    )
    assert other_ways((exact, fitting), Version("3.13.5")) == (
        *mirror,
        "Or take the run image's own Python. Write this into .python-version:\n3.13",
    )
    assert other_ways((setting,), Version("3.13.5")) == (
        *mirror,
        "Or take the run image's own Python. Build with: pack build … --env BP_PYTHON_VERSION=3.13",
    )


@pytest.mark.usefixtures("stack")
def test_a_conflict_ends_it_before_anybody_is_asked(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/.python-version").write_text("3.12\n")
    with pytest.raises(FlaskpackError) as caught:
        provide(tmp_path, "3.13")
    assert caught.value.explanation.title == "the app asks for two Pythons at once"


@pytest.mark.parametrize(
    ("declared", "wish", "expected"),
    [
        ("3.13", "", (3, 13)),
        ("", "", None),
        ("3.13", ">=3.9", (3, 13)),
        ("3.13", "3.11.4", (3, 11)),
        ("3.11", "3.12", (3, 12)),
        ("", ">=3.9", (3, 13)),
        ("", "<3.11", (3, 10)),
        ("3.13", "2.7", (3, 13)),
        ("3.13", "pypy3.10", (3, 13)),
    ],
)
def test_the_minor_version_that_detection_assumes(
    tmp_path: Path, declared: str, wish: str, expected: tuple[int, int] | None
) -> None:
    target = build_context(tmp_path).target
    context = DetectContext(
        app_dir=tmp_path,
        buildpack_dir=tmp_path,
        build_plan_path=tmp_path / "plan",
        target=target,
        platform_env={"BP_PYTHON_VERSION": wish},
        builder_env={"BP_STACK_PYTHON": declared},
    )
    assert detect._python(context) == expected
