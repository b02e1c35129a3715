"""Packages from repositories, addresses, folders and other indexes; the project itself."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.lock_files import PIPENV, POETRY, PROJECT, UV, error, read

from buildpack.requirements import InstallerInput, fingerprint, reasons, without_engine
from buildpack.sources.poetry_dependencies import constraint_allows, specifier_of

REGISTRY = 'source = { registry = "https://index.example/simple" }\n'
HASH = "--hash=sha256:ff70"
LIBRARY = {"lib/pyproject.toml": "[project]\nname = 'six'\nversion = '1.17.0'\n"}


def given(
    folder: Path, files: Mapping[str, str], settings: Mapping[str, str] | None = None
) -> InstallerInput:
    source = read(folder, files, settings)
    assert source is not None
    return without_engine(source.requirements)


def lines(given: InstallerInput) -> list[str]:
    return [line for line in given.requirements.splitlines() if not line.startswith("# ")]


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (
            'git = "https://host.example/six?subdirectory=py&rev=main#0a1b"',
            "six @ git+https://host.example/six@0a1b#subdirectory=py",
        ),
        (
            'git = "ssh://git@host.example/six.git?tag=v1#0a1b"',
            "six @ git+ssh://git@host.example/six.git@0a1b",
        ),
        (
            'url = "https://host.example/six.tar.gz"',
            f"six @ https://host.example/six.tar.gz {HASH}",
        ),
        ('directory = "lib"', "six @ file://{app}/lib"),
        ('editable = "lib"', "-e file://{app}/lib"),
    ],
)
def test_places_in_uv_lock(tmp_path: Path, source: str, written: str) -> None:
    lock = UV.replace(REGISTRY, f"source = {{ {source} }}\n")
    files = {"uv.lock": lock, "pyproject.toml": PROJECT, **LIBRARY}
    assert lines(given(tmp_path, files)) == [written.format(app=tmp_path)]


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (
            'type = "git"\nurl = "git@host.example:six.git"\nreference = "v1"\n'
            'resolved_reference = "0a1b"',
            "six @ git+ssh://git@host.example/six.git@0a1b",
        ),
        ('type = "directory"\nurl = "lib"', "six @ file://{app}/lib"),
        (
            'type = "url"\nurl = "https://host.example/six.tar.gz"',
            f"six @ https://host.example/six.tar.gz {HASH}",
        ),
    ],
)
def test_places_in_poetry_lock(tmp_path: Path, source: str, written: str) -> None:
    lock = POETRY.replace("\n[metadata]", f"\n[package.source]\n{source}\n\n[metadata]")
    files = {"poetry.lock": lock, "pyproject.toml": PROJECT, **LIBRARY}
    assert lines(given(tmp_path, files)) == [written.format(app=tmp_path)]


@pytest.mark.parametrize(
    ("package", "written"),
    [
        (
            '"git": "https://host.example/six", "ref": "0a1b"',
            "six @ git+https://host.example/six@0a1b",
        ),
        ('"path": "./lib", "editable": true', "-e file://{app}/lib"),
        (
            '"file": "https://host.example/six.tar.gz", "hashes": ["sha256:ff70"]',
            f"six @ https://host.example/six.tar.gz {HASH}",
        ),
    ],
)
def test_places_in_pipfile_lock(tmp_path: Path, package: str, written: str) -> None:
    lock = PIPENV.replace('"version": "==1.17.0", "hashes": ["sha256:ff70"]', package)
    files = {"Pipfile.lock": lock, **LIBRARY}
    assert lines(given(tmp_path, files)) == [written.format(app=tmp_path)]


def test_a_folder_outside_of_the_app_is_refused(tmp_path: Path) -> None:
    lock = UV.replace(REGISTRY, 'source = { editable = "../lib" }\n')
    text = error(tmp_path, {"uv.lock": lock, "pyproject.toml": PROJECT})
    assert text.startswith("Error: a path leads out of the app\n\nuv.lock:14 names ../lib,")


PRIVATE = '[[tool.uv.index]]\nname = "my-own"\nurl = "https://index.example/simple"\n'


@pytest.mark.parametrize(
    ("settings", "written", "environment"),
    [
        ({}, "https://index.example/simple", {}),
        (
            {"UV_INDEX_MY_OWN_USERNAME": "me@x", "UV_INDEX_MY_OWN_PASSWORD": "hunter2/"},
            "https://${FLASKPACK_REQUIREMENT_UV_INDEX_MY_OWN_USERNAME}"
            ":${FLASKPACK_REQUIREMENT_UV_INDEX_MY_OWN_PASSWORD}@index.example/simple",
            {
                "FLASKPACK_REQUIREMENT_UV_INDEX_MY_OWN_USERNAME": "me%40x",
                "FLASKPACK_REQUIREMENT_UV_INDEX_MY_OWN_PASSWORD": "hunter2%2F",
            },
        ),
    ],
)
def test_an_index_and_its_credentials(
    tmp_path: Path, settings: dict[str, str], written: str, environment: dict[str, str]
) -> None:
    found = given(tmp_path, {"uv.lock": UV, "pyproject.toml": PROJECT + PRIVATE}, settings)
    assert lines(found) == [f"--index-url {written}", f"six==1.17.0 {HASH}"]
    assert found.environment == environment
    assert found.own_arguments == ("--no-deps",)
    assert "hunter2" not in repr(found)


ANOTHER = """
[[package]]
name = "idna"
version = "3.10"
source = { registry = "https://pypi.ORG/simple" }
sdist = { url = "https://files.example/idna-3.10.tar.gz", hash = "sha256:aa" }
"""


@pytest.mark.parametrize(
    ("digest", "strategy"),
    [(', hash = "sha256:aa"', ("--index-strategy", "unsafe-best-match")), ("", ())],
)
def test_several_indexes_are_equals_where_all_has_hashes(
    tmp_path: Path, digest: str, strategy: tuple[str, ...]
) -> None:
    another = ANOTHER.replace("ORG", "org").replace(', hash = "sha256:aa"', digest)
    lock = UV.replace('[{ name = "six" }]', '[{ name = "six" }, { name = "idna" }]') + another
    lock = lock.replace("requires-dist = [", 'requires-dist = [{ name = "idna" }, ')
    project = PROJECT.replace('["six', '["idna", "six')
    found = given(tmp_path, {"uv.lock": lock, "pyproject.toml": project})
    assert lines(found)[0] == "--extra-index-url https://index.example/simple"
    assert found.own_arguments == ("--no-deps", *strategy)


def test_the_public_index_is_left_to_the_installer(tmp_path: Path) -> None:
    lock = UV.replace("index.example", "pypi." + "org")
    found = given(tmp_path, {"uv.lock": lock, "pyproject.toml": PROJECT})
    assert lines(found) == [f"six==1.17.0 {HASH}"]


def test_poetrys_credentials(tmp_path: Path) -> None:
    source = '[package.source]\ntype = "legacy"\nurl = "https://index.example/simple"\n'
    lock = POETRY.replace("\n[metadata]", f'\n{source}reference = "own"\n\n[metadata]')
    settings = {"POETRY_HTTP_BASIC_OWN_USERNAME": "t", "POETRY_HTTP_BASIC_OWN_PASSWORD": "p"}
    found = given(tmp_path, {"poetry.lock": lock, "pyproject.toml": PROJECT}, settings)
    assert lines(found)[0] == (
        "--index-url https://${FLASKPACK_REQUIREMENT_POETRY_HTTP_BASIC_OWN_USERNAME}"
        ":${FLASKPACK_REQUIREMENT_POETRY_HTTP_BASIC_OWN_PASSWORD}@index.example/simple"
    )


def test_a_pipfiles_first_source_takes_the_public_ones_place(tmp_path: Path) -> None:
    sources = (
        '"sources": [{"name": "a", "url": "https://${USER_A}:${PASS_A}@a.example/simple"},'
        ' {"name": "b", "url": "https://b.example/simple"}]'
    )
    lock = PIPENV.replace('"sources": []', sources)
    found = given(tmp_path, {"Pipfile.lock": lock}, {"USER_A": "u", "PASS_A": "p"})
    assert lines(found) == [
        "--index-url https://${FLASKPACK_REQUIREMENT_USER_A}"
        ":${FLASKPACK_REQUIREMENT_PASS_A}@a.example/simple",
        "--extra-index-url https://b.example/simple",
        f"six==1.17.0 {HASH}",
    ]


def test_a_password_in_a_lock_is_warned_about(tmp_path: Path) -> None:
    lock = UV.replace("//index.example", "//me:hunter2@index.example")
    source = read(tmp_path, {"uv.lock": lock, "pyproject.toml": PROJECT})
    assert source is not None
    (warning,) = source.requirements.warnings
    assert str(warning).startswith("uv.lock:14: a password or token stands in the address.")


BUILT = '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n'
POETRYS = '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n'


@pytest.mark.parametrize(
    ("project", "more", "installed"),
    [
        (PROJECT, {}, False),
        (PROJECT + BUILT, {}, True),
        (PROJECT + BUILT + "[tool.uv]\npackage = false\n", {}, False),
        (PROJECT + POETRYS, {}, False),
        (PROJECT + POETRYS, {"own/__init__.py": ""}, True),
        (PROJECT + POETRYS, {"src/own/__init__.py": ""}, True),
        (PROJECT + POETRYS + "[tool.poetry]\npackage-mode = false\n", {"own.py": ""}, False),
        (PROJECT + POETRYS + '[tool.poetry]\npackages = [{ include = "x" }]\n', {}, True),
    ],
)
def test_the_project_itself(
    tmp_path: Path, project: str, more: dict[str, str], installed: bool
) -> None:
    found = given(tmp_path, {"pyproject.toml": project, **more})
    assert found.project == (f"-e file://{tmp_path}\n" if installed else "")
    assert lines(found) == ["six==1.17.0"]
    assert found.own_arguments == ()


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("src/more/__init__.py", ("metadata of ./ changed, required by pyproject.toml:5",)),
        ("more.py", ()),
        ("src/own/more.py", ()),
    ],
)
def test_a_new_package_of_the_project_is_noticed(
    tmp_path: Path, new: str, reason: tuple[str, ...]
) -> None:
    files = {"pyproject.toml": PROJECT + BUILT, "src/own/__init__.py": ""}
    keys = []
    for more in ({}, {new: ""}):
        source = read(tmp_path, {**files, **more})
        assert source is not None
        keys.append(fingerprint(source.requirements))
    assert reasons(*keys) == reason


def test_the_project_in_uv_lock_and_what_is_said(tmp_path: Path) -> None:
    lock = UV.replace('virtual = "."', 'editable = "."')
    source = read(tmp_path, {"uv.lock": lock, "pyproject.toml": PROJECT + BUILT})
    assert source is not None
    assert source.told == ("uv.lock: 1 package", "The project itself, own, is installed too")
    assert source.requirements.project is not None
    assert str(source.requirements.project.origin) == "pyproject.toml:5"


def test_pyproject_may_leave_the_project_out_of_a_lock(tmp_path: Path) -> None:
    lock = UV.replace('virtual = "."', 'editable = "."')
    project = PROJECT + BUILT + "[tool.uv]\npackage = false\n"
    assert given(tmp_path, {"uv.lock": lock, "pyproject.toml": project}).project == ""


def test_the_engine_in_a_lock_is_replaced(tmp_path: Path) -> None:
    lock = UV.replace("six", "meinheld")
    project = PROJECT.replace("six", "meinheld")
    found = given(tmp_path, {"uv.lock": lock, "pyproject.toml": project})
    assert lines(found)[1:] == []


FULL = """\
[project]
name = "own"
dependencies = ["six>=1.17", "own[web]", "colorama ; sys_platform == 'win32'"]
[project.optional-dependencies]
web = ["idna[all]==3.10"]
more = ["own[deep]"]
deep = ["click @ git+https://host.example/click@v8#subdirectory=py"]
[dependency-groups]
dev = [{ include-group = "base" }, "blinker"]
base = ["tool"]
[tool.uv.sources]
tool = { git = "https://host.example/tool", tag = "v1" }
blinker = { index = "own" }
[[tool.uv.index]]
name = "own"
url = "https://index.example/simple"
explicit = true
"""


@pytest.mark.parametrize(
    ("settings", "written"),
    [
        ({}, ["six>=1.17", "idna[all]==3.10"]),
        (
            {"BP_EXTRAS": "more"},
            [
                "six>=1.17",
                "idna[all]==3.10",
                "click @ git+https://host.example/click@v8#subdirectory=py",
            ],
        ),
        (
            {"BP_GROUPS": "dev"},
            [
                "--extra-index-url https://index.example/simple",
                "six>=1.17",
                "idna[all]==3.10",
                "blinker",
                "tool @ git+https://host.example/tool@v1",
            ],
        ),
    ],
)
def test_a_project_without_a_lock(
    tmp_path: Path, settings: dict[str, str], written: list[str]
) -> None:
    assert lines(given(tmp_path, {"pyproject.toml": FULL}, settings)) == written


@pytest.mark.parametrize("place", ["file:///${PROJECT_ROOT}/lib", "file:///${PROJECT_ROOT}/./lib"])
def test_a_folder_of_the_project_as_pdm_writes_it(tmp_path: Path, place: str) -> None:
    project = f'[project]\nname = "own"\ndependencies = ["six @ {place}"]\n'
    files = {"pyproject.toml": project, **LIBRARY}
    assert lines(given(tmp_path, files, {})) == [f"six @ file://{tmp_path}/lib"]


def test_dependencies_that_only_a_build_tells(tmp_path: Path) -> None:
    project = '[project]\nname = "own"\ndynamic = ["dependencies"]\n' + BUILT
    found = given(tmp_path, {"pyproject.toml": project}, {})
    assert (lines(found), found.project) == ([f"-e file://{tmp_path}"], "")


VERSE = """\
[tool.poetry]
name = "own"
[tool.poetry.dependencies]
python = "^3.9"
six = "^1.17"
idna = [{ version = "~3.1", python = "<3.10" }, { version = "3.*", python = ">=3.10" }]
click = { version = "*", optional = true }
tool = { path = "lib", develop = true }
[tool.poetry.extras]
more = ["click"]
[tool.poetry.group.dev.dependencies]
blinker = "1.9.0"
"""


@pytest.mark.parametrize(
    ("settings", "more"),
    [({}, []), ({"BP_EXTRAS": "more"}, ["click"]), ({"BP_GROUPS": "dev"}, ["blinker==1.9.0"])],
)
def test_poetry_without_a_lock(tmp_path: Path, settings: dict[str, str], more: list[str]) -> None:
    found = given(tmp_path, {"pyproject.toml": VERSE, **LIBRARY}, settings)
    plain = ["six>=1.17,<2", "idna==3.*", f"-e file://{tmp_path}/lib"]
    assert sorted(lines(found)) == sorted([*plain, *more])


def test_a_pipfile_without_a_lock(tmp_path: Path) -> None:
    pipfile = (
        '[[source]]\nurl = "https://index.example/simple"\n[packages]\nsix = "*"\n'
        "idna = { version = '>=3, <4', sys_platform = \"== 'win32'\" }\n"
        "[dev-packages]\nclick = '*'\n"
    )
    found = given(tmp_path, {"Pipfile": pipfile}, {"BP_GROUPS": "dev"})
    assert lines(found) == ["--index-url https://index.example/simple", "six", "click"]


def test_what_a_pipfile_allows(tmp_path: Path) -> None:
    source = '[[source]]\nname = "{0}"\nurl = "https://$U@{0}.example:8443/x"\nverify_ssl = {1}\n'
    pipfile = "[packages]\nsix = '*'\n[pipenv]\nallow_prereleases = true\n"
    pipfile += source.format("a", "false") + source.format("b", "true")
    found = given(tmp_path, {"Pipfile": pipfile}, {"U": "me"})
    assert found.arguments == ("--allow-insecure-host", "a.example:8443", "--prerelease=allow")
    assert [line.rpartition("@")[2] for line in lines(found)] == [
        *("a.example:8443/x", "b.example:8443/x", "six")
    ]


@pytest.mark.parametrize("files", ["Pipfile", "Pipfile.lock"])
def test_variables_in_a_pipfiles_address_in_both_forms(tmp_path: Path, files: str) -> None:
    address = "https://$PYPI_USER:${PASS}@index.example/simple"
    source = {"name": "own", "url": address, "verify_ssl": True}
    lock = json.loads(PIPENV)
    lock["_meta"]["sources"] = [source]
    project = f'[[source]]\nname = "own"\nurl = "{address}"\n[packages]\nsix = "==1.17.0"\n'
    content = {"Pipfile": project, "Pipfile.lock": json.dumps(lock)}[files]
    found = given(tmp_path, {files: content}, {"PYPI_USER": "me", "PASS": "hunter2"})
    assert lines(found)[0] == (
        "--index-url https://${FLASKPACK_REQUIREMENT_PYPI_USER}:${FLASKPACK_REQUIREMENT_PASS}"
        "@index.example/simple"
    )
    assert found.environment == {
        "FLASKPACK_REQUIREMENT_PYPI_USER": "me",
        "FLASKPACK_REQUIREMENT_PASS": "hunter2",
    }


@pytest.mark.parametrize(
    ("constraint", "specifier"),
    [
        ("*", ""),
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.2", "~=1.2"),
        ("1.2.*", "==1.2.*"),
        ("1.2", "==1.2"),
        (">=1.2,<2", ">=1.2,<2"),
        (">= 1.2, < 2.0", ">=1.2,<2.0"),
        (">=1.2 <2", ">=1.2,<2"),
        ("=1.2", "==1.2"),
        ("^1 || ^2", None),
    ],
)
def test_poetrys_conditions(constraint: str, specifier: str | None) -> None:
    assert specifier_of(constraint) == specifier


@pytest.mark.parametrize(
    ("constraint", "version", "allowed"),
    [
        ("^1 || ^3", "3.1", True),
        ("^1 || ^3", "2.1", False),
        (">=2.7, !=3.0.*, !=3.1.*", "3.9.2", True),
        ("~2.7 || ^3.6", "3.13.5", True),
        ("<3.10", "3.9.2", True),
        ("<3.10", "3.13.5", False),
    ],
)
def test_what_poetrys_conditions_allow(constraint: str, version: str, allowed: bool) -> None:
    assert constraint_allows(constraint, version) is allowed


OLD = """\
[[package]]
name = "six"
version = "1.17.0"
category = "main"
optional = false
python-versions = "*"

[package.dependencies]
idna = {version = "*", optional = true}

[package.extras]
names = ["idna (>=2)"]

[[package]]
name = "idna"
version = "3.10"
category = "main"
optional = true
python-versions = "*"

[metadata]
lock-version = "1.1"
python-versions = "*"
content-hash = "DIGEST"

[metadata.files]
six = [{file = "six-1.17.0.tar.gz", hash = "sha256:ff70"}]
idna = [{file = "idna-3.10.tar.gz", hash = "sha256:aa"}]
"""


@pytest.mark.parametrize(
    ("dependency", "written"),
    [
        ('six = "*"', [f"six==1.17.0 {HASH}"]),
        (
            'six = { version = "*", extras = ["names"] }',
            [f"six==1.17.0 {HASH}", "idna==3.10 --hash=sha256:aa"],
        ),
    ],
)
def test_a_lock_of_poetry_1_1(tmp_path: Path, dependency: str, written: list[str]) -> None:
    """Written by hand after the format: no Poetry of that time runs here."""
    project = f"[tool.poetry]\nname = 'own'\n[tool.poetry.dependencies]\n{dependency}\n"
    required = tomllib.loads(project)["tool"]["poetry"]["dependencies"]
    content = {"dependencies": required, "source": None, "extras": None, "dev-dependencies": None}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    files = {"poetry.lock": OLD.replace("DIGEST", digest), "pyproject.toml": project}
    assert lines(given(tmp_path, files)) == written
