"""Makes bytecode: ``python -I -S -B compile_modules.py FLAGS [KNOWN]``, names on standard input.

Run by the app's Python (3.9 to 3.14), whose bytecode it must be; imported by nobody. FLAGS are
those of PEP 552, as a number; the names of the modules end in null bytes. KNOWN is a folder of what
was compiled before, each module in the file of its bucket: what is in it isn't compiled again, and
it is written anew. A module that can't be compiled is left alone: it may never be imported.
Python's compileall does the same, at twice the cost: it loads much, and writes each file under
another name first.
"""

import importlib.util
import marshal
import os
import sys
import zlib

BUCKETS = 8
"""Files of KNOWN: a change rewrites one of them."""

LARGEST = 2_000_000
"""Bytes of a bucket that is kept: the lifecycle archives them all in every build."""

Known = dict[str, tuple[bytes, bytes]]
"""By a module's path: the hash of its source, and its code."""


def bucket_of(path: bytes) -> int:
    return zlib.crc32(path) % BUCKETS


def compile_module(path: str, flags: bytes, known: Known) -> tuple[bytes, bytes]:
    with open(path, "rb") as opened:  # noqa: PTH123  (pathlib costs more than a module's bytecode)
        source = opened.read()
        mode = os.fstat(opened.fileno()).st_mode & 0o666
    hashed = importlib.util.source_hash(source)
    before, code = known.get(path, (b"", b""))
    if before != hashed:
        compiled = compile(source, path, "exec", dont_inherit=True)
        code = marshal.dumps(compiled)
    target = importlib.util.cache_from_source(path)
    replace(target, mode | 0o200, importlib.util.MAGIC_NUMBER + flags + hashed + code)
    return hashed, code


def replace(path: str, mode: int, content: bytes) -> None:
    """A new file: never through a link, or into a file that has another name elsewhere."""
    make = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        descriptor = os.open(path, make, mode)
    except FileNotFoundError:
        # Another process may be at work in the same folder.
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120  (as above)
        descriptor = os.open(path, make, mode)
    except FileExistsError:
        os.unlink(path)  # noqa: PTH108  (as above)
        descriptor = os.open(path, make, mode)
    with open(descriptor, "wb") as opened:  # noqa: PTH123  (as above)
        opened.write(content)


def read_known(path: str) -> Known:
    """What was compiled before by this very Python; nothing where that can't be told."""
    try:
        with open(path, "rb") as opened:  # noqa: PTH123  (as above)
            kept = opened.read()
    except OSError:
        return {}
    magic, hashed, content = kept[:4], kept[4:12], kept[12:]
    # marshal takes nothing on trust but what it wrote itself.
    if magic != importlib.util.MAGIC_NUMBER or hashed != importlib.util.source_hash(content):
        return {}
    known: Known = marshal.loads(zlib.decompress(content))
    return known


def write_known(path: str, known: Known) -> None:
    content = zlib.compress(marshal.dumps(known), 1)
    hashed = importlib.util.source_hash(content)
    if len(content) > LARGEST:
        content = hashed = b""
    try:
        replace(path, 0o644, importlib.util.MAGIC_NUMBER + hashed + content)
    except OSError:  # a full disk: the next build compiles again
        return


def compile_modules(names: "list[bytes]", flags: bytes, before: Known) -> Known:
    known: Known = {}
    for name in names:
        path = os.fsdecode(name)
        try:
            known[path] = compile_module(path, flags, before)
        # What code does to the compiler has no end: too deep, too much, not decodable.
        except Exception:  # noqa: BLE001
            continue
    return known


def main() -> None:
    flags = int(sys.argv[1]).to_bytes(4, "little")
    names = sys.stdin.buffer.read().split(b"\0")[:-1]
    if len(sys.argv) < 3:
        compile_modules(names, flags, {})
        return
    # Buckets without a name here are another process's.
    for bucket in {bucket_of(name) for name in names}:
        file = f"{sys.argv[2]}/{bucket}"
        before = read_known(file)
        known = compile_modules([one for one in names if bucket_of(one) == bucket], flags, before)
        if known != before:
            write_known(file, known)


if __name__ == "__main__":
    main()
