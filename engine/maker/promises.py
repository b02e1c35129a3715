"""What a compiled module must be before it may go into a wheel."""

import re

from . import elf
from .failure import EngineError
from .target import GLIBC, Target

INIT = "PyInit_server"


def check(data: bytes, target: Target) -> None:
    """Raises EngineError unless the bytes are the hardened extension module for ``target``.

    An object without its init function links, packs and installs without a complaint;
    only the import fails.
    """
    if wrong := broken(elf.read(data), target):
        raise EngineError(f"the compiled module is not what it should be: {'; '.join(wrong)}")


def broken(found: elf.SharedObject, target: Target) -> list[str]:
    """Each promise that doesn't hold, in words."""
    unprotected = sorted(target.protections - found.protections)
    newer = sorted(name for name in found.versions if not _is_old_enough(name))
    problems = {
        f"it is for {found.arch}": found.arch != target.arch,
        f"{INIT} is not defined": INIT not in found.defined,
        f"exports more than {INIT}": not found.defined <= {INIT},
        f"needs {found.needed}": not set(found.needed) <= target.libraries,
        f"needs {newer}": bool(newer),
        f"looks for libraries in {found.search_path}": bool(found.search_path),
        "symbols are not bound at load time": not found.binds_now,
        "relocations stay writable": not found.relro,
        "code is relocated": found.text_relocations,
        "the stack is executable": found.executable_stack,
        "the stack has no protector": "__stack_chk_fail" not in found.undefined,
        # musl has no checked variants.
        "calls of libc are not fortified": target.libc == "glibc" and not _fortified(found),
        "asserts are compiled in": "__assert_fail" in found.undefined,
        f"not all code bears {unprotected}": bool(unprotected),
    }
    return [text for text, is_so in problems.items() if is_so]


def _fortified(found: elf.SharedObject) -> bool:
    return found.fortified >= {"__read_chk", "__vsnprintf_chk"}


def _is_old_enough(version: str) -> bool:
    number = version.removeprefix("GLIBC_")
    return re.fullmatch(r"[\d.]+", number) is not None and _parts(number) <= _parts(GLIBC)


def _parts(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]
