"""Credentials given to a build are nowhere afterwards: planted in every place, searched in all.

pack itself, with --verbose, echoes the values of its --env options before the build begins:
that echo is taken out of what is searched. Of bindings it echoes no content.
"""

import io
import os
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.package_index import BACKEND, Package, wheel
from support.packing import Built, Packer, run
from support.private_index import PrivateIndex, authority, bind, download, serving
from support.secret_search import (
    found_in_folder,
    found_in_image,
    found_in_text,
    found_in_volume,
)

SECRETS = {
    "env": "Menv/7f3a91",
    "login": "Mlogin-0c2e55",
    "binding": "Mbinding+b81d",
    "conf": "Mconf-5e9920",
    "netrc": "Mnetrc-44aa17",
    "token": "Mtoken-d00f13",
    "query": "Mquery-6b6b02",
    "path": "Mpath-9e1c77",
    "mirror": "Mmirror-3a3a55",
    "place": "0a1b2c3d4e5f6g7h",
}
MARKERS = tuple(SECRETS.values())
ECHO = "Provided Environment Variables"
CONTROL = "Mcontrol-in-the-source"
IN_WHEEL = "Mcontrol-in-a-built-wheel"


class TokenIndex(PrivateIndex):
    """Gives files out by a path with a token in it too: /files/TOKEN/NAME."""

    def answer(self, path: str) -> bytes | None:
        plain = path.partition("?")[0]
        if plain.startswith("/files/"):
            path = "/files/" + plain.rpartition("/")[2]
        return super().answer(path)


class PlaceIndex(PrivateIndex):
    """All of it lies in a folder whose name is a token, as some services have it."""

    def answer(self, path: str) -> bytes | None:
        place = f"/{SECRETS['place']}"
        body = super().answer(path.removeprefix(place)) if path.startswith(f"{place}/") else None
        return body.replace(b'"/files/', f'"{place}/files/'.encode()) if body else None


@dataclass(frozen=True)
class World:
    """The indexes that demand credentials, and what the build is given for them."""

    env: Mapping[str, str]
    options: tuple[str, ...]
    requirements: str


def telling(name: str, fail: bool) -> Package:
    """A source distribution whose build says all that it is told."""
    code = (
        "import os, pathlib, sys\n"
        "print(os.environ, pathlib.Path(os.environ['NETRC']).read_text(), file=sys.stderr)\n"
        "print(pathlib.Path.home().joinpath('.netrc').read_text(), file=sys.stderr)\n"
    )
    code += "raise SystemExit(3)" if fail else _MAKE_WHEEL.format(name=name, control=IN_WHEEL)
    body = code.replace("\n", "\n    ")
    files = {
        "pyproject.toml": f'[project]\nname = "{name}"\nversion = "1.0"\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "PKG-INFO": f"Metadata-Version: 2.2\nName: {name}\nVersion: 1.0\n",
        "backend.py": BACKEND.format(name=name, version="1.0", code=body),
    }
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(f"{name}-1.0/{path}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return Package(f"{name}-1.0.tar.gz", out.getvalue())


_MAKE_WHEEL = """
info = "{name}-1.0.dist-info/"
with zipfile.ZipFile(pathlib.Path(wheel_directory, "{name}-1.0-py3-none-any.whl"), "w") as made:
    made.writestr("{name}.py", "# {control}")
    made.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n")
    wheel = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    made.writestr(info + "WHEEL", wheel)
    made.writestr(info + "RECORD", "{name}.py,,\\n")
return "{name}-1.0-py3-none-any.whl"
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    public = download(folder / "wheels", "flask==3.1.3", "gunicorn==27.0.1")
    ca, server = authority(folder / "authority")
    by_env = TokenIndex([wheel("enveloped", "1.0")], {SECRETS["login"]: SECRETS["env"]})
    default = TokenIndex(
        [*public, telling("telling", fail=False), telling("failing", fail=True)],
        {"me": SECRETS["binding"]},
        server,
    )
    by_place = PlaceIndex([telling("placed", fail=False)], {})
    by_conf = TokenIndex([wheel("configured", "1.0")], {"conf": SECRETS["conf"]})
    files = [wheel("netted", "1.0"), wheel("tokened", "1.0"), wheel("pathed", "1.0")]
    direct = TokenIndex(
        [*files, telling("queried", fail=False)],
        {"netrc": SECRETS["netrc"], "t": SECRETS["token"]},
    )
    conf = f"[global]\nextra-index-url = http://conf:{SECRETS['conf']}@127.0.0.1:{by_conf.port}/simple\n"
    bindings = folder / "bindings"
    entries = {
        "pip.conf": conf,
        "index-url": default.url,
        "username": "me",
        "password": SECRETS["binding"],
    }
    bind(bindings, "pip", "pip", entries)
    bind(bindings, "ca", "ca-certificates", {"ca.pem": ca.read_text()})
    netrc = f"machine 127.0.0.1 login netrc password {SECRETS['netrc']}\n"
    options = bind(bindings, "hosts", "netrc", {".netrc": netrc})
    at = f"127.0.0.1:{direct.port}/files"
    requirements = (
        "flask==3.1.3\nenveloped\nconfigured\ntelling\nplaced\n"
        f"netted @ http://{at}/netted-1.0-py3-none-any.whl\n"
        f"tokened @ http://t:${{TOKEN}}@{at}/tokened-1.0-py3-none-any.whl\n"
        f"pathed @ http://{at}/${{IN_PATH}}/pathed-1.0-py3-none-any.whl\n"
        f"queried @ http://{at}/queried-1.0.tar.gz?token=${{QUERY}}\n"
    )
    login = f"{SECRETS['login']}:{SECRETS['env'].replace('/', '%2F')}"
    env = {
        "UV_INDEX": f"http://{login}@127.0.0.1:{by_env.port}/simple"
        f" http://127.0.0.1:{by_place.port}/{SECRETS['place']}/simple",
        "TOKEN": SECRETS["token"],
        "QUERY": SECRETS["query"],
        "IN_PATH": SECRETS["path"],
        "UV_PYTHON_INSTALL_MIRROR": f"http://m:{SECRETS['mirror']}@127.0.0.1:9/pythons",
        "UV_HTTP_RETRIES": "0",
        "BP_LOG_LEVEL": "debug",
    }
    with serving(by_env), serving(by_place), serving(default), serving(by_conf), serving(direct):
        yield World(env, ("--network", "host", "--verbose", *options), requirements)


def project(folder: Path, requirements: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "main.py").write_text(
        f"from flask import Flask\napp = Flask(__name__)  # {CONTROL}\n"
    )
    (folder / "requirements.txt").write_text(requirements)
    return folder


def built_with(packer: Packer, world: World, app: Path, name: str, **more: str) -> Built:
    return packer.build(app, name, *world.options, env={**world.env, **more})


def said(built: Built) -> str:
    """All that was printed, but pack's echo of its own options, which is checked to be no more."""
    before, heading, rest = built.output.partition("===> ANALYZING")
    assert heading
    lines = before.splitlines()
    begin = next(n for n, line in enumerate(lines) if ECHO in line)
    assert lines[begin].endswith(ECHO)
    end = next(n for n in range(begin + 1, len(lines)) if lines[n].endswith("'"))
    given = (line.strip().rstrip("'") for line in lines[begin + 1 : end + 1])
    assert all(line.partition("=")[1] for line in given)
    return "\n".join(lines[:begin] + lines[end + 1 :]) + rest


def test_a_build_that_succeeds(packer: Packer, world: World, tmp_path: Path) -> None:
    app = project(tmp_path / "app", world.requirements)
    built = built_with(packer, world, app, "good")
    assert built.exit_code == 0, built.output
    names = ("enveloped", "configured", "telling", "placed", "netted", "tokened", "pathed")
    for name in (*names, "queried"):
        assert f"  + {name}==1.0" in built.log
    assert found_in_text(said(built), MARKERS) == []
    searched = (*MARKERS, CONTROL, IN_WHEEL)
    in_image = found_in_image(built.image, searched)
    assert any(CONTROL in place and "main.py" in place for place in in_image)
    assert [place for place in in_image if CONTROL not in place and IN_WHEEL not in place] == []
    in_cache = found_in_volume(f"{built.image}-build", built.image, searched)
    assert any(place.endswith(f".whl/telling.py: {IN_WHEEL}") for place in in_cache)
    assert [place for place in in_cache if IN_WHEEL not in place] == []
    assert found_in_volume(f"{built.image}-launch", built.image, MARKERS) == []
    sbom = tmp_path / "sbom"
    pack = os.environ["FLASKPACK_PACK"]
    downloaded = run(pack, "sbom", "download", built.image, "--output-dir", str(sbom))
    assert downloaded.returncode == 0, downloaded.stdout
    assert any(sbom.rglob("*.json"))
    assert found_in_folder(sbom, MARKERS) == []


def test_a_build_that_installs_what_changed(packer: Packer, world: World, tmp_path: Path) -> None:
    """uv is asked in other ways, and the layers of what stays are told by labels."""
    app = project(tmp_path / "app", world.requirements)
    first = built_with(packer, world, app, "again")
    assert first.exit_code == 0, first.output
    (app / "requirements.txt").write_text(world.requirements.replace("placed\n", ""))
    built = built_with(packer, world, app, "again")
    assert built.exit_code == 0, built.output
    assert "packages stay as they are\n" in built.log
    assert "  + queried==1.0" in built.log
    assert found_in_text(said(built), MARKERS) == []
    assert found_in_image(built.image, MARKERS) == []
    assert found_in_volume(f"{built.image}-build", built.image, MARKERS) == []


@pytest.mark.parametrize(
    ("requirement", "more", "title"),
    [
        ("failing", {}, "Error: a package couldn't be built"),
        ("no-such-package==1", {}, "Error: no such package"),
        ("", {"UV_INDEX": "http://me:Mwrong-1@127.0.0.1:9/simple"}, "Error: a server can't be"),
        ("", {"BP_PYTHON_VERSION": "3.12"}, "couldn't be fetched: no connection"),
    ],
)
def test_a_build_that_fails(
    packer: Packer,
    world: World,
    tmp_path: Path,
    requirement: str,
    more: dict[str, str],
    title: str,
) -> None:
    app = project(tmp_path / "app", f"{world.requirements}{requirement}\n")
    failed = built_with(packer, world, app, "bad", **more)
    assert failed.exit_code != 0
    assert title in failed.log, failed.log
    assert found_in_text(said(failed), (*MARKERS, "Mwrong-1")) == []
    volume = run("docker", "volume", "inspect", f"{failed.image}-build")
    if volume.returncode == 0:
        image = "flaskpack/run:trixie"
        assert found_in_volume(f"{failed.image}-build", image, MARKERS) == []


def test_credentials_in_the_apps_own_files_are_warned_about(
    packer: Packer, world: World, tmp_path: Path
) -> None:
    line = "--extra-index-url http://me:Mfile-123@127.0.0.1:9/simple\n"
    app = project(tmp_path / "app", "flask==3.1.3\n" + line)
    failed = built_with(packer, world, app, "own")
    assert failed.exit_code != 0
    assert found_in_text(said(failed), ("Mfile-123", *MARKERS)) == []
    assert (
        "  Warning: requirements.txt:2: a password or token stands in the address. The file is"
        " part of the app, so the image will hold it too. Take it out, and give it to the build in"
        " a binding of the type netrc (docs/private-indexes.md), or write ${NAME} in its place and"
        " build with --env NAME=…\n" in failed.log
    )


def test_the_search_finds_every_form(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", f"http://u:{CONTROL}@host")
    for name, content in {
        "plain": CONTROL.encode(),
        "wheel": packed.getvalue(),
        "coded": b"TWVfOk1jb250cm9sLWluLXRoZS1zb3VyY2U=",
    }.items():
        (tmp_path / name).write_bytes(content)
    assert found_in_folder(tmp_path, (CONTROL,)) == [
        f"coded: {CONTROL}",
        f"plain: {CONTROL}",
        f"wheel/x: {CONTROL}",
    ]
