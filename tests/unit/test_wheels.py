"""The cached wheels: few files, the same bytes for the same content, nothing kept in vain."""

import hashlib
from pathlib import Path

import pytest
from support.contexts import build_context

from buildpack.cnb.context import BuildContext
from layers import wheels

MADE_FOR = {"uv": "0.13.9", "python": "cp313"}


def context(root: Path, made_for: dict[str, str] | None = None) -> BuildContext:
    return build_context(root, {"wheels": {"made_for": made_for}} if made_for else {})


def install(cache: Path, site: Path, *names: str) -> None:
    """What uv leaves behind: an unpacked wheel, a link to it, the installed copy."""
    for name in names:
        archive = cache / "archive-v0" / f"id-{name}"
        (archive / f"{name}-1.0.dist-info").mkdir(parents=True)
        (archive / f"{name}.py").write_text(f"name = {name!r}\n")
        link = cache / "wheels-v8/pypi" / name / "1.0-py3-none-any"
        link.parent.mkdir(parents=True)
        link.symlink_to(f"../../../archive-v0/id-{name}")
        (site / f"{name}-1.0.dist-info").mkdir(parents=True)


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def packed(root: Path, *names: str) -> Path:
    """A packed layer of those wheels."""
    layer = wheels.open_wheels(context(root), MADE_FOR)
    wheels.unpack(layer)
    install(layer.work, root / "site", *names)
    wheels.pack(layer, root / "site")
    return layer.folder


def test_what_is_packed_can_be_unpacked(tmp_path: Path) -> None:
    packed(tmp_path, "flask", "click")
    assert not (tmp_path / "layers/uv-cache").exists()
    again = wheels.open_wheels(context(tmp_path, MADE_FOR), MADE_FOR)
    wheels.unpack(again)
    link = again.work / "wheels-v8/pypi/flask/1.0-py3-none-any"
    assert (link / "flask.py").read_text() == "name = 'flask'\n"


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    first = contents(packed(tmp_path / "one", "flask", "click"))
    second = contents(packed(tmp_path / "two", "flask", "click"))
    assert first == second
    assert list(first) == [
        "archive-v0/id-click.tar.gz",
        "archive-v0/id-flask.tar.gz",
        "index.tar.gz",
    ]


def test_a_wheel_that_is_no_longer_used_is_dropped(tmp_path: Path) -> None:
    packed(tmp_path, "flask", "click")
    layer = wheels.open_wheels(context(tmp_path, MADE_FOR), MADE_FOR)
    wheels.unpack(layer)
    (tmp_path / "site/click-1.0.dist-info").rmdir()
    wheels.pack(layer, tmp_path / "site")
    assert list(contents(layer.folder)) == ["archive-v0/id-flask.tar.gz", "index.tar.gz"]


def test_what_is_there_already_is_not_packed_again(tmp_path: Path) -> None:
    folder = packed(tmp_path, "flask")
    before = (folder / "archive-v0/id-flask.tar.gz").stat()
    layer = wheels.open_wheels(context(tmp_path, MADE_FOR), MADE_FOR)
    wheels.unpack(layer)
    install(layer.work, tmp_path / "site", "click")
    wheels.pack(layer, tmp_path / "site")
    assert (folder / "archive-v0/id-flask.tar.gz").stat().st_mtime_ns == before.st_mtime_ns
    assert (folder / "archive-v0/id-click.tar.gz").exists()


def test_a_cache_made_for_something_else_is_emptied(tmp_path: Path) -> None:
    packed(tmp_path, "flask")
    layer = wheels.open_wheels(context(tmp_path, {"uv": "0.1", "python": "cp313"}), MADE_FOR)
    assert list(layer.folder.iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"not gzip", None])
def test_a_damaged_cache_is_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: bytes | None
) -> None:
    folder = packed(tmp_path, "flask")
    file = folder / "archive-v0/id-flask.tar.gz"
    file.write_bytes(file.read_bytes()[:-20] if damage is None else damage)
    layer = wheels.open_wheels(context(tmp_path, MADE_FOR), MADE_FOR)
    wheels.unpack(layer)
    assert "Warning: The cached wheels can't be read and are left out" in capsys.readouterr().out
    assert list(layer.folder.iterdir()) == []
    assert list(layer.work.iterdir()) == []


def test_unpacked_sources_are_left_out(tmp_path: Path) -> None:
    layer = wheels.open_wheels(context(tmp_path), MADE_FOR)
    wheels.unpack(layer)
    for file in ("sdists-v11/pypi/a/1/rev/src/a.c", "sdists-v11/pypi/a/1/rev/a-1.whl"):
        (layer.work / file).parent.mkdir(parents=True, exist_ok=True)
        (layer.work / file).write_text("x")
    wheels.pack(layer, tmp_path / "site")
    again = wheels.open_wheels(context(tmp_path, MADE_FOR), MADE_FOR)
    wheels.unpack(again)
    files = [path.name for path in again.work.rglob("*") if path.is_file()]
    assert files == ["a-1.whl"]


def test_many_wheels_are_unpacked_side_by_side(tmp_path: Path) -> None:
    names = [f"package{number}" for number in range(40)]
    packed(tmp_path, *names)
    for _ in range(5):
        layer = wheels.open_wheels(context(tmp_path, MADE_FOR), MADE_FOR)
        wheels.unpack(layer)
        assert len(list(layer.work.glob("archive-v0/*/*.py"))) == len(names)
