"""clang with its sanitizers and libFuzzer, which gcc doesn't have."""

import os
import shutil
from pathlib import Path

from scripts.toolchain import cache, debs, machine, say, shell
from scripts.toolchain.errors import SetupError
from scripts.toolchain.site import Site

PACKAGES = {
    "bookworm": (
        *("clang-14", "libclang-common-14-dev", "libclang-cpp14", "libclang-rt-14-dev"),
        *("libllvm14", "libbsd0", "libedit2", "libicu72", "libmd0", "libxml2", "libz3-4"),
    )
}
"""Its parts and what they need besides gcc's, by the suite."""

INSTALLED = ("clang", "libclang-rt-dev")
"""The same in any newer suite, with all that they ask for."""


def ready(site: Site) -> Path:
    """The machine's, else the one of its Debian release: unpacked only where that is known."""
    if found := _found(site):
        return found
    suite = machine.os_release().get("VERSION_CODENAME", "")
    if suite not in PACKAGES:
        machine.install(INSTALLED, site, "clang for the tests")
        if found := _found(site):
            return found
        raise SetupError("clang has no libFuzzer here", "Install one that has it")
    packages = PACKAGES[suite]

    def fill(to: Path) -> None:
        with say.step(f"clang for the tests: unpacking {suite}'s"):
            debs.unpack(site, suite, packages, to)
        _make_program(to)

    place = cache.entry(site.cache, "clang", cache.key_of("clang", *packages), fill)
    return place / "clang"


def _make_program(to: Path) -> None:
    """One that finds its libraries without being installed."""
    (real,) = to.glob("usr/lib/llvm-*/bin/clang")
    program = to / "clang"
    program.write_text(
        "#!/bin/sh\n"
        'here=$(dirname "$(readlink -f "$0")")\n'
        'LD_LIBRARY_PATH=$(echo "$here"/usr/lib/*-linux-gnu) '
        f'exec "$here/{real.relative_to(to)}" "$@"\n'
    )
    program.chmod(0o755)


def _found(site: Site) -> Path | None:
    found = shutil.which("clang", path=site.env.get("PATH"))
    return Path(found) if found and _fuzzes(Path(found)) else None


def _fuzzes(program: Path) -> bool:
    library = f"libclang_rt.fuzzer_no_main-{os.uname().machine}.a"
    return Path(shell.ask([program, f"-print-file-name={library}"]) or "").is_file()
