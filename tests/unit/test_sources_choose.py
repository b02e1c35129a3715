"""Which file decides, what is said of the others, and what stops the build."""

from pathlib import Path

import pytest
from support.lock_files import ALL, LIST, PIPENV, PROJECT, PYLOCK, UV, error, read, told


def left_out(winner: str, *others: str) -> list[str]:
    return [f"{other} is left out: {winner} comes first" for other in others]


@pytest.mark.parametrize(
    ("without", "lines"),
    [
        (
            (),
            [
                "uv.lock: 1 package",
                *left_out("uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"),
                *left_out("uv.lock", "requirements.txt", "app/requirements.txt"),
            ],
        ),
        (
            ("uv.lock",),
            [
                "pylock.toml: 1 package",
                *left_out("pylock.toml", "poetry.lock", "Pipfile.lock"),
                *left_out("pylock.toml", "requirements.txt", "app/requirements.txt"),
            ],
        ),
        (
            ("uv.lock", "pylock.toml"),
            [
                "poetry.lock: 1 package",
                *left_out("poetry.lock", "Pipfile.lock"),
                *left_out("poetry.lock", "requirements.txt", "app/requirements.txt"),
            ],
        ),
        (
            ("uv.lock", "pylock.toml", "poetry.lock"),
            [
                "Pipfile.lock: 1 package",
                *left_out("Pipfile.lock", "requirements.txt", "app/requirements.txt"),
            ],
        ),
        (
            ("uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"),
            ["requirements.txt: 1 requirement"],
        ),
        (
            ("uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock", "requirements.txt"),
            ["app/requirements.txt: 1 requirement"],
        ),
        (
            tuple(name for name in ALL if name != "pyproject.toml"),
            ["pyproject.toml: 1 requirement"],
        ),
    ],
)
def test_the_order(tmp_path: Path, without: tuple[str, ...], lines: list[str]) -> None:
    assert told(tmp_path, {name: ALL[name] for name in ALL if name not in without}) == lines


@pytest.mark.parametrize(
    "name",
    [
        "requirements/prod.txt",
        "requirements/production.txt",
        "requirements-prod.txt",
        "requirements/base.txt",
    ],
)
def test_usual_names_of_requirements(tmp_path: Path, name: str) -> None:
    files = {name: LIST, "requirements/dev.txt": "pytest\n", "pyproject.toml": "[tool.ruff]\n"}
    assert told(tmp_path, files) == [f"{name}: 1 requirement"]


def test_a_pylock_for_production(tmp_path: Path) -> None:
    files = {"pylock.dev.toml": "", "pylock.prod.toml": PYLOCK}
    assert told(tmp_path, files) == ["pylock.prod.toml: 1 package"]


def test_a_pyproject_that_only_configures_tools_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, {"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}) is None


def test_a_lock_without_its_project(tmp_path: Path) -> None:
    assert error(tmp_path, {"uv.lock": UV}) == (
        "Error: uv.lock without pyproject.toml\n\n"
        "uv.lock belongs to a pyproject.toml, and the app has none that says what the app"
        " depends on.\n\n"
        "What to do:\n"
        "  1. Put pyproject.toml beside it, and check that .gitignore, .dockerignore and the"
        " exclude list in project.toml don't leave it out.\n"
        "  2. Or delete uv.lock, if it is a leftover.\n"
    )


@pytest.mark.parametrize(
    ("files", "settings", "happened", "found"),
    [
        ({}, {"BP_EXTRAS": "x"}, "The app has no extra x.", "extras in The app: none"),
        (
            {"requirements.txt": LIST},
            {"BP_GROUPS": "dev"},
            "requirements.txt has no group dev.",
            "groups in requirements.txt: none",
        ),
        (
            {
                "pyproject.toml": PROJECT
                + '[project.optional-dependencies]\nPDF = ["six"]\nweb = ["six"]\n'
            },
            {"BP_EXTRAS": "pdf, wbe"},
            "pyproject.toml has no extra wbe.",
            "extras in pyproject.toml: PDF, web",
        ),
        (
            {"pyproject.toml": PROJECT + "[dependency-groups]\ndev = []\n"},
            {"BP_GROUPS": "test"},
            "pyproject.toml has no group test.",
            "groups in pyproject.toml: dev",
        ),
        (
            {"Pipfile.lock": PIPENV.replace('"default"', '"develop": {}, "default"')},
            {"BP_GROUPS": "test"},
            "Pipfile.lock has no group test.",
            "groups in Pipfile.lock: dev, develop",
        ),
    ],
)
def test_unknown_names(
    tmp_path: Path, files: dict[str, str], settings: dict[str, str], happened: str, found: str
) -> None:
    text = error(tmp_path, files, settings)
    assert happened in text.splitlines()
    assert f"  {found}" in text.splitlines()


@pytest.mark.parametrize(
    ("name", "old", "new", "happened"),
    [
        ("uv.lock", "version = 1\n", "version = 2\n", "Its version is 2; version 1 can be read."),
        (
            "poetry.lock",
            'lock-version = "2.1"',
            'lock-version = "3.0"',
            "Its version is 3.0; 1.0 to 2.1 can be read.",
        ),
        ("pylock.toml", '"1.0"', '"2.0"', "Its version is 2.0; version 1 can be read."),
        (
            "Pipfile.lock",
            '"pipfile-spec": 6',
            '"pipfile-spec": 9',
            "Its version is pipfile-spec 9; pipfile-spec 6 can be read.",
        ),
    ],
)
def test_formats_of_another_time(
    tmp_path: Path, name: str, old: str, new: str, happened: str
) -> None:
    files = {name: ALL[name].replace(old, new, 1)}
    if name in ("uv.lock", "poetry.lock"):
        files["pyproject.toml"] = PROJECT
    text = error(tmp_path, files)
    assert text.startswith(f"Error: {name} has a format that isn't known\n\n{happened}\n")


def test_a_lock_for_another_python(tmp_path: Path) -> None:
    files = {"pylock.toml": 'requires-python = ">=3.14"\n' + PYLOCK}
    assert error(tmp_path, files).startswith(
        "Error: pylock.toml is for another Python\n\n"
        "pylock.toml was made for Python >=3.14, and the app gets 3.13.5.\n"
    )


def test_a_merge_that_is_not_finished(tmp_path: Path) -> None:
    files = {"pylock.toml": PYLOCK + "<<<<<<< ours\n"}
    assert error(tmp_path, files) == (
        "Error: pylock.toml can't be understood\n\n"
        "pylock.toml holds what a merge conflict left behind.\n\n"
        "Found:\n  line 6\n\n"
        "What to do:\n"
        "  Finish the merge, and let the tool that made the file write it anew.\n"
    )


def test_a_broken_file(tmp_path: Path) -> None:
    text = error(tmp_path, {"pylock.toml": 'lock-version = "1.0'})
    assert text.startswith(
        "Error: pylock.toml can't be understood\n\npylock.toml isn't valid TOML.\n\nFound:\n"
    )


def test_a_value_of_another_kind(tmp_path: Path) -> None:
    assert error(tmp_path, {"pylock.toml": 'lock-version = "1.0"\n[[packages]]\nname = 3\n'}) == (
        "Error: pylock.toml can't be understood\n\n"
        "pylock.toml isn't complete: name isn't a text.\n\n"
        "Found:\n  in packages 1\n\n"
        "What to do:\n"
        "  Write it anew with the tool that made it, or take it from version control again.\n"
    )
