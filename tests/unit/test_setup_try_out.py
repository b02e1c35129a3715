"""What scripts/try says in the end, and what scripts/test tells the tests."""

from pathlib import Path

import pytest

from scripts.toolchain import checks, say, try_out
from scripts.toolchain.setup import Toolchain
from scripts.toolchain.site import Site

TOOLS = Toolchain(
    Site(Path("/repository"), Path("/cache"), {"PATH": "/usr/bin:/bin"}),
    python=Path("/cache/tools/bin/python"),
    pack=Path("/cache/pack"),
    buildpack=Path("/cache/buildpack/flaskpack"),
    certificates=None,
)


@pytest.mark.parametrize(("on_path", "program"), [("/cache/pack", "pack"), (None, "/cache/pack")])
def test_farewell(on_path: str | None, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", {"pack": on_path}.get)
    monkeypatch.setattr(say, "elapsed", lambda: "9.0 s")
    assert try_out.farewell(TOOLS, 8000, "Hello\n") == (
        "\n"
        "http://127.0.0.1:8000/ answers:\n"
        "\n"
        "Hello\n"
        "\n"
        "To stop it:\n"
        "  docker rm -f flaskpack-hello\n"
        "\n"
        "The same with a folder of your own (DIR holds main.py and requirements.txt):\n"
        f"  {program} build myapp --path DIR --builder flaskpack/builder:trixie"
        " --pull-policy never --trust-builder\n"
        "  docker run --rm --publish 8080:80 myapp\n"
        "\n"
        "All of it after 9.0 s."
    )


def test_what_the_tests_are_told() -> None:
    assert checks.for_tests(TOOLS) == {
        "FLASKPACK_CACHE": "/cache",
        "FLASKPACK_BUILDER": "flaskpack/builder:trixie",
        "FLASKPACK_BUILDER_UNDECLARED": "flaskpack/builder:undeclared",
        "FLASKPACK_BUILDER_BULLSEYE": "flaskpack/builder:bullseye",
        "FLASKPACK_BUILDER_BOOKWORM": "flaskpack/builder:bookworm",
        "FLASKPACK_BUILDER_FORKY": "flaskpack/builder:forky",
        "FLASKPACK_BUILDER_NONE": "flaskpack/builder:none",
        "FLASKPACK_BUILDER_TINY": "flaskpack/builder:tiny",
        "FLASKPACK_BUILDPACK": "/cache/buildpack/flaskpack",
        "FLASKPACK_CA": "",
        "FLASKPACK_PACK": "/cache/pack",
        "FLASKPACK_PEERS": "flaskpack/peers:trixie",
        "PATH": "/cache/tools/bin:/usr/bin:/bin",
    }
