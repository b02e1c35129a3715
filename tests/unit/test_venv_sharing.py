"""An environment shared out to layers: what is where, and that it looks as before."""

import os
from collections.abc import Collection
from pathlib import Path

import pytest
from support.contexts import build_context

from buildpack.cnb.context import BuildContext
from buildpack.installed import read_installed
from buildpack.requirements import Target
from layers import venv
from layers.packages import Held, Share
from layers.packages.moving import unclaimed
from layers.venv.keeping import Keeping
from layers.venv.sharing import MisfitError, check_apart, held_of, not_to_part, share_out

SITE = "lib/python3.13/site-packages"
TARGET = Target("3.13.5")


def install(context: BuildContext, name: str, *files: str, record: str | None = None) -> None:
    """A package with these files, relative to the environment."""
    root = venv.folder(context)
    info = root / SITE / f"{name}-1.0.dist-info"
    listed = [*files, f"{SITE}/{info.name}/METADATA", f"{SITE}/{info.name}/RECORD"]
    for file in listed:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(f"{name}: {file}")
    (info / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\nRequires-Dist: other>=1\n")
    back = "".join(f"../../../{file},sha256=x,100\n" for file in listed)
    (info / "RECORD").write_text(back if record is None else record)


def found(context: BuildContext) -> dict[str, Held]:
    root = venv.folder(context)
    installed = read_installed(root / SITE).distributions
    return {name: held_of(name, dist, root, "1.0", TARGET) for name, dist in installed.items()}


def entries(context: BuildContext) -> list[str]:
    return [entry for held in found(context).values() for entry in held.entries]


def contents(root: Path) -> dict[str, str]:
    """Every file as the environment shows it."""
    return {
        os.path.relpath(f"{folder}/{file}", root): Path(folder, file).read_text()
        for folder, _, files in os.walk(root, followlinks=True)
        for file in files
    }


def shared(
    context: BuildContext, staying: Collection[str] = (), keeping: Keeping | None = None
) -> tuple[Share, ...]:
    root = venv.folder(context)
    return share_out(context, root, found(context), staying, keeping or Keeping())


def test_the_environment_looks_as_before(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    install(context, "flask", f"{SITE}/flask/app.py", "bin/flask", "share/man/man1/flask.1")
    install(context, "six", f"{SITE}/six.py")
    install(context, "own", f"{SITE}/own/__init__.py", f"{SITE}/own.pth", "bin/own")
    (venv.folder(context) / SITE / "__pycache__").mkdir()
    (venv.folder(context) / SITE / "__pycache__/six.cpython-313.pyc").write_text("code")
    before = contents(venv.folder(context))
    (share,) = shared(context, ["own"])
    assert contents(venv.folder(context)) == before
    assert [held.name for held in share.held] == ["flask", "six"]
    part = contents(share.folder(context))
    assert sorted(part) == sorted(name for name in before if "own" not in name)
    links = sorted(
        str(path.relative_to(venv.folder(context)))
        for path in venv.folder(context).rglob("*")
        if path.is_symlink()
    )
    assert links == [
        "bin/flask",
        f"{SITE}/__pycache__/six.cpython-313.pyc",
        f"{SITE}/flask",
        f"{SITE}/flask-1.0.dist-info",
        f"{SITE}/six-1.0.dist-info",
        f"{SITE}/six.py",
        "share/man/man1/flask.1",
    ]


def test_what_a_layer_tells(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    install(context, "six", f"{SITE}/six.py")
    assert found(context)["six"] == Held(
        *("six", "1.0", "1.0", 300, ("other",)),
        (f"{SITE}/six-1.0.dist-info", f"{SITE}/six.py"),
    )


def test_what_cannot_be_parted_from_what_stays_stays_too(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    install(context, "event", f"{SITE}/zope/__init__.py", f"{SITE}/zope/event/a.py")
    install(context, "own", f"{SITE}/zope/own.py")
    install(context, "six", f"{SITE}/six.py")
    (share,) = shared(context, ["own"])
    assert [held.name for held in share.held] == ["six"]
    assert not (venv.folder(context) / SITE / "zope").is_symlink()


def test_a_namespace_is_shared(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    install(context, "storage", f"{SITE}/google/cloud/storage/a.py")
    install(context, "own", f"{SITE}/google/own/a.py")
    (share,) = shared(context, ["own"])
    assert [held.name for held in share.held] == ["storage"]
    assert (venv.folder(context) / SITE / "google/cloud/storage").is_symlink()
    assert not (venv.folder(context) / SITE / "google/cloud").is_symlink()


RECORDS = {
    "nothing": "",
    "a name that metadata can't hold": f"../../../{SITE}/odd name.py,,\n",
    "a place outside": "../../../../outside,,\n",
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_a_package_that_says_nothing_usable_stays(tmp_path: Path, record: str) -> None:
    context = build_context(tmp_path)
    (venv.folder(context) / SITE).mkdir(parents=True)
    (venv.folder(context).parent / "outside").touch()
    install(context, "odd", f"{SITE}/odd name.py", record=record)
    install(context, "fine", f"{SITE}/fine.py")
    own = unclaimed(venv.folder(context), entries(context))
    assert not_to_part(venv.folder(context), found(context), own) == {"odd"}


KEPT = Held("kept", "1.0", "1.0", 5, (), (f"{SITE}/kept", "bin/kept"))


def test_new_layers_come_after_all_that_there_were(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    for name in ("a", "b", "c"):
        install(context, name, f"{SITE}/{name}.py")
    keeping = Keeping((Share(2, (KEPT,)),), (frozenset("ab"),), frozenset("c"), last_number=7)
    shares = shared(context, keeping=keeping)
    assert [(share.name, [one.name for one in share.held]) for share in shares] == [
        ("site-packages-0002", ["kept"]),
        ("site-packages-0008", ["a", "b"]),
        ("site-packages-0009", ["c"]),
    ]
    link = venv.folder(context) / "bin/kept"
    assert link.readlink() == context.layers_dir / "site-packages-0002/part/bin/kept"
    assert not (context.layers_dir / "site-packages-0002").exists()


@pytest.mark.parametrize("file", ["bin/kept", f"{SITE}/kept/more.py", f"{SITE}/kept/a/b.py"])
def test_what_is_new_may_not_lie_in_what_is_kept(tmp_path: Path, file: str) -> None:
    context = build_context(tmp_path)
    install(context, "new", file)
    with pytest.raises(MisfitError):
        check_apart(found(context).values(), Keeping((Share(2, (KEPT,)),)))


def test_files_that_nobody_claims(tmp_path: Path) -> None:
    context = build_context(tmp_path)
    install(context, "a", f"{SITE}/a/a.py", "bin/a")
    install(context, "b", f"{SITE}/google/b/b.py")
    root = venv.folder(context)
    assert unclaimed(root, entries(context)) == frozenset()
    assert not_to_part(root, found(context), frozenset()) == frozenset()
    (root / SITE / "__pycache__").mkdir()
    for name in ("a/more.py", "__pycache__/x.pyc", "google/more.py", "more.bin"):
        (root / SITE / name).touch()
    left = {f"{SITE}/google/more.py", f"{SITE}/more.bin"}
    assert unclaimed(root, entries(context)) == left
    assert not_to_part(root, found(context), frozenset(left)) == frozenset()
    assert not_to_part(root, found(context), frozenset()) == {"a", "b"}


def test_the_same_packages_make_the_same_layers(tmp_path: Path) -> None:
    made = []
    for place, order in (("one", range(1, 20)), ("two", range(19, 0, -1))):
        context = build_context(tmp_path / place)
        for number in order:
            install(context, f"p{number}", f"{SITE}/p{number}/a.py")
        made.append(shared(context))
    assert made[0] == made[1]
    assert len(made[0]) == 3
