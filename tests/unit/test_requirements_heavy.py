# ruff: noqa: E501 (a table of files)

"""Requirements files of every size and shape: decided within 2 seconds and 200 megabytes."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMITED = """
import resource, sys, time
from pathlib import Path, PurePosixPath
resource.setrlimit(resource.RLIMIT_AS, (200_000_000, 200_000_000))
sys.path.insert(0, sys.argv[1])
from buildpack.errors.requirements import RequirementsError
from buildpack.requirements import (
    Target, check_gunicorn, directly_required, fingerprint, read_requirements, without_engine
)
try:
    found = read_requirements(Path(sys.argv[2]), PurePosixPath("requirements.txt"), {"A": "a"})
    check_gunicorn(found, Target("3.13.5"))
    directly_required(found, Target("3.13.5"))
    without_engine(found)
    fingerprint(found)
    told = "read"
except RequirementsError as error:
    told = error.explanation.render()
assert time.process_time() < 2, time.process_time()
print(told.partition("\\n")[0], end="")
"""
Files = Mapping[str, bytes]

READ = "read"
TOO_LARGE = "Error: a requirements file is too large"
TOO_MANY = "Error: too many requirements files"
NOT_TEXT = "Error: a requirements file isn't plain text"
MISSING = "Error: a requirements file is missing"
TOO_MUCH = "Error: too many requirements"
TOGETHER = "Error: the requirements files are too large together"

MEGABYTE = 1_000_000


def filled(line: bytes, size: int = MEGABYTE) -> bytes:
    return line * (size // len(line))


def many(line: str, number: int, size: int = MEGABYTE) -> bytes:
    return "".join(line.format(n=n) for n in range(number)).encode()[:size]


def chain(length: int) -> Files:
    files = {f"{n}.txt": b"-r %d.txt\n" % (n + 1) for n in range(1, length)}
    return {"requirements.txt": b"-r 1.txt\n", f"{length}.txt": b"flask\n", **files}


def bomb(depth: int, option: bytes = b"-r") -> Files:
    """Each file names the next one twice: 2 to the power of depth, where each is read again."""
    files = {f"{n}.txt": b"%s %d.txt\n" % (option, n + 1) * 2 for n in range(1, depth)}
    return {"requirements.txt": b"-r 1.txt\n" * 2, f"{depth}.txt": b"flask\n", **files}


def local(line: bytes, files: int = 20) -> dict[str, bytes]:
    data = {f"lib/data{n}": b"x" * MEGABYTE for n in range(files)}
    return {"requirements.txt": filled(line), "lib/pyproject.toml": b"", **data}


HEAVY: dict[str, tuple[Callable[[], Files], str]] = {
    "5 MB of requirements": (lambda: {"requirements.txt": filled(b"a==1\n", 5 * MEGABYTE)}, TOO_LARGE),
    "one line of 5 MB": (lambda: {"requirements.txt": b"a" * 5 * MEGABYTE}, TOO_LARGE),
    "one line of 1 MB": (lambda: {"requirements.txt": b"a" * MEGABYTE}, NOT_TEXT),
    "a line continued for 1 MB": (lambda: {"requirements.txt": filled(b"a \\\n")}, NOT_TEXT),
    "100,000 lines": (lambda: {"requirements.txt": many("a{n}==1\n", 100_000)}, TOO_MUCH),
    "5,000 lines, the most": (lambda: {"requirements.txt": many("a-b{n}[x]>=${{A}}1,<2; os_name=='x'\n", 5_000).replace(b"${A}", b"")}, READ),
    "5,000 variables": (lambda: {"requirements.txt": b"https://${A}.example/a-1.tar.gz\n" * 5_000}, READ),
    "5,000 local packages": (lambda: {"requirements.txt": b"./lib\n" * 5_000, "lib/setup.py": b""}, READ),
    "4 MB in 4 files": (lambda: {"requirements.txt": many("-r {n}.txt\n", 4)} | {f"{n}.txt": b"#a\n" * 333_000 for n in range(4)}, READ),
    "100,000 comments": (lambda: {"requirements.txt": filled(b"# abcdefg\n")}, READ),
    "a million empty lines": (lambda: {"requirements.txt": b"\n" * MEGABYTE}, READ),
    "500,000 names": (lambda: {"requirements.txt": filled(b"a\n")}, TOO_MUCH),
    "a locked list of 4 MB": (lambda: {"requirements.txt": many("a{n}==1" + (" \\\n    --hash=sha256:" + "ab" * 32) * 41 + "\n", 1_115, 4 * MEGABYTE)}, READ),
    "hashes": (lambda: {"requirements.txt": filled(b"a==1 --hash=sha256:" + b"ab" * 32 + b"\n")}, TOO_MUCH),
    "pins with markers": (lambda: {"requirements.txt": filled(b"a==1; python_version < '3' and (sys_platform == 'x' or os_name == 'y')\n")}, TOO_MUCH),
    "options": (lambda: {"requirements.txt": filled(b"--pre\n")}, TOO_MUCH),
    "options in a line": (lambda: {"requirements.txt": filled(b"--pre " * 8000 + b"\n")}, TOO_MUCH),
    "indexes with credentials": (lambda: {"requirements.txt": filled(b"-i https://u:p@h.example/\n")}, TOO_MUCH),
    "variables": (lambda: {"requirements.txt": filled(b"${A}==1\n")}, TOO_MUCH),
    "markers": (lambda: {"requirements.txt": b"gunicorn==20;" + b" or ".join([b"'a'=='b'"] * 4000)}, READ),
    "versions": (lambda: {"requirements.txt": filled(b"gunicorn==" + b"1." * 20_000 + b"1\n")}, READ),
    "UTF-16": (lambda: {"requirements.txt": many("a{n}\n", 100_000, 400_000).decode().encode("utf-16")[:MEGABYTE]}, TOO_MUCH),
    "Latin-1 in comments": (lambda: {"requirements.txt": filled(b"# caf\xe9\n")}, READ),
    "10,000 includes": (lambda: {"requirements.txt": many("-r {n}.txt\n", 10_000)} | {f"{n}.txt": b"" for n in range(200)}, TOO_MANY),
    "10,000 missing includes": (lambda: {"requirements.txt": many("-r {n}.txt\n", 10_000)}, MISSING),
    "one include 80,000 times": (lambda: {"requirements.txt": filled(b"-r b.txt\n"), "b.txt": b"flask"}, TOO_MUCH),
    "itself 40,000 times": (lambda: {"requirements.txt": filled(b"-r requirements.txt\n")}, TOO_MUCH),
    "a chain of 10,000": (lambda: chain(10_000), TOO_MANY),
    "a bomb of 60": (lambda: bomb(60), READ),
    "a bomb of 90": (lambda: bomb(90), READ),
    "a bomb in both roles": (lambda: bomb(60, b"-c"), READ),
    "100 files of 1 MB": (lambda: {"requirements.txt": many("-r {n}.txt\n", 99)} | {f"{n}.txt": filled(b"# abcdefg\n") for n in range(99)}, TOGETHER),
    "a local package 100,000 times": (lambda: local(b"./lib\n"), TOO_MUCH),
    "an editable one 100,000 times": (lambda: local(b"-e lib\n"), TOO_MUCH),
    "a folder of wheels 40,000 times": (lambda: local(b"-f lib\n"), TOO_MUCH),
    "a local package 1,000 times": (lambda: local(b"./lib\n") | {"requirements.txt": b"./lib\n" * 1000}, READ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "told"), HEAVY.values(), ids=list(HEAVY))
def test_heavy_files_in_200_megabytes_and_2_seconds(
    tmp_path: Path, files: Callable[[], Files], told: str
) -> None:
    for name, data in files().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-I", "-S", "-B", "-c", LIMITED, str(ROOT), str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, told, "")
