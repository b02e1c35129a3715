"""Service bindings: what each type gives, and what is said of those that can't be used."""

import ssl
import subprocess
from pathlib import Path

import pytest

from buildpack.bindings import Bound, read_bound
from buildpack.cnb.platform import read_bindings
from buildpack.errors.bindings import BindingError

SECRET = "s3cr3t-value"


def bound(root: Path, **bindings: dict[str, str]) -> Bound:
    """What bindings of these names and entries say; ``type`` is an entry too."""
    for name, entries in bindings.items():
        folder = root / name
        folder.mkdir(parents=True)
        for entry, content in entries.items():
            (folder / entry).write_text(content)
    return read_bound(read_bindings(root))


def refusal(root: Path, **bindings: dict[str, str]) -> str:
    with pytest.raises(BindingError) as caught:
        bound(root, **bindings)
    words = caught.value.explanation.render()
    assert SECRET not in words
    return words


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    command += f" -subj /CN=test -keyout /dev/null -out {file}"
    subprocess.run(command.split(), check=True, capture_output=True)
    return file.read_text()


def test_without_bindings_there_is_nothing(tmp_path: Path) -> None:
    assert bound(tmp_path) == Bound()
    assert bound(tmp_path, other={"type": "postgresql", "password": SECRET}) == Bound()


def test_a_pip_conf(tmp_path: Path) -> None:
    conf = """\
[global]
index_url = https://user:s3cr3t-value@host/simple
extra-index-url =
    https://one/simple
    https://two/simple
trusted-host = one two:8443
timeout = 4.2
prefer-binary = true
[install]
Find-Links = https://links/a https://links/b
no-index = no
require-hashes = yes
pre = on
only-binary = a,b
no-binary = :all:
[freeze]
timeout = 10
"""
    found = bound(tmp_path, company={"type": "Pip\n", "pip.conf": conf, "note": "x"})
    assert found.index == {
        "UV_DEFAULT_INDEX": "https://user:s3cr3t-value@host/simple",
        "UV_EXTRA_INDEX_URL": "https://one/simple https://two/simple",
        "UV_FIND_LINKS": "https://links/a,https://links/b",
    }
    assert found.reach == {"UV_INSECURE_HOST": "one two:8443", "UV_HTTP_TIMEOUT": "5"}
    assert found.arguments == (
        *("--require-hashes", "--prerelease=allow", "--only-binary", "a", "--only-binary", "b"),
        *("--no-binary", ":all:"),
    )
    assert found.told == (
        "Binding company: package indexes from pip.conf",
        "Binding company: pip.conf: prefer-binary isn't used",
        "Binding company: pip.conf: [freeze] isn't used, only [global] and [install] are",
        "Binding company: note isn't used, pip has pip.conf, index-url, extra-index-url, username,"
        " password",
    )
    assert SECRET not in repr(found)


def test_pip_in_entries_of_its_own(tmp_path: Path) -> None:
    entries = {
        "type": "pip",
        "pip.conf": "[global]\nindex-url = https://other/simple\nretries=2\n",
        "index-url": "https://host/simple\n",
        "extra-index-url": "https://host/more https://elsewhere/simple https://me:own@host/x",
        "username": "me@company\n",
        "password": "s3cr3t-value/\n",
    }
    found = bound(tmp_path, company=entries)
    login = "me%40company:s3cr3t-value%2F"
    assert found.index == {
        "UV_DEFAULT_INDEX": f"https://{login}@host/simple",
        "UV_EXTRA_INDEX_URL": f"https://{login}@host/more https://elsewhere/simple"
        " https://me:own@host/x",
    }
    assert found.reach == {"UV_HTTP_RETRIES": "2"}


def test_a_netrc(tmp_path: Path) -> None:
    content = f"machine host login me password {SECRET}\ndefault login a password b\n"
    found = bound(tmp_path, hosts={"type": "netrc", ".netrc": content})
    assert found.netrc == content
    assert found.told == ("Binding hosts: credentials for hosts from .netrc",)


def test_certificates_of_several_bindings_and_files(tmp_path: Path, certificate: str) -> None:
    first = {"type": "ca-certificates", "b.crt": certificate, "a.pem": f"x\n{certificate * 2}y"}
    found = bound(
        tmp_path, one=first, two={"type": "CA-certificates", "provider": "p", "c": certificate}
    )
    assert found.told == (
        "Binding one: 3 certificates from a.pem, b.crt",
        "Binding two: 1 certificate from c",
    )
    assert found.certificates == certificate * 4
    ssl.create_default_context(cadata=found.certificates)


def test_the_entries_of_a_projection_are_followed(tmp_path: Path, certificate: str) -> None:
    folder = tmp_path / "ca"
    (folder / "..data").mkdir(parents=True)
    for name, content in {"type": "ca-certificates", "ca.pem": certificate}.items():
        (folder / "..data" / name).write_text(content)
        (folder / name).symlink_to(f"..data/{name}")
    assert bound(tmp_path).told == ("Binding ca: 1 certificate from ca.pem",)


def test_a_certificate_named_by_pip_conf(tmp_path: Path, certificate: str) -> None:
    conf = "[global]\nindex-url=https://host/simple\ncert = /etc/company/ca.pem\n"
    found = bound(tmp_path, a={"type": "pip", "pip.conf": conf, "ca.pem": certificate})
    assert found.certificates == certificate
    assert found.told == ("Binding a: package indexes from pip.conf",)
    problem = "names a certificate (cert), and the binding has no entry ca.pem"
    assert problem in refusal(tmp_path / "b", b={"type": "pip", "pip.conf": conf})


def test_a_mirror_of_pythons(tmp_path: Path) -> None:
    mirror = {"UV_PYTHON_INSTALL_MIRROR": f"https://me:{SECRET}@host/pythons\n"}
    found = bound(tmp_path, pythons={"type": "python-mirror", **mirror})
    assert found.python_mirror == {"UV_PYTHON_INSTALL_MIRROR": f"https://me:{SECRET}@host/pythons"}
    assert found.told == ("Binding pythons: UV_PYTHON_INSTALL_MIRROR",)


@pytest.mark.parametrize("kind", ["pip", "netrc", "python-mirror"])
def test_two_bindings_of_a_type_are_refused(tmp_path: Path, kind: str) -> None:
    assert refusal(tmp_path, one={"type": kind}, two={"type": kind.upper()}) == (
        f"""\
Error: more than one binding of type {kind}

There are 2 bindings of type {kind}, and one at most can be used.

Found:
  binding one
  binding two

What to do:
  Put what is needed into one of them, and take the others out.
"""
    )


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("pip", "the entry pip.conf, or index-url"),
        ("netrc", "the entry .netrc"),
        ("ca-certificates", "an entry with certificates"),
        ("python-mirror", "the entry UV_PYTHON_INSTALL_MIRROR or UV_PYTHON_DOWNLOADS_JSON_URL"),
    ],
)
def test_an_empty_binding_is_refused(tmp_path: Path, kind: str, wanted: str) -> None:
    assert refusal(tmp_path, mine={"type": kind}) == (
        f"""\
Error: a binding holds nothing that can be used

The binding mine of type {kind} needs {wanted}.

Found:
  binding mine: no entry but its type

What to do:
  Put the entry into the binding's folder, beside the file called type, or take mine out.
"""
    )


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"type": "netrc", ".netrc": " \n"}, "The entry .netrc of the binding mine has no content"),
        (
            {"type": "netrc", ".netrc": f"machine host\nlogin me\n{SECRET} x\n"},
            "The entry .netrc of the binding mine can't be understood, at line 3.",
        ),
        ({"type": "netrc", ".netrc": "# nothing\n"}, ".netrc of the binding mine names no machine"),
        (
            {"type": "pip", "pip.conf": f"[global]\nindex-url = https://host\n{SECRET}\n"},
            "The entry pip.conf of the binding mine is no INI file (line 3).",
        ),
        (
            {"type": "pip", "pip.conf": f"index-url = https://{SECRET}@host\n"},
            "The entry pip.conf of the binding mine is no INI file (line 1).",
        ),
        (
            {"type": "pip", "pip.conf": f"[global]\nindex-url = {SECRET}\n"},
            "The entry pip.conf of the binding mine has something that is no address.",
        ),
        (
            {"type": "pip", "pip.conf": f"[global]\ntimeout = {SECRET}\n"},
            "The entry pip.conf of the binding mine has a timeout that makes no sense.",
        ),
        (
            {"type": "pip", "index-url": "https://host", "username": SECRET},
            "The entry username of the binding mine stands alone: there is no entry password.",
        ),
        (
            {"type": "pip", "extra-index-url": "https://h", "username": SECRET, "password": SECRET},
            "The entry username of the binding mine belongs to an index-url, and there is none.",
        ),
        (
            {"type": "ca-certificates", "ca.pem": SECRET},
            "The entry ca.pem of the binding mine holds no certificate in PEM form.",
        ),
        (
            {"type": "python-mirror", "UV_PYTHON_INSTALL_MIRROR": SECRET},
            "The entry UV_PYTHON_INSTALL_MIRROR of the binding mine has something that is no",
        ),
    ],
)
def test_a_bad_entry_is_named_and_not_shown(
    tmp_path: Path, entries: dict[str, str], words: str
) -> None:
    assert words in refusal(tmp_path, mine=entries)


@pytest.mark.parametrize(
    "cut", [lambda pem: pem.replace("M", "!", 1), lambda pem: pem[:90] + pem[160:]]
)
def test_a_damaged_certificate_is_refused(tmp_path: Path, certificate: str, cut: object) -> None:
    assert callable(cut)
    words = refusal(
        tmp_path, ca={"type": "ca-certificates", "ca.pem": certificate + cut(certificate)}
    )
    assert "The entry ca.pem of the binding ca is damaged: its certificate number 2" in words


def test_what_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ca" / "folder").mkdir(parents=True)
    (tmp_path / "ca" / "type").write_text("ca-certificates")
    assert "Reading folder of the binding ca failed: Is a directory." in refusal(tmp_path)
    (tmp_path / "ca" / "folder").rmdir()
    (tmp_path / "ca" / "ca.der").write_bytes(b"\x30\x82\xff\xfe")
    assert "Reading ca.der of the binding ca failed: it isn't text." in refusal(tmp_path)
