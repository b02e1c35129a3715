"""exec.d/environment: a home for those without one, and the certificates of bindings."""

import hashlib
import os
import shutil
import ssl
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "layers" / "web"
SYSTEM = Path("/etc/ssl/certs/ca-certificates.crt")
VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True)
class Answer:
    """The variables that a process gets, and what was said."""

    code: int
    variables: dict[str, str]
    stderr: str


@dataclass(frozen=True)
class Layer:
    """The web layer of an image, service bindings, a folder for temporary files."""

    root: Path
    python: str = sys.executable

    def bind(self, name: str, **entries: str) -> None:
        folder = self.root / "bindings" / name
        folder.mkdir(parents=True)
        for entry, content in entries.items():
            (folder / entry).write_text(content)

    def run(self, **env: str) -> Answer:
        """Run the program as the launcher does, with ``env`` over a usual environment."""
        usual = {
            "HOME": str(self.root),
            "TMPDIR": str(self.root / "tmp"),
            "SERVICE_BINDING_ROOT": str(self.root / "bindings"),
        }
        output = self.root / "fd3"
        done = subprocess.run(
            ["/bin/sh", "-c", 'exec "$0" 3>"$1"', self.root / "exec.d/environment", output],
            env={name: value for name, value in (usual | env).items() if value},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == ""
        return Answer(done.returncode, tomllib.loads(output.read_text()), done.stderr)


@pytest.fixture
def layer(tmp_path: Path) -> Layer:
    for folder in ("exec.d", "launch"):
        shutil.copytree(WEB / folder, tmp_path / folder)
    (tmp_path / "tmp").mkdir()
    (tmp_path / "launch/found.sh").write_text(f"FLASKPACK_PYTHON='{sys.executable}'\n")
    return Layer(tmp_path)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    command += f" -subj /CN=test -keyout /dev/null -out {file}"
    subprocess.run(command.split(), check=True, capture_output=True)
    return file.read_text()


def test_usually_nothing_is_changed(layer: Layer) -> None:
    layer.bind("database", type="postgresql", password="x")
    assert layer.run() == Answer(0, {}, "")
    assert layer.run(SERVICE_BINDING_ROOT="") == Answer(0, {}, "")
    assert layer.run(SERVICE_BINDING_ROOT="/absent") == Answer(0, {}, "")
    assert list((layer.root / "tmp").iterdir()) == []


@pytest.mark.parametrize("home", ["", "/", "/nonexistent"])
def test_who_has_no_home_gets_one(layer: Layer, home: str) -> None:
    assert layer.run(HOME=home) == Answer(0, {"HOME": "/tmp"}, "")


def test_certificates_stand_beside_the_systems(layer: Layer, certificate: str) -> None:
    layer.bind("company", type="CA-Certificates\n", **{"a.pem": certificate, "b.pem": certificate})
    answer = layer.run(CURL_CA_BUNDLE="/mine")
    assert (answer.code, answer.stderr) == (0, "")
    assert list(answer.variables) == ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]
    (bundle,) = set(answer.variables.values())
    content = SYSTEM.read_bytes() + b"\n" + certificate.encode() * 2
    assert Path(bundle).read_bytes() == content
    digest = hashlib.sha256(content).hexdigest()[:16]
    assert bundle == f"{layer.root}/tmp/flaskpack-{os.geteuid()}/{digest}.pem"
    assert Path(bundle).parent.stat().st_mode & 0o777 == 0o700
    ssl.create_default_context(cafile=bundle)
    assert layer.run(HOME="/").variables == {"HOME": "/tmp", **dict.fromkeys(VARIABLES, bundle)}
    assert [path.name for path in Path(bundle).parent.iterdir()] == [f"{digest}.pem"]


def test_what_the_user_sets_stays(layer: Layer, certificate: str) -> None:
    layer.bind("company", type="ca-certificates", pem=certificate)
    assert layer.run(**dict.fromkeys(VARIABLES, "/mine")) == Answer(0, {}, "")


def test_a_folder_that_somebody_else_prepared_is_not_used(layer: Layer, certificate: str) -> None:
    layer.bind("company", type="ca-certificates", pem=certificate)
    open_folder = layer.root / "tmp" / f"flaskpack-{os.geteuid()}"
    open_folder.mkdir()
    open_folder.chmod(0o777)
    bundle = Path(layer.run().variables["SSL_CERT_FILE"])
    assert bundle.parent != open_folder
    assert bundle.parent.stat().st_mode & 0o777 == 0o700
    assert list(open_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"ca.pem": "x"}, "Error: {root}/bindings/ca/ca.pem holds no certificate in PEM form\n"),
        ({}, "Error: {root}/bindings/ca holds no certificate\n"),
    ],
)
def test_a_binding_that_cannot_be_used_ends_the_start(
    layer: Layer, entries: dict[str, str], words: str
) -> None:
    layer.bind("ca", type="ca-certificates", **entries)
    assert layer.run() == Answer(1, {}, words.format(root=layer.root))


def test_a_python_that_a_rebase_took_away_is_left_to_start(layer: Layer) -> None:
    layer.bind("ca", type="ca-certificates")
    (layer.root / "launch/found.sh").write_text("FLASKPACK_PYTHON='/usr/bin/python3.2'\n")
    assert layer.run() == Answer(0, {}, "")
