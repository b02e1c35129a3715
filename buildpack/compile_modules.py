"""Makes bytecode: ``python -I -S -B compile_modules.py FLAGS`` with names on standard input.

Run by the app's Python (3.9 to 3.14), whose bytecode it must be; imported by nobody. FLAGS are
those of PEP 552, as a number; the names of the modules end in null bytes. A module that can't be
compiled is left alone: it may never be imported. Python's compileall does the same, at twice the
cost: it loads much, and writes each file under another name first.
"""

import importlib.util
import marshal
import os
import sys


def compile_module(path: str, flags: bytes) -> None:
    with open(path, "rb") as opened:  # noqa: PTH123  (pathlib costs more than a module's bytecode)
        source = opened.read()
        mode = os.fstat(opened.fileno()).st_mode & 0o666
    code = compile(source, path, "exec", dont_inherit=True)
    head = importlib.util.MAGIC_NUMBER + flags + importlib.util.source_hash(source)
    target = importlib.util.cache_from_source(path)
    replace(target, mode | 0o200, head + marshal.dumps(code))


def replace(path: str, mode: int, content: bytes) -> None:
    """A new file: never through a link, or into a file that has another name elsewhere."""
    make = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        descriptor = os.open(path, make, mode)
    except FileNotFoundError:
        os.mkdir(os.path.dirname(path))  # noqa: PTH102, PTH120  (as above)
        descriptor = os.open(path, make, mode)
    except FileExistsError:
        os.unlink(path)  # noqa: PTH108  (as above)
        descriptor = os.open(path, make, mode)
    with open(descriptor, "wb") as opened:  # noqa: PTH123  (as above)
        opened.write(content)


def main() -> None:
    flags = int(sys.argv[1]).to_bytes(4, "little")
    for name in sys.stdin.buffer.read().split(b"\0")[:-1]:
        try:
            compile_module(os.fsdecode(name), flags)
        # What code does to the compiler has no end: too deep, too much, not decodable.
        except Exception:  # noqa: BLE001
            continue


if __name__ == "__main__":
    main()
