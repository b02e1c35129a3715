"""Real ``pack build``s that fail: all that is printed, what is left, the build after the mend."""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from support.build_failures import (
    SAMPLES,
    read_sample,
    settled,
    small_disk,
    write_app,
)
from support.containers import Container
from support.foreign_builds import FOREIGN_BUILDS
from support.package_index import Index, running, self_signed, wheel
from support.packing import Built, Packer, inspect, run

NOISE = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(100_000))
"""3 MB that no compression makes smaller."""

LIB = wheel("lib", "2.0")
PACKAGES = (
    LIB,
    wheel("lib", "1.0"),
    wheel("app", "1.0", ("lib>=2",)),
    wheel("site-tools", "1.0", ("app",)),
    wheel("late", "1.0", requires_python=">=3.99"),
    wheel("other", "1.0", tag="cp27-cp27mu-manylinux_2_17_x86_64"),
    wheel("big", "1.0", data=NOISE),
    *FOREIGN_BUILDS,
)
SPECIAL = (
    *("added", "disk-full", "disk-full-in-a-build", "no-answer", "out-of-order"),
    *("no-such-version-there", "refused-401", "refused-403", "refused-by-line"),
    *("unknown-host", "untrusted"),
)
"""The samples that need more than an index with PACKAGES."""

REQUIRED = sorted({sample.stem for sample in SAMPLES.glob("*.txt")} - set(SPECIAL))


@pytest.fixture
def packer() -> Iterator[Packer]:
    made = Packer()
    yield made
    made.remove()


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with running(PACKAGES) as index:
        yield index


@pytest.fixture
def own_index() -> Iterator[Index]:
    with running(PACKAGES) as index:
        yield index


class Failures:
    """Builds of one image from one folder, on the machine's own network, where the indexes are."""

    def __init__(self, packer: Packer, folder: Path) -> None:
        self.packer = packer
        self.folder = folder

    def build(
        self, sample: str, url: str, *options: str, env: Mapping[str, str] | None = None
    ) -> Built:
        """Build a sample with an index of its own."""
        files = read_sample(sample).at(url)
        return self.build_files(files, *options, env=env or {"PIP_INDEX_URL": url})

    def build_files(self, files: Mapping[str, str], *options: str, env: Mapping[str, str]) -> Built:
        """Build an app of these files in the place of what was there."""
        app = write_app(self.folder / "app", files)
        return self.packer.build(app, "failure", "--network", "host", *options, env=env)


@pytest.fixture
def failures(packer: Packer, tmp_path: Path) -> Failures:
    return Failures(packer, tmp_path)


def check(built: Built, sample: str) -> None:
    """It failed, printed the whole sample and nothing more, and made no image."""
    assert settled(built.log) == read_sample(sample).printed
    assert built.exit_code == 1
    assert run("docker", "image", "inspect", built.image).returncode == 1


@pytest.mark.parametrize("sample", REQUIRED)
def test_what_is_required(failures: Failures, index: Index, sample: str) -> None:
    check(failures.build(sample, index.url), sample)


@pytest.mark.parametrize(
    ("sample", "answer"), [("refused-401", 401), ("refused-403", 403), ("refused-by-line", 401)]
)
def test_an_index_that_refuses_credentials(
    failures: Failures, own_index: Index, sample: str, answer: int
) -> None:
    own_index.fail = answer
    url = own_index.url.replace("://", "://jane:hunter2@")
    env = {"PIP_INDEX_URL": url}
    if sample == "refused-by-line":
        env = {"USER": "jane", "TOKEN": "hunter2"}
    built = failures.build(sample, url, env=env)
    check(built, sample)
    assert "hunter2" not in built.output


def test_a_certificate_that_nobody_knows_and_the_remedy(failures: Failures, tmp_path: Path) -> None:
    """With the certificate in a binding the index is trusted; it lacks what we add."""
    binding = tmp_path / "bindings/ca"
    binding.mkdir(parents=True)
    (binding / "type").write_text("ca-certificates\n")
    with running(PACKAGES, self_signed(tmp_path)) as index:
        check(failures.build("untrusted", index.url), "untrusted")
        shutil.copy(tmp_path / "only.pem", binding)
        bindings = ("--volume", f"{binding.parent}:/platform/bindings")
        trusting = failures.build("added", index.url, *bindings)
    read = "\nBindings\n  Binding ca: 1 certificate from only.pem\n"
    expected = read_sample("added").printed.replace("\nPython\n", f"{read}\nPython\n", 1)
    assert settled(trusting.log) == expected


UNREACHABLE: dict[str, int | str] = {"no-answer": "silence", "out-of-order": 503}


@pytest.mark.parametrize("sample", [*UNREACHABLE, "unknown-host"])
def test_an_index_that_cannot_be_reached(failures: Failures, own_index: Index, sample: str) -> None:
    """Where uv would try four times and wait for 30 s each, the user's variables say less."""
    own_index.fail = UNREACHABLE.get(sample)
    url = "http://index.invalid/simple" if sample == "unknown-host" else own_index.url
    env = {"PIP_INDEX_URL": url, "UV_HTTP_TIMEOUT": "1", "UV_HTTP_RETRIES": "0"}
    check(failures.build(sample, url, env=env), sample)


def test_a_full_disk(failures: Failures, index: Index, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "2m") as small:
        volume = ("--volume", f"{small}:/layers/flaskpack:rw")
        check(failures.build("disk-full", index.url, *volume), "disk-full")
        assert [str(path.relative_to(small)) for path in small.rglob("*")] == ["wheels"]


def test_a_full_disk_for_a_compiler(failures: Failures, index: Index, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "16k") as small:
        built = failures.build("disk-full-in-a-build", index.url, "--volume", f"{small}:/tmp:rw")
    check(built, "disk-full-in-a-build")


MENDS = {
    "no-such-version-there": ("lib==2.0\n", {"lib": "2.0"}),
    "hash-mismatch": (f"lib==2.0 --hash=sha256:{LIB.sha256}\n", {"lib": "2.0"}),
    "disk-full": ("big\n", {"big": "1.0"}),
}


@pytest.mark.parametrize("sample", MENDS)
def test_the_build_after_the_mend(
    failures: Failures, index: Index, tmp_path: Path, sample: str
) -> None:
    """With the same name and cache: the image works. A failure after that leaves it alone."""
    # The test's index is asked first, for Flask the usual one.
    env = {"PIP_EXTRA_INDEX_URL": index.url}
    requirement, versions = MENDS[sample]
    with small_disk(tmp_path / "small", "2m") as small:
        volume = ("--volume", f"{small}:/layers/flaskpack:rw") if sample == "disk-full" else ()
        check(failures.build(sample, index.url, *volume, env=env), sample)
    mended = failures.build_files({"requirements.txt": requirement}, env=env)
    assert mended.exit_code == 0, mended.output
    assert answer_of(mended.image) == versions
    before = inspect(mended.image)["Id"]
    failed = failures.build_files({"requirements.txt": "sqlite3\n"}, env=env)
    assert (failed.exit_code, inspect(mended.image)["Id"]) == (1, before)


def answer_of(image: str) -> dict[str, str]:
    """What a container of the image answers over HTTP."""
    container = Container(image)
    try:
        container.start()
        return container.get()
    finally:
        container.remove()
