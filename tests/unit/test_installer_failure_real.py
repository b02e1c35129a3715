"""uv itself, failing for real: on an index of ours, a full disk, a missing git."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.package_index import Index, running, sdist, self_signed, wheel
from support.real_uv import Run, install, installed

COMPILE = """
import pathlib, subprocess
pathlib.Path("x.c").write_text("#include <{header}>\\n")
subprocess.run(["{compiler}", "-c", "x.c"], check=True)
"""
PACKAGES = (
    wheel("app", "1.0", ("lib>=2",)),
    wheel("lib", "1.0"),
    wheel("lib", "2.0"),
    wheel("late", "1.0", requires_python=">=3.99"),
    wheel("other", "1.0", tag="cp27-cp27mu-manylinux_2_17_x86_64"),
    sdist("broken", "1.0", 'raise RuntimeError("out of order")'),
    sdist("compiled", "1.0", COMPILE.format(header="stdio.h", compiler="gcc")),
    sdist("headed", "1.0", COMPILE.format(header="libpq-no/such.h", compiler="gcc")),
)
APP = PACKAGES[0]
NO_HASH = "sha256:" + "0" * 64


@pytest.fixture
def index() -> Iterator[Index]:
    with running(PACKAGES) as index:
        yield index


def told(run: Run) -> tuple[str, tuple[str, ...]]:
    """The error's kind, and what was found."""
    error = run.error()
    return type(error).__name__, error.explanation.found


REQUIREMENTS = {
    "apq\n": ("NoSuchPackageError", "requirements.txt:1: apq"),
    "lib==3\n": ("NoSuchVersionError", "requirements.txt:1: lib==3"),
    "lib>2,<3\n": ("NoSuchVersionError", "requirements.txt:1: lib>2,<3"),
    "app\nlib<2\n": ("ConflictError", "requirements.txt:1: app"),
    "late\n": ("WrongPythonError", "requirements.txt:1: late"),
    "other\n": ("NoWheelError", "requirements.txt:1: other"),
    "broken\n": ("BuildFailedError", "requirements.txt:1: broken"),
    "headed\n": ("MissingLibraryError", "requirements.txt:1: headed"),
    f"lib==2.0 --hash={NO_HASH}\n": (
        "HashMismatchError",
        f"requirements.txt:1: lib==2.0 --hash={NO_HASH}",
    ),
    f"--require-hashes\napp==1.0 --hash=sha256:{APP.sha256}\nlib==2.0\n": (
        "HashMissingError",
        "requirements.txt:3: lib==2.0",
    ),
    "--no-index\nlib\n": ("NowhereToLookError", "requirements.txt:2: lib"),
    "lib ; python_versio > '3'\n": (
        "RejectedLineError",
        "requirements.txt:1: lib ; python_versio > '3'",
    ),
}


@pytest.mark.parametrize(
    ("text", "expected"), REQUIREMENTS.items(), ids=[repr(t[:20]) for t in REQUIREMENTS]
)
def test_what_is_required(
    tmp_path: Path, index: Index, text: str, expected: tuple[str, str]
) -> None:
    kind, found = told(install(tmp_path, {"requirements.txt": text}, index.url))
    assert (kind, found[0]) == expected
    assert installed(tmp_path) == []


def test_the_next_build_after_the_mend_works(tmp_path: Path, index: Index) -> None:
    """In the same folders: a failure leaves nothing that a success would trip over."""
    failed = install(tmp_path, {"requirements.txt": "app\nlib<2\n"}, index.url)
    assert failed.error().explanation.remedies[0] == (
        "Write this, and see whether it is what you want:\n"
        "requirements.txt:2: lib>=2   (app depends on it)"
    )
    mended = install(tmp_path, {"requirements.txt": "app\nlib>=2\n"}, index.url)
    assert (mended.code, installed(tmp_path)) == (0, ["app-1.0", "lib-2.0"])


ANSWERS = [
    (401, "IndexRefusedError"),
    (403, "IndexRefusedError"),
    (404, "NoSuchPackageError"),
    (407, "ProxyRefusedError"),
    (429, "IndexFailedError"),
    (500, "IndexFailedError"),
    (503, "IndexFailedError"),
    ("silence", "NoAnswerError"),
]


@pytest.mark.parametrize(("answer", "kind"), ANSWERS)
def test_what_an_index_answers(tmp_path: Path, index: Index, answer: int | str, kind: str) -> None:
    index.fail = answer
    files = {"requirements.txt": "--extra-index-url ${URL}\nlib\n"}
    url = index.url.replace("://", "://user:hunter2@")
    run = install(tmp_path, files, url, environment={"UV_HTTP_TIMEOUT": "1"}, values={"URL": url})
    error = run.error()
    assert type(error).__name__ == kind
    assert "hunter2" not in error.explanation.render()


def test_a_whole_message(tmp_path: Path, index: Index) -> None:
    index.fail = 401
    url = index.url.replace("://", "://${USER}:${TOKEN}@")
    files = {"requirements.txt": f"\n--extra-index-url {url}\nlib\n"}
    values = {"USER": "me.myself", "TOKEN": "t0ken"}
    run = install(tmp_path, files, "http://127.0.0.1:9/simple", values=values)
    assert run.error().explanation.render() == (
        "Error: an index refuses access\n\n"
        f"{index.url} answered: 401 Unauthorized. It wants a user name and a password or token,"
        " or refuses those it was given.\n\n"
        "Found:\n"
        f"  requirements.txt:2: --extra-index-url http://****@127.0.0.1:{index.port}/simple\n\n"
        "What to do:\n"
        "  1. Give them to the build in a binding, not in the app's folder:\n"
        "     mkdir -p ~/bindings/hosts; echo netrc > ~/bindings/hosts/type\n"
        "     echo 'machine 127.0.0.1 login USER password TOKEN' > ~/bindings/hosts/.netrc\n"
        '     pack build --volume "$HOME/bindings:/platform/bindings"\n'
        "  2. Or name the index with them:\n"
        "     pack build --env PIP_INDEX_URL=https://USER:TOKEN@HOST/simple\n"
        "  3. If they were given, check that they haven't expired.\n"
    )


def test_no_connection(tmp_path: Path) -> None:
    with running(()) as gone:
        url = gone.url
    kind, found = told(install(tmp_path, {"requirements.txt": "lib\n"}, url))
    assert (kind, found) == ("NoConnectionError", ("Connection refused (os error 111)",))


def test_a_host_without_an_address(tmp_path: Path) -> None:
    files = {"requirements.txt": "lib @ http://index.invalid/lib-1.0-py3-none-any.whl\n"}
    kind, found = told(install(tmp_path, files, "http://127.0.0.1:9/simple"))
    line = "requirements.txt:1: lib @ http://index.invalid/lib-1.0-py3-none-any.whl"
    assert (kind, found) == ("UnknownHostError", (line,))


def test_a_certificate_that_nobody_knows(tmp_path: Path) -> None:
    with running(PACKAGES, self_signed(tmp_path)) as index:
        kind, found = told(install(tmp_path, {"requirements.txt": "lib\n"}, index.url))
    assert (kind, found) == ("UntrustedError", ("invalid peer certificate: UnknownIssuer",))


def test_a_compiler_that_is_missing(tmp_path: Path, index: Index) -> None:
    files = {"requirements.txt": "compiled\n"}
    run = install(tmp_path, files, index.url, environment={"PATH": "/nonexistent"})
    assert told(run) == ("NoCompilerError", ("requirements.txt:1: compiled",))


def test_git_is_missing(tmp_path: Path) -> None:
    files = {"requirements.txt": "x @ git+https://git.invalid/x.git\n"}
    nowhere = "http://127.0.0.1:9/simple"
    run = install(tmp_path, files, nowhere, environment={"PATH": "/nonexistent"})
    line = "requirements.txt:1: x @ git+https://git.invalid/x.git"
    assert told(run) == ("GitMissingError", (line,))


def test_a_full_disk(tmp_path: Path) -> None:
    noise = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(100_000))
    big = wheel("big", "1.0", data=noise)
    small = ("unshare", "--mount", "--map-root-user", "sh", "-c")
    mount = f'mount -t tmpfs -o size=2m tmpfs {tmp_path}/cache && exec "$@"'
    (tmp_path / "cache").mkdir()
    with running([big]) as index:
        files = {"requirements.txt": "big\n"}
        run = install(tmp_path, files, index.url, prefix=(*small, mount, "sh"))
    kind, found = told(run)
    assert kind == "DiskFullError"
    assert found[0].endswith("/big.bin`: No space left on device (os error 28)")
