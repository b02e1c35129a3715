"""The request parser under libFuzzer: clang's sanitizers watch, and pieces must give the same.

native/parser_fuzz.c says what else must hold. It is a module for the Python that is tested, into
which AddressSanitizer is preloaded. The corpus is a file, a line in Base64 for each input.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from maker import compiler, patching, recipe, sdist

from harness import environments
from harness.environments import output

HERE = Path(__file__).parent
TARGET = HERE / "native" / "parser_fuzz.c"
CORPUS = HERE / "parser_corpus.txt"
LONGEST = 12_000
"""Bytes of an input: more than the parser takes of a head."""
LONGEST_KEPT = 1200
"""Bytes of an input in the corpus, which is to stay small."""

FLAGS = (
    *("-std=gnu11", "-O1", "-g", "-fPIC", "-shared", "-fwrapv", "-fno-strict-aliasing"),
    *("-fno-omit-frame-pointer", "-fsanitize=fuzzer-no-link,address,undefined"),
    *("-fno-sanitize-recover=undefined", "-shared-libasan", "-w"),
    # libFuzzer's hooks stand in AddressSanitizer's library too, where they do nothing.
    "-Wl,-Bsymbolic",
    *("-D_GNU_SOURCE", "-DNDEBUG", "-DHTTP_PARSER_DEBUG=0"),
)
_PROGRAM = """\
#!/bin/sh
# libFuzzer's program: it starts itself again where it merges. What Python leaves behind at its end
# is no leak of a request's.
export LD_PRELOAD={address_sanitizer} PYTHONMALLOC=malloc UBSAN_OPTIONS=print_stacktrace=1
export ASAN_OPTIONS=detect_leaks=1:leak_check_at_exit=0:handle_abort=1
exec {python} -I -S -c '
import sys
sys.path.insert(0, "{folder}")
import parser_fuzz
parser_fuzz.run(*sys.argv[1:])' "$0" "$@"
"""
_EXECUTED = re.compile(r"^stat::number_of_executed_units: (\d+)$", re.M)
_COVERED = re.compile(r"^#\d+\s.* cov: (\d+) ft: (\d+) ", re.M)
_WRONG = re.compile(r"^(?:parser_fuzz: .*|SUMMARY: .*|.*runtime error: .*)", re.M)


@dataclass(frozen=True)
class Clang:
    """A program, and where its libraries for sanitizers and libFuzzer are."""

    program: Path
    address_sanitizer: Path
    fuzzer: Path


@dataclass(frozen=True)
class Target:
    """A folder with the compiled module, and what runs it."""

    folder: Path
    python: str
    clang: Clang


@dataclass(frozen=True)
class Round:
    """``wrong`` is empty, or what was said of the input that ended the round."""

    executed: int
    covered: int
    features: int
    wrong: tuple[str, ...]


def clang() -> Clang:
    """FLASKPACK_CLANG, else the one on the PATH."""
    named = os.environ.get("FLASKPACK_CLANG") or shutil.which("clang")
    assert named, "clang, which has libFuzzer, is missing (Debian: apt-get install clang)"
    machine = os.uname().machine
    found = {
        name: Path(output([named, f"-print-file-name={file}"]).strip())
        for name, file in (
            ("address_sanitizer", f"libclang_rt.asan-{machine}.so"),
            ("fuzzer", f"libclang_rt.fuzzer_no_main-{machine}.a"),
        )
    }
    for library in found.values():
        assert library.is_file(), f"{named} has no {library} (Debian: libclang-rt-dev)"
    return Clang(Path(named), **found)


def ready(python: str) -> Target:
    """The target for the sources as they are, compiled once."""
    made = environments.folder_for("parser-fuzz", python, TARGET.read_text(), _PROGRAM, *FLAGS)
    target = Target(made, python, clang())
    if not (made / "complete").exists():
        compile_target(target)
        (made / "complete").touch()
    return target


def compile_target(target: Target, change: Callable[[Path], None] | None = None) -> None:
    """Into its folder, from the patched sources, after ``change`` was made to them."""
    target.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        pin = sdist.parse_pin((recipe.ENGINE / "sdist.txt").read_text(encoding="utf-8"))
        tree = sdist.unpack(sdist.fetch(pin, recipe.cache_folder()), Path(scratch) / "source")
        patching.apply_series(recipe.ENGINE / "patches", tree)
        if change:
            change(tree)
        server = tree / "meinheld" / "server"
        folders = [server, *environments.include(target.python)]
        output(
            [
                *(str(target.clang.program), *FLAGS, *(f"-I{folder}" for folder in folders)),
                *map(str, [*compiler.sources(tree), TARGET, target.clang.fuzzer]),
                *("-l:libstdc++.so.6", "-lm", "-o", str(target.folder / "parser_fuzz.so")),
            ]
        )

    program = target.folder / "parser_fuzz"
    program.write_text(
        _PROGRAM.format(
            address_sanitizer=target.clang.address_sanitizer,
            python=target.python,
            folder=target.folder,
        )
    )
    program.chmod(0o755)


def corpus() -> list[bytes]:
    """The inputs that are kept."""
    return [base64.b64decode(line) for line in CORPUS.read_text().split()]


def keep(inputs: Iterable[bytes]) -> None:
    """Writes them as the corpus, the shortest first."""
    ordered = sorted(set(inputs), key=lambda each: (len(each), each))
    CORPUS.write_text("".join(f"{base64.b64encode(each).decode()}\n" for each in ordered))


def spread(inputs: Iterable[bytes], folder: Path) -> None:
    """A file for each, as libFuzzer wants them."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in inputs:
        (folder / hashlib.sha256(each).hexdigest()).write_bytes(each)


def play(target: Target, inputs: Path) -> Round:
    """Each of the inputs once."""
    return _run(target, "-runs=0", str(inputs))


def fuzz(target: Target, inputs: Path, *limits: str) -> Round:
    """Until one of libFuzzer's limits, or something wrong, which is put beside the module.

    What is new is added to the folder of ``inputs``.
    """
    return _run(target, *limits, f"-max_len={LONGEST}", str(inputs))


def merge(target: Target, inputs: Path, longest: int) -> list[bytes]:
    """The fewest of the inputs, none longer, that get as far as all of them."""
    with tempfile.TemporaryDirectory() as least:
        _run(target, "-merge=1", f"-max_len={longest}", least, str(inputs))
        return [file.read_bytes() for file in Path(least).iterdir()]


def renew(target: Target) -> None:
    """What got further since becomes a part of the corpus."""
    keep(merge(target, target.folder / "corpus", LONGEST_KEPT))


def _run(target: Target, *arguments: str) -> Round:
    options = ["-print_final_stats=1", "-detect_leaks=1", f"-artifact_prefix={target.folder}/"]
    done = subprocess.run(
        [str(target.folder / "parser_fuzz"), *options, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    said = done.stderr.decode(errors="replace")
    covered = _COVERED.findall(said) or [("0", "0")]
    wrong = _WRONG.findall(said)
    if done.returncode and not wrong:
        wrong = [f"ended with {done.returncode}: {said[-500:]}"]
    return Round(
        int(found[1]) if (found := _EXECUTED.search(said)) else 0,
        int(covered[-1][0]),
        int(covered[-1][1]),
        tuple(wrong),
    )
