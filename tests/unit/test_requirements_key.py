"""When the dependencies are installed again, and the reason that is given."""

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from buildpack.errors.requirements import UnreadableFileError
from buildpack.requirements import fingerprint, read_requirements, reasons

ROOT = PurePosixPath("requirements.txt")
FILES = {
    "requirements.txt": (
        "# ours\n-r requirements/base.txt\n-c limits.txt\n--find-links wheels\n"
        "./lib\n-e ./tool\n-e .\n./one-1.0-py3-none-any.whl\n"
        "--extra-index-url https://${USER}:${TOKEN}@${HOST}/simple\nsix==${SIX}\n"
    ),
    "requirements/base.txt": "flask\n",
    "limits.txt": "flask<4\n",
    "wheels/a-1.0-py3-none-any.whl": "a",
    "lib/pyproject.toml": "[project]",
    "lib/lib/__init__.py": "x = 1",
    "tool/setup.py": "setup()",
    "tool/pyproject.toml": """\
[project]
dynamic = ["version", "dependencies", "optional-dependencies", "readme"]
[tool.setuptools.dynamic]
version = {file = "VERSION"}
dependencies = {file = ["deps", "../../outside", "absent"]}
optional-dependencies.more = {file = "lists/more"}
readme = {file = "README"}
""",
    "tool/setup.cfg": "[options]\ninstall_requires = file: requirements.in, cfg-deps\n",
    **{f"tool/{name}": "" for name in ("VERSION", "deps", "lists/more", "cfg-deps", "README")},
    "tool/tool.py": "x = 1",
    "tool/src/more/__init__.py": "",
    "pyproject.toml": "[project]",
    "one-1.0-py3-none-any.whl": "one",
    "main.py": "app = 1",
    "app/views.py": "",
}
ENVIRONMENT = {"USER": "u", "TOKEN": "t0ken", "HOST": "h.example", "SIX": "1.16.0"}
FACTS = {"Python": "3.12.3", "uv": "0.13.9"}
SETTINGS = {"PIP_INDEX_URL": "https://me:pw@h.example/simple?x=1", "BP_EXTRAS": "dev"}


def make(app: Path) -> None:
    for name, text in FILES.items():
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_text(text)


def key(
    app: Path,
    environment: dict[str, str] | None = None,
    facts: dict[str, str] | None = None,
    settings: dict[str, str] | None = None,
) -> dict[str, str]:
    requirements = read_requirements(app, ROOT, ENVIRONMENT | (environment or {}))
    return fingerprint(requirements, facts or FACTS, settings or SETTINGS)


def write(name: str, text: str) -> Callable[[Path], None]:
    def change(app: Path) -> None:
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_text(text)

    return change


def remove(name: str) -> Callable[[Path], None]:
    return lambda app: (app / name).unlink()


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda app: write(name, (app / name).read_text().replace(old, new))(app)


def several(*changes: Callable[[Path], None]) -> Callable[[Path], None]:
    def change(app: Path) -> None:
        for one in changes:
            one(app)

    return change


ROOT_CHANGED = "requirements.txt changed"
LIB = "./lib changed, required by requirements.txt:5"
TOOL = "metadata of ./tool changed, required by requirements.txt:6"
APP = "metadata of ./ changed, required by requirements.txt:7"
WHEELS = "./wheels changed, required by requirements.txt:4"
CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "nothing": (lambda _: None, []),
    "the app's code": (write("main.py", "app = 2"), []),
    "a new module of the app": (write("extra.py", ""), []),
    "a new package of the app": (write("more/__init__.py", ""), []),
    "a template": (write("app/templates/x.html", ""), []),
    "another requirements file": (write("requirements-dev.txt", "pytest"), [APP]),
    "a requirement": (replaced("requirements.txt", "six==", "idna=="), [ROOT_CHANGED]),
    "a variable no more": (
        replaced("requirements.txt", "${SIX}", "1.16.0"),
        [ROOT_CHANGED, "${SIX} is no longer used"],
    ),
    "a comment": (replaced("requirements.txt", "# ours", "# mine"), [ROOT_CHANGED]),
    "line ends": (replaced("requirements.txt", "\n", "\r\n"), [ROOT_CHANGED]),
    "an included file": (
        write("requirements/base.txt", "flask==3"),
        ["requirements/base.txt changed, included by requirements.txt:2"],
    ),
    "a constraint": (
        write("limits.txt", "flask<3"),
        ["limits.txt changed, included by requirements.txt:3"],
    ),
    "one file less": (
        replaced("requirements.txt", "-c limits.txt", ""),
        [ROOT_CHANGED, "limits.txt is no longer included"],
    ),
    "one file more": (
        several(
            write("more.txt", "idna"),
            replaced("requirements.txt", "# ours", "-r more.txt"),
        ),
        [ROOT_CHANGED, "more.txt is new, included by requirements.txt:1"],
    ),
    "a line moved down": (
        replaced("requirements.txt", "# ours\n", "# ours\n\n"),
        [ROOT_CHANGED],
    ),
    "a local package's code": (write("lib/lib/__init__.py", "x = 2"), [LIB]),
    "a local package's new file": (write("lib/lib/b.py", ""), [LIB]),
    "a local package's lost file": (remove("lib/lib/__init__.py"), [LIB]),
    "a local package's renamed file": (
        lambda app: (app / "lib/lib/__init__.py").rename(app / "lib/lib/a.py"),
        [LIB],
    ),
    "a local package's bytecode": (write("lib/lib/__pycache__/a.pyc", "x"), []),
    "a local package's egg-info": (write("lib/lib.egg-info/PKG-INFO", "x"), []),
    "a local package's repository": (write("lib/.git/HEAD", "x"), []),
    "an editable package's code": (write("tool/tool.py", "x = 2"), []),
    "an editable package's setup.py": (write("tool/setup.py", "setup(1)"), [TOOL]),
    "an editable package's setup.cfg": (write("tool/setup.cfg", "x"), [TOOL]),
    "an editable package's requirements": (write("tool/requirements.in", "x"), [TOOL]),
    "a file that an editable package's dependencies stand in": (write("tool/deps", "x"), [TOOL]),
    "one of an extra": (write("tool/lists/more", "x"), [TOOL]),
    "the file of its version": (write("tool/VERSION", "2"), [TOOL]),
    "one that setup.cfg names": (write("tool/cfg-deps", "x"), [TOOL]),
    "its description": (write("tool/README", "x"), []),
    "an editable package's new module": (write("tool/more.py", ""), [TOOL]),
    "an editable package's new folder in src": (write("tool/src/b/__init__.py", ""), [TOOL]),
    "an editable package's deep code": (write("tool/src/more/deep.py", ""), []),
    "the app's own metadata": (write("pyproject.toml", "[project]\nname='x'"), [APP]),
    "a wheel": (
        write("one-1.0-py3-none-any.whl", "two"),
        ["./one-1.0-py3-none-any.whl changed, required by requirements.txt:8"],
    ),
    "a vendored wheel": (write("wheels/a-1.0-py3-none-any.whl", "b"), [WHEELS]),
    "one more vendored wheel": (write("wheels/b-1.0-py3-none-any.whl", "b"), [WHEELS]),
    "a local package no more": (
        replaced("requirements.txt", "./lib\n", "\n"),
        [ROOT_CHANGED, "./lib is no longer required"],
    ),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_changes_in_the_app(
    tmp_path: Path, change: Callable[[Path], object], expected: list[str]
) -> None:
    make(tmp_path)
    before = key(tmp_path)
    change(tmp_path)
    assert list(reasons(before, key(tmp_path))) == expected


AROUND = [
    ({"environment": {"TOKEN": "other"}}, []),
    ({"environment": {"USER": "other"}}, []),
    ({"environment": {"TOKEN": "t/o@k:en"}}, []),
    ({"environment": {"HOST": "other.example"}}, ["${HOST} changed, used by requirements.txt:9"]),
    ({"environment": {"SIX": "1.17.0"}}, ["${SIX} changed, used by requirements.txt:10"]),
    ({"environment": {"UNUSED": "x"}}, []),
    ({"facts": {"Python": "3.13.5", "uv": "0.13.9"}}, ["Python 3.12.3 became 3.13.5"]),
    ({"facts": {"Python": "3.12.3"}}, ["uv is gone"]),
    ({"facts": FACTS | {"libc": "2.41"}}, ["libc is new"]),
    ({"settings": SETTINGS | {"PIP_INDEX_URL": "https://you:pw2@h.example/simple?x=2"}}, []),
    (
        {"settings": SETTINGS | {"PIP_INDEX_URL": "https://me:pw@other.example/simple"}},
        ["PIP_INDEX_URL changed"],
    ),
    ({"settings": {"PIP_INDEX_URL": SETTINGS["PIP_INDEX_URL"]}}, ["BP_EXTRAS is no longer set"]),
    ({"settings": SETTINGS | {"BP_GROUPS": "x"}}, ["BP_GROUPS is set now"]),
]


@pytest.mark.parametrize(("changes", "expected"), AROUND)
def test_changes_around_the_app(
    tmp_path: Path, changes: dict[str, dict[str, str]], expected: list[str]
) -> None:
    make(tmp_path)
    assert list(reasons(key(tmp_path), key(tmp_path, **changes))) == expected


def test_nothing_secret_and_nothing_guessable_is_kept(tmp_path: Path) -> None:
    """A credential changes no digest, so none can be used to check a guess."""
    make(tmp_path)
    kept = key(tmp_path)
    assert key(tmp_path, {"TOKEN": "guess"}) == kept
    assert all(value.startswith("sha256:") for name, value in kept.items() if name not in FACTS)


def test_values_survive_any_toml_writer(tmp_path: Path) -> None:
    (tmp_path / 'a"\n\\x\x01.txt').write_text("")
    (tmp_path / "requirements.txt").write_text("flask")
    root = PurePosixPath('a"\n\\x\x01.txt')
    assert list(fingerprint(read_requirements(tmp_path, root))) == ["a%22%0A%5Cx%01.txt"]


def test_another_root_file(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    for name in ("requirements.txt", "app/requirements.txt"):
        (tmp_path / name).write_text("flask")
    old = fingerprint(read_requirements(tmp_path, ROOT))
    new = fingerprint(read_requirements(tmp_path, PurePosixPath("app/requirements.txt")))
    assert reasons(old, new) == (
        "app/requirements.txt is read now",
        "requirements.txt is no longer read",
    )


def test_links_in_a_local_package(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/a.py").write_text("1")
    (tmp_path / "lib/shared").symlink_to("../shared")
    (tmp_path / "lib/again").symlink_to(".")
    (tmp_path / "lib/nowhere").symlink_to("nothing")
    (tmp_path / "lib/loop").symlink_to("loop")
    (tmp_path / "lib/outside").symlink_to("/etc")
    os.mkfifo(tmp_path / "lib/pipe")
    before = key(tmp_path)
    (tmp_path / "shared/a.py").write_text("2")
    assert list(reasons(before, key(tmp_path))) == [LIB]


def test_a_local_package_that_may_not_be_read(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    make(tmp_path)
    (tmp_path / "lib/lib/__init__.py").chmod(0)
    user = os.geteuid()
    os.seteuid(user or 65534)  # root may read everything
    try:
        with pytest.raises(UnreadableFileError) as raised:
            key(tmp_path)
    finally:
        os.seteuid(user)
    assert raised.value.explanation.found == (
        "lib/lib/__init__.py, included by requirements.txt:5",
    )
