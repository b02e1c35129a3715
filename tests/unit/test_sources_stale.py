"""Locks that are older than their project files, as far as that shows."""

from pathlib import Path

import pytest
from support.lock_files import DIGEST, PIPENV, POETRY, PROJECT, UV, error, told

ONE_MORE = PROJECT.replace('"six', '"idna", "six')
NOTHING_LOCKED = UV.partition("dependencies")[0]
STALE = "\n\nWhat to do:\n  Write it anew, and put it into the app: "


@pytest.mark.parametrize(
    ("files", "found", "command"),
    [
        (
            {"uv.lock": UV, "pyproject.toml": ONE_MORE},
            "pyproject.toml: idna",
            "uv lock",
        ),
        (
            {"uv.lock": UV, "pyproject.toml": PROJECT.replace("==1.17.0", ">=1.17")},
            "pyproject.toml: six>=1.17\n  uv.lock: six==1.17.0",
            "uv lock",
        ),
        # uv writes no metadata for a project that required nothing.
        (
            {"uv.lock": NOTHING_LOCKED, "pyproject.toml": PROJECT},
            "pyproject.toml: six==1.17.0",
            "uv lock",
        ),
        # A project may be renamed.
        (
            {"uv.lock": UV.replace('"own"', '"old"'), "pyproject.toml": ONE_MORE},
            "pyproject.toml: idna",
            "uv lock",
        ),
        (
            {"poetry.lock": POETRY, "pyproject.toml": PROJECT.replace("1.17.0", "1.16.0")},
            f"content-hash in poetry.lock: {DIGEST}",
            "poetry lock",
        ),
        (
            {"Pipfile.lock": PIPENV, "Pipfile": '[packages]\nsix = "*"\n'},
            "hash in Pipfile.lock: 0",
            "pipenv lock",
        ),
    ],
)
def test_a_stale_lock(tmp_path: Path, files: dict[str, str], found: str, command: str) -> None:
    lock, project = files
    assert error(tmp_path, files) == (
        f"Error: {lock} is older than {project}\n\n"
        f"{project} was changed after {lock} was made from it: what is locked isn't what the app"
        f" asks for.\n\nFound:\n  {found}{STALE}{command}\n"
    )


def test_a_lock_that_is_older_than_a_member_of_its_workspace(tmp_path: Path) -> None:
    member = UV.split("\n\n")[1:3]
    lock = (
        UV + "\n" + "\n\n".join(member).replace('"own"', '"web"').replace('"."', '"packages/web"')
    )
    files = {"uv.lock": lock, "pyproject.toml": PROJECT}
    project = "packages/web/pyproject.toml"
    assert told(tmp_path, {**files, project: PROJECT}) == [
        "uv.lock: 1 package (of 2; 1 is for other platforms or groups)"
    ]
    assert error(tmp_path, {**files, project: ONE_MORE}) == (
        f"Error: uv.lock is older than {project}\n\n"
        f"{project} was changed after uv.lock was made from it: what is locked isn't what the app"
        f" asks for.\n\nFound:\n  {project}: idna{STALE}uv lock\n"
    )
    # Poetry's way, and a build's, of which uv asked a build: nothing to compare.
    for other in ('[tool.poetry]\nname = "web"\n', '[project]\ndynamic = ["dependencies"]\n'):
        assert told(tmp_path, {**files, project: other})


@pytest.mark.parametrize("written", ["six == 1.17.0", "six (==1.17.0)", "Six==1.17.0 # no"])
def test_the_same_condition_in_other_words_is_not_stale(tmp_path: Path, written: str) -> None:
    project = PROJECT.replace("six==1.17.0", written.partition(" #")[0])
    assert told(tmp_path, {"uv.lock": UV, "pyproject.toml": project}) == ["uv.lock: 1 package"]


@pytest.mark.parametrize("place", ['git = "https://host.example/six"', 'editable = "lib"'])
def test_a_place_in_pyproject_hides_the_condition_from_the_lock(tmp_path: Path, place: str) -> None:
    lock = UV.replace('specifier = "==1.17.0"', place)
    assert told(tmp_path, {"uv.lock": lock, "pyproject.toml": PROJECT}) == ["uv.lock: 1 package"]


@pytest.mark.parametrize(
    ("written", "locked"),
    [
        ("2.0-alpha", "2.0a0"),
        ("2.0.beta.1", "2.0b1"),
        ("2.0.rc-2", "2.0rc2"),
        ("2.0-post1", "2.0.post1"),
    ],
)
def test_a_version_in_other_words_is_not_stale(tmp_path: Path, written: str, locked: str) -> None:
    project = PROJECT.replace("==1.17.0", f"<{written}")
    lock = UV.replace('"==1.17.0"', f'"<{locked}"')
    assert told(tmp_path, {"uv.lock": lock, "pyproject.toml": project}) == ["uv.lock: 1 package"]
