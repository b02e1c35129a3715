"""Which layers stay as they are, and what is installed again beside what changed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from support.contexts import build_context

from buildpack.cnb.context import BuildContext
from buildpack.interpreter import Interpreter
from buildpack.requirements import fingerprint, read_requirements
from layers.packages import Held, Share
from layers.packages.arranging import MOST
from layers.venv.keeping import Keeping, keeping, last_shares, options_of
from layers.venv.recipe import Recipe
from layers.venv.wanted import Wanted

PYTHON = Interpreter(Path("/usr/bin/python3.13"), "3.13.5", "cpython", "glibc", "2.41")

LAYERS = {1: {"numpy": "2"}, 2: {"flask": "3", "click": "8"}, 3: {"six": "1"}}
SIZES = {"numpy": 90, "flask": 5, "click": 4, "six": 1}


def shares(layers: dict[int, dict[str, str]]) -> tuple[Share, ...]:
    return tuple(
        Share(
            number,
            tuple(
                Held(name, version, version, SIZES.get(name, 1), (), ())
                for name, version in held.items()
            ),
        )
        for number, held in layers.items()
    )


def wanted(**changes: str | None) -> Wanted:
    """All that the layers hold, but for the changes; None is no longer wanted."""
    before = {name: text for held in LAYERS.values() for name, text in held.items()}
    now = {name: text for name, text in (before | changes).items() if text is not None}
    return Wanted(now, now)


def kept(of: Keeping) -> list[int]:
    return [share.number for share in of.kept]


def test_everything_stays() -> None:
    found = keeping(shares(LAYERS), wanted())
    assert kept(found) == [1, 2, 3]
    assert (found.again, found.changed, found.last_number) == ((), frozenset(), 3)


def test_what_shared_a_layer_with_a_change_is_installed_again() -> None:
    found = keeping(shares(LAYERS), wanted(flask="3.1"))
    assert kept(found) == [1, 3]
    assert found.again == (frozenset({"click"}),)
    assert found.changed == frozenset({"flask"})
    assert found.names == frozenset({"click", "flask"})


def test_what_is_new_touches_no_layer() -> None:
    found = keeping(shares(LAYERS), wanted(redis="8"))
    assert kept(found) == [1, 2, 3]
    assert (found.again, found.changed) == ((), frozenset({"redis"}))


def test_what_is_no_longer_wanted_is_gone_with_its_layer() -> None:
    found = keeping(shares(LAYERS), wanted(click=None, six=None))
    assert kept(found) == [1]
    assert (found.again, found.changed) == ((frozenset({"flask"}),), frozenset())


def test_to_keep_less_than_half_is_not_worth_it() -> None:
    assert keeping(shares(LAYERS), wanted(numpy="3")) == Keeping()


def test_a_package_from_elsewhere_is_not_kept() -> None:
    now = {"numpy": "2", "flask": "3", "click": "8"}
    found = keeping(shares(LAYERS), Wanted(now, now, frozenset({"six"})))
    assert kept(found) == [1, 2]
    assert (found.again, found.changed) == ((), frozenset())


def test_the_smallest_layers_give_way_when_there_are_too_many() -> None:
    many = {number: {f"p{number}": "1"} for number in range(1, MOST)} | {MOST: {"numpy": "2"}}
    now = {name: text for held in many.values() for name, text in held.items()}
    found = keeping(shares(many), Wanted(now | {"new": "1"}, now | {"new": "1"}))
    assert kept(found) == [*range(2, MOST), MOST]
    assert found.changed == frozenset({"p1", "new"})
    assert found.last_number == MOST


REQUIREMENTS = "-r more.txt\n--extra-index-url https://me:${TOKEN}@h/simple\n./lib\nsix==${SIX}\n"


def recipe(root: Path, facts: Mapping[str, str] | None = None, refresh: bool = False) -> Recipe:
    """What the app's files and these facts come to."""
    values = {"TOKEN": "s3cr3t", "SIX": "1.17.0"}
    requirements = read_requirements(root / "app", PurePosixPath("requirements.txt"), values)
    key = fingerprint(
        requirements, {"Python": "3.13.5", "what is added": "gunicorn", **(facts or {})}
    )
    return Recipe(*(PYTHON, None, (), None, root, key), requirements=requirements, refresh=refresh)


def project(root: Path) -> BuildContext:
    """A context after a build of a project."""
    context = build_context(root)
    for name, text in {
        "requirements.txt": REQUIREMENTS,
        "more.txt": "idna\n",
        "lib/pyproject.toml": "[project]",
        "wheels/x-1-py3-none-any.whl": "x",
    }.items():
        (context.app_dir / name).parent.mkdir(exist_ok=True)
        (context.app_dir / name).write_text(text)
    made = recipe(root)
    (share,) = shares({1: {"six": "1"}})
    metadata = {
        "key": [{"name": name, "digest": digest} for name, digest in made.key.items()],
        "versions": {"gunicorn": "27.0.1", "six": "1"},
        "packages": [share.name],
        "options": options_of(made),
    }
    return replace(context, restored={"venv": metadata, share.name: share.layer().metadata})


def write(name: str, text: str) -> Callable[[Path], object]:
    return lambda app: (app / name).write_text(text)


Change = Callable[[Path], object]
NO_CHANGE: Change = write("main.py", "")
STAYING: dict[str, tuple[Change, dict[str, str]]] = {
    "a requirement": (write("requirements.txt", REQUIREMENTS + "click\n"), {}),
    "an included file": (write("more.txt", "idna==3\n"), {}),
    "no included file": (write("requirements.txt", REQUIREMENTS.partition("\n")[2]), {}),
    "a local package": (write("lib/lib.py", "x = 1"), {}),
    "no variable": (write("requirements.txt", REQUIREMENTS.replace("${SIX}", "1")), {}),
    "what is added": (NO_CHANGE, {"what is added": "flask gunicorn"}),
    "another workspace": (NO_CHANGE, {"the app's folder": "/app"}),
    "a group": (NO_CHANGE, {"the setting BP_GROUPS": "sha256:00 set"}),
}
GOING: dict[str, tuple[Change, dict[str, str]]] = {
    "another Python": (NO_CHANGE, {"Python": "3.13.6"}),
    "something new of how": (NO_CHANGE, {"the package index": "sha256:00 set"}),
    "another index": (write("requirements.txt", REQUIREMENTS.replace("h/s", "other/s")), {}),
    "an option": (write("requirements.txt", REQUIREMENTS + "--no-binary six\n"), {}),
    "a folder of wheels": (write("requirements.txt", REQUIREMENTS + "-f wheels\n"), {}),
}


@pytest.mark.parametrize(("change", "facts"), STAYING.values(), ids=STAYING)
def test_what_may_stay(tmp_path: Path, change: Change, facts: dict[str, str]) -> None:
    context = project(tmp_path)
    change(context.app_dir)
    assert last_shares(context, recipe(tmp_path, facts)) == shares({1: {"six": "1"}})


@pytest.mark.parametrize(("change", "facts"), GOING.values(), ids=GOING)
def test_nothing_stays(tmp_path: Path, change: Change, facts: dict[str, str]) -> None:
    context = project(tmp_path)
    change(context.app_dir)
    assert last_shares(context, recipe(tmp_path, facts)) == ()


def test_another_wheel_in_a_folder(tmp_path: Path) -> None:
    context = project(tmp_path)
    write("requirements.txt", "-f wheels\n")(context.app_dir)
    before = recipe(tmp_path)
    metadata = {**context.restored["venv"], "options": options_of(before)}
    metadata["key"] = [{"name": name, "digest": text} for name, text in before.key.items()]
    context = replace(context, restored={**context.restored, "venv": metadata})
    assert last_shares(context, recipe(tmp_path)) != ()
    write("wheels/x-1-py3-none-any.whl", "y")(context.app_dir)
    assert last_shares(context, recipe(tmp_path)) == ()


def test_other_options_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    context = project(tmp_path)
    GOING["an option"][0](context.app_dir)
    last_shares(context, recipe(tmp_path))
    said = "  Everything is installed anew: options in the requirements changed\n"
    assert capsys.readouterr().out == said


def test_layers_that_do_not_say_what_they_hold_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = project(tmp_path)
    damaged = {"site-packages-0001": {"holds": ["six"]}}
    context = replace(context, restored={**context.restored, **damaged})
    assert last_shares(context, recipe(tmp_path)) == ()
    said = "  Everything is installed anew: the last image doesn't say what its layers hold\n"
    assert capsys.readouterr().out == said


def test_a_refresh_keeps_nothing(tmp_path: Path) -> None:
    assert last_shares(project(tmp_path), recipe(tmp_path, refresh=True)) == ()


def test_what_an_older_build_left_is_not_kept(tmp_path: Path) -> None:
    """It had everything in one layer, and said nothing of packages."""
    context = project(tmp_path)
    metadata = {name: context.restored["venv"][name] for name in ("key", "versions")}
    assert last_shares(replace(context, restored={"venv": metadata}), recipe(tmp_path)) == ()
