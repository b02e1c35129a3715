"""The cached wheels: what was built from source is built once, and nothing else is kept."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support import real_uv
from support.contexts import build_context
from support.package_index import running, sdist, wheel

from layers import wheels
from layers.wheels import Wheels

MADE_FOR = {"uv": "0.13.9", "python": "cp313"}

BUILD = """
open({counter!r}, "a").write("built\\n")
info, file = f"{{NAME}}-{{VERSION}}.dist-info", f"{{NAME}}-{{VERSION}}-py3-none-any.whl"
metadata = f"Metadata-Version: 2.1\\nName: {{NAME}}\\nVersion: {{VERSION}}\\n"
with zipfile.ZipFile(f"{{wheel_directory}}/{{file}}", "w") as made:
    made.writestr(f"{{NAME}}.py", "")
    made.writestr(f"{{info}}/METADATA", metadata)
    made.writestr(f"{{info}}/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
    made.writestr(f"{{info}}/RECORD", "")
return file
"""


def reopened(root: Path, made_for: dict[str, str]) -> Wheels:
    """The layer in the next build, when it was last made for that."""
    context = build_context(root, {"wheels": {"made_for": made_for, "resolved": "2026-11-22"}})
    return wheels.open_wheels(context, MADE_FOR)


def dist_infos(site: Path) -> set[str]:
    """What is installed in a folder, as its metadata is called."""
    return {path.name for path in site.glob("*.dist-info")}


def kept(root: Path, *names: str) -> Wheels:
    """The layer after a build that installed these packages, built from source."""
    layer = reopened(root, MADE_FOR)
    wheels.restore(layer)
    for name in names:
        folder = layer.work / f"sdists-v11/pypi/{name}/1.0/revision"
        folder.mkdir(parents=True)
        (folder / f"{name}-1.0-py3-none-any.whl").touch()
        (folder.parent / "revision.http").touch()
        (root / f"site/{name}-1.0.dist-info").mkdir(parents=True)
    wheels.keep(layer, dist_infos(root / "site"))
    return layer


def installed(root: Path, layer: Wheels, requirements: str, url: str) -> Path:
    """Install with the real uv in the layer's work folder; the folder of the packages."""
    cache = {"UV_CACHE_DIR": str(layer.work)}
    files = {"requirements.txt": requirements}
    run = real_uv.install(root, files, url, environment=cache)
    assert run.code == 0, run.words
    return root / "target"


def test_what_was_built_is_built_once(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    packages = [sdist("slow", "1.0", BUILD.format(counter=str(counter))), wheel("quick", "1.0")]
    with running(packages) as index:
        for number in ("one", "two"):
            layer = reopened(tmp_path, MADE_FOR)
            wheels.restore(layer)
            (tmp_path / number).mkdir()
            site = installed(tmp_path / number, layer, "slow\nquick\n", index.url)
            wheels.keep(layer, dist_infos(site))
            assert {path.name for path in site.glob("*.dist-info")} >= {
                "slow-1.0.dist-info",
                "quick-1.0.dist-info",
            }
            assert not layer.work.exists()
    assert counter.read_text() == "built\n"
    left = [path.name for path in (tmp_path / "layers/wheels").rglob("*.whl")]
    assert left == ["slow-1.0-py3-none-any.whl"]


def test_what_is_no_longer_installed_is_dropped(tmp_path: Path) -> None:
    layer = kept(tmp_path, "slow", "gone")
    wheels.restore(layer)
    (tmp_path / "site/gone-1.0.dist-info").rmdir()
    wheels.keep(layer, dist_infos(tmp_path / "site"))
    files = [str(path.relative_to(layer.folder)) for path in layer.folder.rglob("*.*")]
    assert sorted(files) == [
        "sdists-v11/pypi/slow/1.0",
        "sdists-v11/pypi/slow/1.0/revision.http",
        "sdists-v11/pypi/slow/1.0/revision/slow-1.0-py3-none-any.whl",
    ]


def test_neither_sources_nor_links_are_kept(tmp_path: Path) -> None:
    layer = reopened(tmp_path, MADE_FOR)
    wheels.restore(layer)
    folder = layer.work / "sdists-v11/pypi/slow/1.0/revision"
    (folder / "src").mkdir(parents=True)
    (folder / "src/slow-1.0-py3-none-any.whl").touch()
    (folder / "slow-1.0-py3-none-any.whl").touch()
    (folder / "slow-1.0-py3-none-any").symlink_to("/absent")
    (tmp_path / "site/slow-1.0.dist-info").mkdir(parents=True)
    wheels.keep(layer, dist_infos(tmp_path / "site"))
    assert [path.name for path in layer.folder.rglob("revision/*")] == ["slow-1.0-py3-none-any.whl"]


def test_an_address_with_a_query_is_not_kept(tmp_path: Path) -> None:
    """It may hold a token; what was built from there is built again."""
    package = sdist("slow", "1.0", BUILD.format(counter=str(tmp_path / "counter")))
    with running([package]) as index:
        address = index.url.replace("/simple", "/files").rstrip("/") + f"/{package.file}"
        for query, left in (("?sig=${TOKEN}", []), ("", ["slow-1.0-py3-none-any.whl"])):
            layer = reopened(tmp_path, MADE_FOR)
            wheels.restore(layer)
            root = tmp_path / f"run{len(left)}"
            root.mkdir()
            run = real_uv.install(
                root,
                {"requirements.txt": f"slow @ {address}{query}\n"},
                index.url,
                environment={"UV_CACHE_DIR": str(layer.work)},
                values={"TOKEN": "s3cr3t"},
            )
            assert run.code == 0, run.words
            wheels.keep(layer, dist_infos(root / "target"))
            files = [path for path in layer.folder.rglob("*") if path.is_file()]
            assert [path.name for path in files if path.suffix == ".whl"] == left
            assert not any(b"s3cr3t" in path.read_bytes() for path in files)


OTHERS = {
    "something else": {},
    "another uv": {"uv": "0.1", "python": "cp313"},
    "another uv and another python": {"uv": "0.1", "python": "cp312"},
}


@pytest.mark.parametrize("words", OTHERS)
def test_a_cache_made_for_something_else_is_emptied(
    tmp_path: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "layers/wheels/sdists-v1/old.whl"
    stale.parent.mkdir(parents=True)
    stale.touch()
    layer = reopened(tmp_path, OTHERS[words])
    assert list(layer.folder.iterdir()) == []
    assert layer.resolved == ""
    said = f"  The cached wheels are dropped: they were made for {words}\n"
    assert capsys.readouterr().out == said


def test_what_uv_knows_of_pythons_is_kept_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layer = reopened(tmp_path, MADE_FOR)
    wheels.restore(layer)
    (layer.work / "interpreter-v5/host").mkdir(parents=True)
    (layer.work / "interpreter-v5/host/python.msgpack").write_bytes(b"3.13")
    (tmp_path / "site").mkdir()
    wheels.keep(layer, dist_infos(tmp_path / "site"))
    again = reopened(tmp_path, MADE_FOR)
    wheels.restore(again)
    assert (again.work / "interpreter-v5/host/python.msgpack").read_bytes() == b"3.13"
    emptied = reopened(tmp_path, {"uv": "another"})
    assert list(emptied.folder.iterdir()) == []
    assert capsys.readouterr().out == ""


def cut(layer: Wheels) -> None:
    next(layer.folder.rglob("*.whl")).write_bytes(b"cut")


def lost(layer: Wheels) -> None:
    next(layer.folder.rglob("*.whl")).unlink()


def renamed(layer: Wheels) -> None:
    wheel = next(layer.folder.rglob("*.whl"))
    wheel.rename(wheel.with_name("other-1.0-py3-none-any.whl"))


def unsigned(layer: Wheels) -> None:
    (layer.folder / "sha256").unlink()


def unreadable(layer: Wheels) -> None:
    unsigned(layer)
    (layer.folder / "sha256").mkdir()


def binary(layer: Wheels) -> None:
    (layer.folder / "sha256").write_bytes(b"\xff")


@pytest.mark.parametrize("damage", [cut, lost, renamed, unsigned, unreadable, binary])
def test_a_damaged_cache_is_told_and_not_used(
    tmp_path: Path, damage: Callable[[Wheels], None], capsys: pytest.CaptureFixture[str]
) -> None:
    damage(kept(tmp_path, "slow"))
    layer = reopened(tmp_path, MADE_FOR)
    wheels.restore(layer)
    assert list(layer.work.iterdir()) == []
    said = "  The cached wheels are dropped: they did not come back as they were kept\n"
    assert capsys.readouterr().out == said
    wheels.keep(layer, dist_infos(tmp_path / "site"))
    assert list(layer.folder.iterdir()) == []


def test_a_whole_cache_is_used_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(tmp_path, "slow")
    layer = reopened(tmp_path, MADE_FOR)
    wheels.restore(layer)
    assert [path.name for path in layer.work.rglob("*.whl")] == ["slow-1.0-py3-none-any.whl"]
    assert capsys.readouterr().out == ""


def test_the_declaration(tmp_path: Path) -> None:
    layer = reopened(tmp_path, MADE_FOR).layer()
    assert (layer.name, layer.types.cache, layer.types.launch) == ("wheels", True, False)
    assert layer.metadata == {"made_for": MADE_FOR, "resolved": "2026-11-22"}


def test_a_cache_of_another_user_is_told_and_put_aside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(tmp_path, "slow").folder.chmod(0)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    (tmp_path / "layers").chmod(0o777)
    user = os.getuid()
    os.setresuid(user or 65534, user or 65534, user)  # root may read everything
    try:
        layer = reopened(tmp_path, MADE_FOR)
        assert list(layer.folder.iterdir()) == []
    finally:
        os.setresuid(user, user, user)
    said = "  The cached wheels are dropped: they belong to another user\n"
    assert capsys.readouterr().out == said
