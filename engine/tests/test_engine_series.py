"""The series as a work folder and back, and what its patches say about themselves."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from harness.wire import wait_until
from maker import heading, patching, proof, recipe, sdist, workfolder
from maker.failure import EngineError

PATCHES = recipe.ENGINE / "patches"
SERIES = patching.series(PATCHES)
HEADING = (
    "Don't lose what's sent, in a_2nd or 3rd word\n\n"
    "What was wrong: a\nb.\n\nHow a user saw it: c.\n\nWhat changes: d.\n\n"
    "Test: engine/tests/test_a.py::test_b[c d]\nTest: engine/tests/test_a.py::test_e"
)


@pytest.fixture(scope="module")
def upstream() -> Path:
    pin = sdist.parse_pin((recipe.ENGINE / "sdist.txt").read_text())
    return sdist.fetch(pin, recipe.cache_folder())


@pytest.fixture
def folder(upstream: Path, tmp_path: Path) -> Path:
    """The work folder of a series of one patch."""
    (tmp_path / "patches").mkdir()
    first = b"@@ -0,0 +1 @@\n+new\n"
    diff = b"diff --git a/NEW b/NEW\nnew file mode 100644\n--- /dev/null\n+++ b/NEW\n" + first
    content = f"{HEADING}\n\n".encode() + diff
    (tmp_path / "patches" / heading.parse(HEADING).file_name(1)).write_bytes(content)
    workfolder.open_series(tmp_path / "patches", upstream, tmp_path / "work")
    return tmp_path / "work"


def test_round_trip_changes_no_byte(upstream: Path, tmp_path: Path) -> None:
    assert workfolder.open_series(PATCHES, upstream, tmp_path / "work") == len(SERIES)
    (tmp_path / "written").mkdir()
    names = workfolder.write_series(tmp_path / "work", tmp_path / "written")

    assert names == [file.name for file in SERIES]
    for file in SERIES:
        assert (tmp_path / "written" / file.name).read_bytes() == file.read_bytes()


def test_work_folder_has_a_commit_for_each_patch(folder: Path) -> None:
    assert git(folder, "log", "--format=%s", "upstream..") == HEADING.partition("\n")[0] + "\n"
    assert git(folder, "log", "-1", "--format=%B") == HEADING + "\n\n"
    assert git(folder, "show", "HEAD:NEW") == "new\n"


def test_changes_become_patches(folder: Path, tmp_path: Path) -> None:
    (folder / "setup.py").unlink()
    text = (folder / "LICENSE").read_text()
    (folder / "LICENSE").write_text(text.removesuffix("\n"))
    subject = HEADING.replace("Don't lose", "Keep")
    git(folder, "add", "--all")
    git(folder, "commit", "-m", subject)
    git(folder, "config", "diff.noprefix", "true")

    names = workfolder.write_series(folder, tmp_path / "patches")

    assert names == [
        "0001-dont-lose-whats-sent-in-a-2nd.patch",
        "0002-keep-whats-sent-in-a-2nd-or.patch",
    ]
    written = (tmp_path / "patches" / names[1]).read_bytes()
    assert written.startswith(subject.encode() + b"\n\ndiff --git a/LICENSE b/LICENSE\n--- a/")
    assert written.endswith(b"diff --git a/setup.py b/setup.py\ndeleted file mode 100644\n")
    tree = sdist_tree(tmp_path)
    patching.apply_series(tmp_path / "patches", tree)
    assert not (tree / "setup.py").exists()
    assert (tree / "LICENSE").read_text() == text.removesuffix("\n")


def test_folder_that_exists_is_left_alone(upstream: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"exists already: name a folder that doesn't$"):
        workfolder.open_series(PATCHES, upstream, tmp_path)


def test_open_work_is_not_written(folder: Path, tmp_path: Path) -> None:
    (folder / "more").touch()
    with pytest.raises(EngineError, match=r"has changes that aren't committed: \?\? more$"):
        workfolder.write_series(folder, tmp_path / "patches")


def test_commit_without_a_heading_is_not_written(folder: Path, tmp_path: Path) -> None:
    git(folder, "commit", "--allow-empty", "-m", "more")
    with pytest.raises(EngineError, match="'more': a patch begins with one line"):
        workfolder.write_series(folder, tmp_path / "patches")

    assert len(patching.series(tmp_path / "patches")) == 1


def test_change_that_a_series_cannot_hold_is_not_written(folder: Path, tmp_path: Path) -> None:
    (folder / "NEW").chmod(0o755)
    git(folder, "commit", "-a", "-m", HEADING)
    with pytest.raises(EngineError, match=r"^0002-dont-lose-[a-z0-9-]+\.patch: holds no change$"):
        workfolder.write_series(folder, tmp_path / "patches")


def test_merge_is_not_written(folder: Path, tmp_path: Path) -> None:
    git(folder, "checkout", "-q", "-b", "side", "HEAD^")
    git(folder, "commit", "--allow-empty", "-m", HEADING)
    git(folder, "merge", "-q", "-m", "merge", "series")
    with pytest.raises(EngineError, match=r"has a merge: a series is one line of commits$"):
        workfolder.write_series(folder, tmp_path / "patches")


def test_missing_git_is_named(
    upstream: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"^git is not on PATH: install it \(Debian: git\)$"):
        workfolder.open_series(PATCHES, upstream, tmp_path / "work")


def test_command_opens_the_series(tmp_path: Path) -> None:
    run = series_command("open", str(tmp_path / "work"))

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == (
        f"{tmp_path / 'work'}: {len(SERIES)} patches, a commit for each, on the tag upstream\n"
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("open", "."), "engine: . exists already: name a folder that doesn't\n"),
        (("check", "999"), f"engine: there is no patch 999: the series has {len(SERIES)}\n"),
    ],
)
def test_command_says_what_is_wrong_in_one_line(arguments: tuple[str, ...], problem: str) -> None:
    run = series_command(*arguments)

    assert (run.returncode, run.stdout, run.stderr) == (1, "", problem)


def series_command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(recipe.ENGINE / "series.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_heading_is_read() -> None:
    found = heading.parse(HEADING)

    assert found.subject == "Don't lose what's sent, in a_2nd or 3rd word"
    assert found.tests == (
        "engine/tests/test_a.py::test_b[c d]",
        "engine/tests/test_a.py::test_e",
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("How a user saw it: ", "Seen as: ", "missing: How a user saw it$"),
        ("\nTest: ", "\nTests: ", "missing: Test$"),
        ("word\n\n", "word\n", "missing: What was wrong$"),
        ("\nTest: engine/tests/test_a.py::test_e", "\nand more", "tests only, not 'and more'$"),
    ],
)
def test_heading_without_a_part_is_refused(old: str, new: str, problem: str) -> None:
    with pytest.raises(EngineError, match=problem):
        heading.parse(HEADING.replace(old, new))


@pytest.mark.parametrize("file", SERIES, ids=[file.name[:4] for file in SERIES])
def test_each_patch_names_tests_that_exist(file: Path) -> None:
    found = heading.parse(heading.of_patch(file.read_bytes()))

    assert file.name == found.file_name(int(file.name[:4]))
    for test in found.tests:
        path, _, name = test.partition("::")
        tree = ast.parse((recipe.ENGINE.parent / path).read_text())
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert name.partition("[")[0] in functions


def test_number_without_a_patch_is_refused() -> None:
    with pytest.raises(EngineError, match=f"^there is no patch 0: the series has {len(SERIES)}$"):
        list(proof.verdicts(recipe.ENGINE, [0], 1))


def test_missing_pytest_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(EngineError, match=r" has no pytest: use the Python that runs the tests$"):
        list(proof.verdicts(recipe.ENGINE, [1], 1))


@pytest.fixture
def engine(folder: Path) -> Path:
    """An engine whose tests look at the patches that stand beside them."""
    root = folder.parent / "root"
    (root / "engine" / "tests").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    (folder.parent / "patches").rename(root / "engine" / "patches")
    (root / "engine" / "tests" / "test_a.py").write_text(
        "import pathlib, pytest\n"
        "HERE = pathlib.Path(__file__).parents[1] / 'patches'\n"
        "@pytest.mark.parametrize('case', ['c d', 'other'])\n"
        "def test_b(case): assert len(list(HERE.iterdir())) == 1\n"
        "def test_e(): assert len(list(HERE.iterdir())) == 1\n"
    )
    return root / "engine"


def test_patch_is_proven(engine: Path) -> None:
    (verdict,) = proof.verdicts(engine, [], 1)

    assert verdict == proof.Verdict("0001-dont-lose-whats-sent-in-a-2nd.patch", ())


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("assert True", "engine/tests/test_a.py::test_e passes without it"),
        ("assert False", "its tests fail with the series up to it"),
    ],
)
def test_patch_is_not_proven(engine: Path, rule: str, problem: str) -> None:
    tests = engine / "tests" / "test_a.py"
    before, _, _ = tests.read_text().partition("def test_e")
    tests.write_text(f"{before}def test_e(): {rule}\n")
    (verdict,) = proof.verdicts(engine, [1], 1)

    assert verdict.problems == (problem,)


def test_test_that_is_not_found_is_no_failure(engine: Path) -> None:
    tests = engine / "tests" / "test_a.py"
    tests.write_text(tests.read_text().replace("test_e", "test_f"))
    with pytest.raises(EngineError, match=r"pytest ran no test: ERROR: not found: .*::test_e"):
        list(proof.verdicts(engine, [1], 1))


def test_test_that_hangs_is_ended_and_fails(engine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tests = engine / "tests" / "test_a.py"
    hangs = "assert not list(HERE.iterdir()) or subprocess.run(['sleep', '60'])"
    before, _, _ = tests.read_text().partition("def test_e")
    tests.write_text(f"import subprocess\n{before}def test_e(): {hangs}\n")
    monkeypatch.setattr(proof, "SECONDS", 8)
    (verdict,) = proof.verdicts(engine, [1], 1)

    assert verdict.problems == (
        "engine/tests/test_a.py::test_e passes without it",
        "its tests fail with the series up to it",
    )


def test_process_that_a_test_left_is_ended(engine: Path, tmp_path: Path) -> None:
    tests = engine / "tests" / "test_a.py"
    told = tmp_path / "process"
    leaves = f"pathlib.Path({str(told)!r}).write_text(str(subprocess.Popen(['sleep', '60']).pid))"
    before, _, _ = tests.read_text().partition("def test_e")
    tests.write_text(f"import subprocess\n{before}def test_e(): {leaves}\n")
    list(proof.verdicts(engine, [1], 1))

    wait_until(lambda: has_ended(int(told.read_text())), "the process has ended")


def has_ended(process: int) -> bool:
    """Also when it waits for a parent that asks how."""
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state.rpartition(")")[2].split()[0] == "Z"


def sdist_tree(tmp_path: Path) -> Path:
    pin = sdist.parse_pin((recipe.ENGINE / "sdist.txt").read_text())
    return sdist.unpack(sdist.fetch(pin, recipe.cache_folder()), tmp_path / "tree")


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@localhost")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
