"""Reads from a shared object what the build promises about it.

ELF 64-bit little-endian, as in the System V ABI's generic part (gABI, chapters 4 and 5):
the section header table gives .dynsym and .dynamic, the program headers the rest.
"""

import struct
from dataclasses import dataclass

from .failure import EngineError

_SECTION = struct.Struct("<IIQQQQIIQQ")
_PROGRAM = struct.Struct("<IIQQQQQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_DYNAMIC = struct.Struct("<QQ")
_SHT_DYNAMIC, _SHT_DYNSYM = 6, 11
_DT_NEEDED, _DT_FLAGS = 1, 30
_DF_BIND_NOW = 8
_PT_GNU_STACK, _PT_GNU_RELRO = 0x6474E551, 0x6474E552
_PF_X = 1
# What the manylinux policy lets an extension need, of which the engine needs no more.
_LIBC = {"libc.so.6", "ld-linux-aarch64.so.1"}


@dataclass(frozen=True)
class SharedObject:
    """``defined`` and ``undefined`` are names of dynamic symbols, ``needed`` of libraries."""

    defined: frozenset[str]
    undefined: frozenset[str]
    needed: tuple[str, ...]
    binds_now: bool
    relro: bool
    executable_stack: bool


def read(data: bytes) -> SharedObject:
    """The facts in the bytes of a shared object; EngineError where it is none."""
    if data[:6] != b"\x7fELF\x02\x01":
        raise EngineError("the compiler made no 64-bit little-endian ELF file")
    try:
        return _read(data)
    except (struct.error, IndexError, ValueError, OverflowError) as problem:
        raise EngineError(f"the compiled module is damaged: {problem}") from problem


def check_module(data: bytes, init: str) -> None:
    """Raises EngineError unless the object is a hardened extension module with ``init``.

    An object without its init function links, packs and installs without a complaint;
    only the import fails.
    """
    found = read(data)
    problems = {
        f"{init} is not defined": init not in found.defined,
        f"needs {found.needed}": not set(found.needed) <= _LIBC,
        "symbols are not bound at load time": not found.binds_now,
        "relocations stay writable": not found.relro,
        "the stack is executable": found.executable_stack,
        "the stack has no protector": "__stack_chk_fail" not in found.undefined,
    }
    if wrong := [text for text, is_so in problems.items() if is_so]:
        raise EngineError(f"the compiled module is not what it should be: {'; '.join(wrong)}")


def _read(data: bytes) -> SharedObject:
    program_at, section_at = struct.unpack_from("<QQ", data, 32)
    program_size, programs, section_size, sections = struct.unpack_from("<HHHH", data, 54)
    headers = [_SECTION.unpack_from(data, section_at + i * section_size) for i in range(sections)]
    segments = [_PROGRAM.unpack_from(data, program_at + i * program_size) for i in range(programs)]
    defined: set[str] = set()
    undefined: set[str] = set()
    needed: list[str] = []
    flags = 0
    for _, kind, _, _, offset, size, link, *_ in headers:
        if kind not in (_SHT_DYNSYM, _SHT_DYNAMIC):
            continue
        names_at = headers[link][4]
        table = data[offset : offset + size]
        if kind == _SHT_DYNSYM:
            for name, _, _, section, _, _ in _SYMBOL.iter_unpack(table):
                (defined if section else undefined).add(_text(data, names_at + name))
        else:
            for tag, value in _DYNAMIC.iter_unpack(table):
                if tag == _DT_NEEDED:
                    needed.append(_text(data, names_at + value))
                elif tag == _DT_FLAGS:
                    flags = value
    return SharedObject(
        frozenset(defined),
        frozenset(undefined - {""}),
        tuple(needed),
        bool(flags & _DF_BIND_NOW),
        any(segment[0] == _PT_GNU_RELRO for segment in segments),
        not any(segment[0] == _PT_GNU_STACK and not segment[1] & _PF_X for segment in segments),
    )


def _text(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at)].decode()
