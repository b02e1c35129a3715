"""What a wheel is built for besides a Python: a machine, a C library, and their names."""

from dataclasses import dataclass

ARCHES = ("x86_64", "aarch64")
LIBCS = ("glibc", "musl")
GLIBC = "2.17"
MUSL = "1.2"
"""The oldest releases of the C libraries that wheels run on (PEP 600, PEP 656)."""


@dataclass(frozen=True)
class Target:
    """``arch`` is one of ARCHES, ``libc`` one of LIBCS."""

    arch: str
    libc: str

    @property
    def triple(self) -> str:
        """The compiler's name for it."""
        libc = f"gnu.{GLIBC}" if self.libc == "glibc" else "musl"
        return f"{self.arch}-linux-{libc}"

    @property
    def platforms(self) -> tuple[str, ...]:
        """Its platform tags in a wheel's name."""
        if self.libc == "glibc":
            return f"manylinux_{_tag(GLIBC)}_{self.arch}", f"manylinux2014_{self.arch}"
        return (f"musllinux_{_tag(MUSL)}_{self.arch}",)

    @property
    def libraries(self) -> frozenset[str]:
        """The shared libraries that a module may need; the loader stands for itself."""
        if self.libc == "glibc":
            return frozenset({"libc.so.6", "ld-linux-aarch64.so.1"})
        return frozenset({"libc.so"})

    @property
    def protections(self) -> frozenset[str]:
        """What the module says that its jumps and returns bear: CET, or its like on ARM."""
        pairs = {"x86_64": ("IBT", "SHSTK"), "aarch64": ("BTI", "PAC")}
        return frozenset(pairs[self.arch])

    def module_file(self, minor: int) -> str:
        """The compiled module's file name for Python 3.``minor``.

        On musl only the bare suffix is looked for by all: what else stands in the name
        there depends on who built the interpreter (up to Python 3.10 it says gnu).
        """
        if self.libc == "glibc":
            return f"server.cpython-3{minor}-{self.arch}-linux-gnu.so"
        return "server.so"


def _tag(version: str) -> str:
    return version.replace(".", "_")
