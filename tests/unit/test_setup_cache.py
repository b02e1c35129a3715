"""The tools' cache: names from contents, entries made once, one run at a time."""

import fcntl
import threading
import time
from pathlib import Path

import pytest

from scripts.toolchain import cache
from scripts.toolchain.errors import SetupError


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"FLASKPACK_CACHE": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/c"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/flaskpack"),
        ({"FLASKPACK_CACHE": "", "XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache/flaskpack"),
    ],
)
def test_folder(environ: dict[str, str], expected: str) -> None:
    assert cache.folder(environ) == Path(expected)


def test_a_key_tells_its_parts_apart() -> None:
    keys = {cache.key_of("ab", "c"), cache.key_of("a", "bc"), cache.key_of("abc")}
    assert len(keys) == 3
    assert cache.key_of("ab", b"c") == cache.key_of("ab", "c")


def test_a_folders_key_follows_names_modes_and_contents(tmp_path: Path) -> None:
    file = tmp_path / "recipe" / "packages.txt"
    file.parent.mkdir()
    file.write_text("bash\n")
    keys = [cache.key_of(file.parent)]
    file.write_text("dash\n")
    keys.append(cache.key_of(file.parent))
    file.chmod(0o755)
    keys.append(cache.key_of(file.parent))
    file.rename(file.with_name("other.txt"))
    keys.append(cache.key_of(file.parent))
    assert len(set(keys)) == 4


def test_bytecode_and_hidden_files_leave_a_key_alone(tmp_path: Path) -> None:
    (tmp_path / "build.py").write_text("")
    before = cache.key_of(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "build.pyc").write_text("x")
    (tmp_path / ".build.py.swp").write_text("x")
    assert cache.key_of(tmp_path) == before


def test_an_entry_is_filled_once(tmp_path: Path) -> None:
    filled = []

    def fill(to: Path) -> None:
        filled.append(to)
        (to / "pack").write_text("program")

    first = cache.entry(tmp_path, "pack", "k1", fill)
    assert cache.entry(tmp_path, "pack", "k1", fill) == first == tmp_path / "pack" / "k1"
    assert filled == [first]
    assert (first / "pack").read_text() == "program"


def test_an_unfinished_entry_is_made_again_from_nothing(tmp_path: Path) -> None:
    def broken(to: Path) -> None:
        (to / "half").write_text("")
        raise SetupError("No network", "Plug it in")

    with pytest.raises(SetupError):
        cache.entry(tmp_path, "pack", "k1", broken)
    place = cache.entry(tmp_path, "pack", "k1", lambda to: (to / "pack").touch())
    assert sorted(path.name for path in place.iterdir()) == [".complete", "pack"]


def test_the_last_used_entries_of_a_kind_stay(tmp_path: Path) -> None:
    def make(key: str) -> None:
        cache.entry(tmp_path, "pack", key, lambda to: (to / "pack").touch())

    for key in ("k1", "k2", "k3"):
        make(key)
    make("k1")
    make("k4")
    assert {place.name for place in (tmp_path / "pack").iterdir()} == {"k3", "k1", "k4"}


def test_a_second_run_waits_for_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = []
    said = ""
    limit = time.monotonic() + 10
    with (tmp_path / "lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)

        def second_run() -> None:
            with cache.locked(tmp_path):
                order.append("second")

        second = threading.Thread(target=second_run, daemon=True)
        second.start()
        # print writes the text and the end of the line in two pieces.
        while not said.endswith("\n") and time.monotonic() < limit:
            said += capsys.readouterr().out
            time.sleep(0.01)
        assert said == f"Another run is setting up in {tmp_path}: waiting for it ...\n"
        order.append("first")
    second.join(timeout=10)
    assert order == ["first", "second"]


def test_a_cache_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError) as problem, cache.locked(tmp_path / "file" / "cache"):
        pass
    assert str(problem.value) == (
        f"The cache folder {tmp_path}/file/cache cannot be used (Not a directory). "
        "Make it writable, or name another one in FLASKPACK_CACHE"
    )


def test_a_forgotten_entry_is_made_again(tmp_path: Path) -> None:
    filled: list[Path] = []
    cache.entry(tmp_path, "source", "k", filled.append)
    cache.forget(tmp_path, "source", "k")
    cache.forget(tmp_path, "source", "never made")
    cache.entry(tmp_path, "source", "k", filled.append)
    assert len(filled) == 2
