"""uv understands what we write in place of the user's files, and means the same by it."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from support.package_index import Index, running, wheel
from support.real_uv import install, installed
from uv import find_uv_bin

PACKAGES = (
    wheel("app", "1.0", ("lib",)),
    wheel("app", "2.0", ("lib",)),
    wheel("lib", "1.0"),
    wheel("lib", "2.0"),
    wheel("lib", "3.0rc1"),
    wheel("tool", "1.0"),
)
LIB_2 = PACKAGES[3]
LOCAL = wheel("local", "1.5", ("lib<2",))
PROJECT = """
[project]
name = "own"
version = "0.1"
[project.optional-dependencies]
more = ["tool"]
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BACKEND = """
import pathlib, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(pathlib.Path(folder, "own-0.1-py3-none-any.whl"), "w") as archive:
        info = "own-0.1.dist-info/"
        metadata = 'Metadata-Version: 2.1\\nName: own\\nVersion: 0.1\\n'
        metadata += 'Provides-Extra: more\\nRequires-Dist: tool ; extra == "more"\\n'
        archive.writestr(info + "METADATA", metadata)
        archive.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        archive.writestr(info + "RECORD", "")
    return "own-0.1-py3-none-any.whl"
build_editable = build_wheel
"""
OWN = {"own/pyproject.toml": PROJECT, "own/backend.py": BACKEND}


@pytest.fixture
def index() -> Iterator[Index]:
    with running(PACKAGES) as index:
        yield index


# Files of an app -> what gets installed.
BOTH_UNDERSTAND: dict[str, tuple[Mapping[str, str], list[str]]] = {
    "the newest": ({"requirements.txt": "app\n"}, ["app-2.0", "lib-2.0"]),
    "conditions": ({"requirements.txt": "app<2\nLib ~= 1.0 # old\n"}, ["app-1.0", "lib-1.0"]),
    "markers": (
        {"requirements.txt": "app ; python_version < '3'\nlib>1 ; python_version > '3'\n"},
        ["lib-2.0"],
    ),
    "a hash": ({"requirements.txt": f"lib==2.0 --hash=sha256:{LIB_2.sha256}\n"}, ["lib-2.0"]),
    "files in files": (
        {"requirements.txt": "-r r/a.txt\n", "r/a.txt": "-r b.txt\ntool\n", "r/b.txt": "lib==1.0"},
        ["lib-1.0", "tool-1.0"],
    ),
    "constraints": (
        {"requirements.txt": "-c c.txt\napp\n", "c.txt": "lib<2\ntool==1.0\n"},
        ["app-2.0", "lib-1.0"],
    ),
    "constraints of an included file": (
        {"requirements.txt": "-r r/a.txt\napp\n", "r/a.txt": "-c c.txt\n", "r/c.txt": "lib<2\n"},
        ["app-2.0", "lib-1.0"],
    ),
    "a wheel": ({"requirements.txt": f"./{LOCAL.file}\n"}, ["lib-1.0", "local-1.5"]),
    "a wheel by name": (
        {"requirements.txt": f"local @ ./{LOCAL.file}\n"},
        ["lib-1.0", "local-1.5"],
    ),
    "a folder": ({"requirements.txt": "./own\n", **OWN}, ["own-0.1"]),
    "a folder with an extra": (
        {"requirements.txt": "./own[more]\n", **OWN},
        ["own-0.1", "tool-1.0"],
    ),
    "an editable folder": (
        {"requirements.txt": "-e ./own[more]\n", **OWN},
        ["own-0.1", "tool-1.0"],
    ),
    "a folder of wheels": (
        {"requirements.txt": "--no-index\n--find-links ./wheels/\nlib\n"},
        ["lib-2.0"],
    ),
}


def prepare(folder: Path) -> None:
    app = folder / "app"
    (app / "wheels").mkdir(parents=True)
    (app / LOCAL.file).write_bytes(LOCAL.data)
    (app / "wheels" / LIB_2.file).write_bytes(LIB_2.data)


@pytest.mark.parametrize(("files", "expected"), BOTH_UNDERSTAND.values(), ids=BOTH_UNDERSTAND)
def test_the_same_as_uv_with_the_users_own_files(
    tmp_path: Path, index: Index, files: Mapping[str, str], expected: list[str]
) -> None:
    prepare(tmp_path)
    run = install(tmp_path, files, index.url)
    assert (run.code, installed(tmp_path)) == (0, expected), run.words
    text = (tmp_path / "app" / "requirements.txt").read_text()
    # The only thing that uv itself wants to be told otherwise.
    links = text.replace("./wheels/", f"file://{tmp_path}/app/wheels/")
    (tmp_path / "app" / "requirements.txt").write_text(links)
    command = [
        find_uv_bin(),
        "pip",
        "install",
        "--python",
        sys.executable,
        "-r",
        "requirements.txt",
    ]
    command += ["--default-index", index.url, "--target", str(tmp_path / "direct" / "target")]
    environment = {"UV_CACHE_DIR": str(tmp_path / "cache"), "UV_NO_CONFIG": "1"}
    subprocess.run(command, cwd=tmp_path / "app", env=environment, check=True, capture_output=True)
    assert installed(tmp_path / "direct") == expected


# What pip takes and uv, given the same files, does not.
WE_UNDERSTAND: dict[str, tuple[Mapping[str, str], list[str]]] = {
    "a line continued inside": ({"requirements.txt": "lib \\\n  ==1.0\n"}, ["lib-1.0"]),
    "a file right after -r": ({"requirements.txt": "-ra.txt\n", "a.txt": "lib<2"}, ["lib-1.0"]),
    "a version from a variable": ({"requirements.txt": "lib==${VERSION}\n"}, ["lib-1.0"]),
    "pre-releases": ({"requirements.txt": "--pre\nlib\n"}, ["lib-3.0rc1"]),
    "two main indexes": (
        {"requirements.txt": "-i http://127.0.0.1:9/simple\n-i ${URL}\nlib\n"},
        ["lib-2.0"],
    ),
    "an index from a variable": (
        {"requirements.txt": "--index-url ${URL}\n--trusted-host ${HOST}\nlib\n"},
        ["lib-2.0"],
    ),
    "an extra index from a variable": (
        {"requirements.txt": "--extra-index-url=${URL}\nlib\n"},
        ["lib-2.0"],
    ),
    "an address from a variable": (
        {"requirements.txt": f"lib @ ${{ROOT}}/files/{LIB_2.file}\n"},
        ["lib-2.0"],
    ),
    "wheels in a plain folder": (
        {"requirements.txt": "--no-index\n-f wheels\nlib\n"},
        ["lib-2.0"],
    ),
    "names with commas": (
        {"requirements.txt": "--only-binary lib,app\n--no-binary tool,own\nlib\n"},
        ["lib-2.0"],
    ),
    "a name with blanks": (
        {
            "requirements.txt": "-e './my own'\n",
            **{k.replace("own/", "my own/"): v for k, v in OWN.items()},
        },
        ["own-0.1"],
    ),
    "pip's own options": (
        {"requirements.txt": "--prefer-binary\n--use-feature fast-deps\nlib\n"},
        ["lib-2.0"],
    ),
    "meinheld and its greenlet": (
        {
            "requirements.txt": "lib\nmeinheld==1.0.2\ngreenlet<0.5\n-c c.txt\n",
            "c.txt": "greenlet==0.4.17\n",
        },
        ["lib-2.0"],
    ),
    "nothing at all": ({"requirements.txt": "# nothing\n"}, []),
}


@pytest.mark.parametrize(("files", "expected"), WE_UNDERSTAND.values(), ids=WE_UNDERSTAND)
def test_what_uv_would_not_take(
    tmp_path: Path, index: Index, files: Mapping[str, str], expected: list[str]
) -> None:
    prepare(tmp_path)
    values = {
        "VERSION": "1.0",
        "URL": index.url.replace("://", "://user:pa$$word@"),
        "ROOT": index.url.removesuffix("/simple"),
        "HOST": "127.0.0.1",
    }
    run = install(tmp_path, files, index.url, values=values)
    assert (run.code, installed(tmp_path)) == (0, expected), run.words
    assert "pa$$word" not in run.words
