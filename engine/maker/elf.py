"""Reads from a shared object what the build promises about it.

ELF 64-bit little-endian, as in the System V ABI's generic part (gABI, chapters 4 and 5):
the section header table gives .dynsym, .dynamic and the versions needed of each library
(those as in the LSB's core specification), the program headers the rest. The properties
are those of the psABIs of x86-64 and AArch64.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from .failure import EngineError

_SECTION = struct.Struct("<IIQQQQIIQQ")
_PROGRAM = struct.Struct("<IIQQQQQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_DYNAMIC = struct.Struct("<QQ")
_NEED = struct.Struct("<HHIII")
_NEEDED_VERSION = struct.Struct("<IHHII")
_NOTE = struct.Struct("<III")
_PROPERTY = struct.Struct("<II")
_SHT_DYNAMIC, _SHT_DYNSYM, _SHT_VERNEED = 6, 11, 0x6FFFFFFE
_DT_NEEDED, _DT_RPATH, _DT_TEXTREL, _DT_RUNPATH, _DT_FLAGS = 1, 15, 22, 29, 30
_DF_TEXTREL, _DF_BIND_NOW = 4, 8
_PT_GNU_STACK, _PT_GNU_RELRO, _PT_GNU_PROPERTY = 0x6474E551, 0x6474E552, 0x6474E553
_PF_X = 1
_MACHINES = {62: "x86_64", 183: "aarch64"}
# (property, bit): its name
_PROTECTIONS = {
    (0xC0000002, 1): "IBT",
    (0xC0000002, 2): "SHSTK",
    (0xC0000000, 1): "BTI",
    (0xC0000000, 2): "PAC",
}


@dataclass(frozen=True)
class SharedObject:
    """What stands in a shared object.

    ``defined`` and ``undefined`` are names of dynamic symbols, ``needed`` of libraries,
    ``versions`` of symbol versions ("GLIBC_2.4"); ``search_path`` is RPATH or RUNPATH;
    ``protections`` are those of IBT, SHSTK, BTI and PAC that all of its code bears.
    """

    arch: str
    defined: frozenset[str]
    undefined: frozenset[str]
    needed: tuple[str, ...]
    versions: frozenset[str]
    search_path: str
    protections: frozenset[str]
    binds_now: bool
    relro: bool
    text_relocations: bool
    executable_stack: bool

    @property
    def fortified(self) -> frozenset[str]:
        """The checked variants of libc's functions that it calls."""
        checked = {name for name in self.undefined if name.endswith("_chk")}
        return frozenset(checked)


def read(data: bytes) -> SharedObject:
    """The facts in the bytes of a shared object; EngineError where it is none."""
    if data[:6] != b"\x7fELF\x02\x01":
        raise EngineError("the compiler made no 64-bit little-endian ELF file")
    try:
        return _read(data)
    except (struct.error, IndexError, ValueError, OverflowError) as problem:
        raise EngineError(f"the compiled module is damaged: {problem}") from problem


def _read(data: bytes) -> SharedObject:
    (machine,) = struct.unpack_from("<H", data, 18)
    program_at, section_at = struct.unpack_from("<QQ", data, 32)
    program_size, programs, section_size, sections = struct.unpack_from("<HHHH", data, 54)
    headers = [_SECTION.unpack_from(data, section_at + i * section_size) for i in range(sections)]
    segments = [_PROGRAM.unpack_from(data, program_at + i * program_size) for i in range(programs)]
    defined: set[str] = set()
    undefined: set[str] = set()
    versions: set[str] = set()
    dynamic: list[tuple[int, int]] = []
    names_at = 0
    for _, kind, _, _, offset, size, link, *_ in headers:
        table = data[offset : offset + size]
        if kind == _SHT_DYNSYM:
            for name, _, _, section, _, _ in _SYMBOL.iter_unpack(table):
                (defined if section else undefined).add(_text(data, headers[link][4] + name))
        elif kind == _SHT_DYNAMIC:
            dynamic, names_at = list(_DYNAMIC.iter_unpack(table)), headers[link][4]
        elif kind == _SHT_VERNEED:
            versions |= {_text(data, headers[link][4] + name) for name in _versions(table)}
    flags = dict(dynamic)
    path = next((value for tag, value in dynamic if tag in (_DT_RPATH, _DT_RUNPATH)), None)
    return SharedObject(
        arch=_MACHINES.get(machine, f"machine {machine}"),
        defined=frozenset(defined),
        undefined=frozenset(undefined - {""}),
        needed=tuple(_text(data, names_at + value) for tag, value in dynamic if tag == _DT_NEEDED),
        versions=frozenset(versions),
        search_path="" if path is None else _text(data, names_at + path),
        protections=frozenset(_protections(data, segments)),
        binds_now=bool(flags.get(_DT_FLAGS, 0) & _DF_BIND_NOW),
        relro=any(segment[0] == _PT_GNU_RELRO for segment in segments),
        text_relocations=_DT_TEXTREL in flags or bool(flags.get(_DT_FLAGS, 0) & _DF_TEXTREL),
        executable_stack=not any(
            segment[0] == _PT_GNU_STACK and not segment[1] & _PF_X for segment in segments
        ),
    )


def _versions(table: bytes) -> Iterator[int]:
    """Where in the string table the names of the versions needed stand."""
    at = 0
    while True:
        _, count, _, auxiliary, following = _NEED.unpack_from(table, at)
        version_at = at + auxiliary
        for _ in range(count):
            _, _, _, name, next_version = _NEEDED_VERSION.unpack_from(table, version_at)
            yield name
            version_at += next_version
        if not following:
            return
        at += following


def _protections(data: bytes, segments: list[tuple[int, ...]]) -> Iterator[str]:
    for kind, _, offset, _, _, size, *_ in segments:
        if kind != _PT_GNU_PROPERTY:
            continue
        # One note: its owner's name takes 4 bytes, and properties are padded to 8.
        name_size, length, _ = _NOTE.unpack_from(data, offset)
        at = offset + _NOTE.size + name_size
        end = min(at + length, offset + size)
        while at < end:
            name, value_size = _PROPERTY.unpack_from(data, at)
            bits = int.from_bytes(data[at + 8 : at + 8 + value_size], "little")
            yield from (
                text for (of, bit), text in _PROTECTIONS.items() if of == name and bits & bit
            )
            at += 8 + (value_size + 7) // 8 * 8


def _text(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at)].decode()
