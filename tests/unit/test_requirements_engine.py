"""Credentials, variables, and the engine's requirements: what uv doesn't get to see as it is."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from buildpack.requirements import Requirements, is_engine, read_requirements, without_engine

ROOT = PurePosixPath("requirements.txt")
HASH = "sha256:" + "a1" * 32
ENVIRONMENT = {"TOKEN": "s3cret-value", "VERSION": "3.1.0", "HOST": "h.example"}


def read(app: Path, files: Mapping[str, str] | str) -> Requirements:
    for name, text in ({"requirements.txt": files} if isinstance(files, str) else files).items():
        (app / name).write_text(text)
    return read_requirements(app, ROOT, ENVIRONMENT)


CREDENTIALS = {
    "https://user:pa55@h/s": True,
    "https://ghp_0123456789@h/s": True,
    "https://user:pa/5@h/s": True,
    "https://h/s?token=abc": True,
    "https://u:${TOKEN}@h/s": False,
    "https://${TOKEN}@h/s": False,
    "https://__token__:${TOKEN}@h/s": False,
    "https://oauth2accesstoken@h/s": False,
    "https://h:8080/s": False,
    "https://h/s": False,
}


@pytest.mark.parametrize(("address", "warned"), CREDENTIALS.items())
def test_credentials_in_the_apps_own_files(tmp_path: Path, address: str, warned: bool) -> None:
    warnings = [str(w) for w in read(tmp_path, f"flask\n--index-url {address}\n").warnings]
    text = (
        "requirements.txt:2: a password or token stands in the address. The file is part of the"
        " app, so the image will hold it too. Take it out, and give it to the build in a binding of"
        " the type netrc (docs/private-indexes.md), or write ${NAME} in its place and build with"
        " --env NAME=…"
    )
    assert warnings == ([text] if warned else [])


def test_values_of_variables_are_in_no_text_and_no_repr(tmp_path: Path) -> None:
    requirements = read(tmp_path, "--index-url https://u:${TOKEN}@${HOST}/s\nflask==${VERSION}")
    given = without_engine(requirements)
    assert "s3cret-value" not in repr(requirements) + repr(given)
    assert given.environment == {
        "FLASKPACK_REQUIREMENT_TOKEN": "s3cret-value",
        "FLASKPACK_REQUIREMENT_HOST": "h.example",
    }


def test_options_that_uv_takes_on_its_command_line_only(tmp_path: Path) -> None:
    text = "--pre\n--require-hashes\n--pre\n--trusted-host ${HOST}\n--trusted-host h:8080\n"
    requirements = read(tmp_path, text)
    assert requirements.require_hashes
    assert without_engine(requirements).requirements == ""
    assert without_engine(requirements).arguments == (
        "--prerelease=allow",
        "--require-hashes",
        "--allow-insecure-host",
        "h.example",
        "--allow-insecure-host",
        "h:8080",
    )


ENGINE = {
    "meinheld": True,
    "Meinheld == 1.0.2": True,
    "meinheld===1.0.2": True,
    "meinheld[x]>=1 ; python_version > '3'": True,
    f"meinheld==1.0.2 --hash={HASH}": True,
    "meinheld @ git+https://h/mopemope/meinheld.git": True,
    "git+https://h/mopemope/meinheld.git@v1.0.2": True,
    "git+https://h/mopemope/meinheld": True,
    "https://h/meinheld-1.0.2.tar.gz": True,
    "greenlet<0.5": True,
    "greenlet==0.4.17": True,
    "greenlet>=0.4,<0.5": True,
    "greenlet~=0.4.13": True,
    "greenlet==0.*": True,
    "greenlet<1": True,
    "greenlet<1.0.0": True,
    "greenlet<=0.4.17": True,
    "greenlet": False,
    "greenlet>=0.4": False,
    "greenlet<2": False,
    "greenlet<=1": False,
    "greenlet==3.1.1": False,
    "greenlet~=1.0": False,
    "greenlet!=0.4": False,
    "meinheld-extra": False,
    "https://h/meinheld.git/other-1.0.tar.gz": False,
}


@pytest.mark.parametrize(("line", "removed"), ENGINE.items())
def test_the_engine_is_taken_out(tmp_path: Path, line: str, removed: bool) -> None:
    files = {"requirements.txt": f"flask\n{line}\n-c c.txt", "c.txt": f"six<2\n{line}\n"}
    found = read(tmp_path, files)
    given = without_engine(found)
    taken_out = [str(entry.origin) for entry in found.entries if is_engine(entry)]
    if not removed:
        assert taken_out == []
        return
    assert given.requirements == "# requirements.txt:1\nflask\n"
    assert given.constraints == "# c.txt:1\nsix<2\n"
    assert taken_out == ["requirements.txt:2", "c.txt:2"]
    assert [entry.text for entry in given.entries] == ["flask", "six<2"]


def test_requirements_of_ours_stand_last(tmp_path: Path) -> None:
    given = without_engine(read(tmp_path, "gunicorn==20.1.0"), needs=["setuptools<82"])
    assert given.requirements == (
        "# requirements.txt:1\ngunicorn==20.1.0\n# added by Flaskpack\nsetuptools<82\n"
    )
