"""Real builds from private indexes, with a company's authority, and without any network."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.build_logs import undated
from support.containers import Container
from support.package_index import Package, wheel
from support.packing import Packer, run
from support.private_builds import error, expected
from support.private_index import PrivateIndex, authority, bind, download, private_index

REQUIREMENTS = "flask==3.1.3\ncompany==1.0\n"
MAIN = """\
import company
from flask import Flask

app = Flask(__name__)


@app.get("/")
def made() -> dict[str, str]:
    return {"company": company.__name__}
"""
LOGIN = {"me@company": "s3cr3t/value"}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Package]:
    """All that the app needs: the public packages, and the company's own."""
    folder = tmp_path_factory.mktemp("wheels")
    return [*download(folder, "flask==3.1.3"), wheel("company", "1.0")]


@pytest.fixture(scope="module")
def index(packages: list[Package]) -> Iterator[PrivateIndex]:
    with private_index(packages, LOGIN) as running:
        yield running


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "main.py").write_text(MAIN)
    (folder / "requirements.txt").write_text(REQUIREMENTS)
    return folder


def test_an_index_and_its_credentials_from_a_binding(
    packer: Packer, app: Path, index: PrivateIndex, tmp_path: Path
) -> None:
    (user, password), *_ = LOGIN.items()
    entries = {"index-url": index.url, "username": user, "password": password, "note": "x"}
    options = bind(tmp_path / "bindings", "company", "PIP", entries)
    built = packer.build(app, "binding", "--network", "host", *options)
    assert built.exit_code == 0, built.output
    assert undated(built.log) == expected(
        "Binding company: package indexes from index-url, username, password",
        "Binding company: note isn't used, pip has pip.conf, index-url, extra-index-url, username,"
        " password",
    )
    container = Container(built.image)
    try:
        container.start()
        assert container.get() == {"company": "company"}
    finally:
        container.remove()


def test_pip_conf_names_the_index_and_netrc_opens_it(
    packer: Packer, app: Path, index: PrivateIndex, tmp_path: Path
) -> None:
    (user, password), *_ = LOGIN.items()
    conf = f"[global]\nindex-url = {index.url}\ntimeout = 30\nuse-pep517 = true\n"
    bind(tmp_path / "bindings", "pip", "pip", {"pip.conf": conf})
    netrc = f"machine 127.0.0.1 login {user} password {password}\n"
    options = bind(tmp_path / "bindings", "hosts", "netrc", {".netrc": netrc})
    built = packer.build(app, "netrc", "--network", "host", *options)
    assert built.exit_code == 0, built.output
    assert undated(built.log) == expected(
        "Binding pip: package indexes from pip.conf",
        "Binding pip: pip.conf: use-pep517 isn't used",
        "Binding hosts: credentials for hosts from .netrc",
    )


def test_the_environment_wins_over_a_binding_and_both_over_the_file(
    packer: Packer, app: Path, index: PrivateIndex, tmp_path: Path
) -> None:
    dead = "http://127.0.0.1:9/simple"
    (app / "requirements.txt").write_text(f"--index-url {dead}\n{REQUIREMENTS}")
    options = bind(tmp_path / "bindings", "pip", "pip", {"index-url": dead})
    login = "me%40company:s3cr3t%2Fvalue"
    env = {"PIP_INDEX_URL": index.url_for(login)}
    built = packer.build(app, "precedence", "--network", "host", *options, env=env)
    assert built.exit_code == 0, built.output
    shutil.rmtree(tmp_path / "bindings")
    options = bind(tmp_path / "bindings", "pip", "pip", {"index-url": index.url_for(login)})
    again = packer.build(app, "precedence", "--network", "host", "--clear-cache", *options)
    assert again.exit_code == 0, again.output
    assert again.layers["venv"] == built.layers["venv"]


def test_refused_credentials(packer: Packer, app: Path, index: PrivateIndex) -> None:
    env = {"PIP_INDEX_URL": index.url_for("me:wr0ng-pass")}
    built = packer.build(app, "refused", "--network", "host", env=env)
    assert built.exit_code != 0
    assert "wr0ng-pass" not in built.output
    assert error(built) == (
        f"""\
an index refuses access

{index.url} answered: 401 Unauthorized. It wants a user name and a password or token, or refuses \
those it was given.

What to do:
  1. Give them to the build in a binding, not in the app's folder:
     mkdir -p ~/bindings/hosts; echo netrc > ~/bindings/hosts/type
     echo 'machine 127.0.0.1 login USER password TOKEN' > ~/bindings/hosts/.netrc
     pack build --volume "$HOME/bindings:/platform/bindings"
  2. Or name the index with them:
     pack build --env PIP_INDEX_URL=https://USER:TOKEN@HOST/simple
  3. If they were given, check that they haven't expired.
"""
    )


def test_an_authority_at_build_and_at_launch(
    packer: Packer, app: Path, packages: list[Package], tmp_path: Path
) -> None:
    ca, server = authority(tmp_path / "authority")
    with private_index(packages, {}, server) as index:
        env = {"PIP_INDEX_URL": index.url}
        refused = packer.build(app, "authority", "--network", "host", env=env)
        assert refused.exit_code != 0
        assert "Error: a server's certificate isn't trusted\n" in refused.log
        options = bind(
            tmp_path / "bindings", "company-ca", "ca-certificates", {"ca.pem": ca.read_text()}
        )
        built = packer.build(app, "authority", "--network", "host", *options, env=env)
        assert built.exit_code == 0, built.output
        assert undated(built.log) == expected(
            "Binding company-ca: 1 certificate from ca.pem",
        )
        launch = [*options, "--env", "SERVICE_BINDING_ROOT=/platform/bindings"]
        for user in ((), ("--user", "4711"), ("--read-only", "--tmpfs", "/tmp")):
            answer = asks(built.image, index.url, *launch, *user)
            assert answer == "200\n", answer
        assert "CERTIFICATE_VERIFY_FAILED" in asks(built.image, index.url)
        readonly = asks(built.image, index.url, *launch, "--read-only", "--ipc", "none")
        assert (
            "Error: certificates of a binding need a writable folder:"
            " give the container a tmpfs at /tmp\n" in readonly
        )


def asks(image: str, url: str, *options: str) -> str:
    """What a process of the image says that asks an address."""
    program = f"import urllib.request as r; print(r.urlopen('{url}/company').status)"
    network = ("--network", "host")
    return run("docker", "run", "--rm", *network, *options, image, "python", "-c", program).stdout


def test_every_process_trusts_the_authority(
    packer: Packer, app: Path, packages: list[Package], tmp_path: Path
) -> None:
    folder = app / "wheels"
    folder.mkdir()
    for package in packages:
        (folder / package.file).write_bytes(package.data)
    show = "env | grep -E '^(SSL_CERT_FILE|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)=' | sort\n"
    (app / "prestart.sh").write_text(show)
    built = packer.build(app, "processes", "--network", "none")
    assert built.exit_code == 0, built.output
    ca, _ = authority(tmp_path / "authority")
    options = bind(tmp_path / "bindings", "ca", "ca-certificates", {"ca.pem": ca.read_text()})
    options += ("--env", "SERVICE_BINDING_ROOT=/platform/bindings", "--env", "CURL_CA_BUNDLE=/mine")
    container = Container(built.image, options=options)
    try:
        container.start()
        container.get()
        shown = container.output()[0]
        code, exec_ = container.exec(
            "python", "-c", "import os; print(os.environ['SSL_CERT_FILE'])"
        )
    finally:
        container.remove()
    bundle = exec_.strip()
    assert code == 0
    assert re.fullmatch(r"/tmp/flaskpack-1002/[0-9a-f]{16}\.pem", bundle)
    variables = f"CURL_CA_BUNDLE=/mine\nREQUESTS_CA_BUNDLE={bundle}\nSSL_CERT_FILE={bundle}\n"
    assert variables in shown
    for process in ("prestart", "dev"):
        container = Container(built.image, options=(*options, "--entrypoint", process))
        try:
            container.start()
            container.wait_for_line(variables)
        finally:
            container.remove()


def test_without_a_network(packer: Packer, app: Path, packages: list[Package]) -> None:
    folder = app / "vendor"
    folder.mkdir()
    (folder / "htmx.min.js").touch()
    for package in packages:
        (folder / package.file).write_bytes(package.data)
    built = packer.build(app, "offline", "--network", "none")
    assert built.exit_code == 0, built.output
    line = f"  Packages come from vendor/ alone, {len(packages)} files: no index is asked\n"
    assert undated(built.log) == expected(folder=line)
    kept = packer.build(app, "offline", "--network", "none")
    assert "Nothing changed: the last build's environment is kept" in kept.log
    company = wheel("company", "1.0", data=b"another")
    (folder / company.file).write_bytes(company.data)
    changed = packer.build(app, "offline", "--network", "none")
    assert "  Installing: vendor/ changed\n" in changed.log


def test_a_package_that_the_folder_lacks(
    packer: Packer, app: Path, packages: list[Package]
) -> None:
    folder = app / "wheels"
    folder.mkdir()
    for package in packages:
        if not package.file.startswith("flask"):
            (folder / package.file).write_bytes(package.data)
    built = packer.build(app, "lacking", "--network", "none")
    assert built.exit_code != 0
    assert error(built) == (
        """\
wheels/ lacks a package

The app brings its packages along in wheels/, so no index is asked. It has no flask==3.1.3 \
that can be used. The app runs on Python 3.13, x86_64 with glibc 2.41.

Found:
  requirements.txt:1: flask==3.1.3

What to do:
  1. Put it there, where there is a network, with what it depends on:
     pip download --dest wheels --only-binary=:all: --implementation cp --python-version 3.13 \
--platform manylinux_2_34_x86_64 --platform manylinux_2_28_x86_64 --platform \
manylinux_2_17_x86_64 --platform manylinux2014_x86_64 flask==3.1.3
  2. If wheels/ isn't meant to replace the index, name it in requirements.txt, and both are used:
     --find-links ./wheels
"""
    )
