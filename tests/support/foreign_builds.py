"""Source distributions whose builds fail in the build image for a reason of their own."""

from support.package_index import Package, sdist

RUN = "import subprocess\nsubprocess.run({command!r}, check=True)"
COMPILE = """
import pathlib, subprocess
pathlib.Path("x.c").write_text({source!r})
subprocess.run({command!r}, check=True)
"""
INCLUDE = "#include <{header}>\nint main(void) {{ return 0; }}\n"
LARGE = "".join(f"int x{n} = {n};\n" for n in range(2000))


def _runs(name: str, *command: str) -> Package:
    return sdist(name, "1.0", RUN.format(command=list(command)))


def _compiles(name: str, source: str, *command: str) -> Package:
    return sdist(name, "1.0", COMPILE.format(source=source, command=[*command, "x.c"]))


FOREIGN_BUILDS = (
    sdist("broken", "1.0", 'raise RuntimeError("out of order")'),
    sdist("old", "1.0", "from distutils.core import setup"),
    _compiles("clanged", INCLUDE.format(header="stdio.h"), "clang", "-c"),
    _compiles("headed", INCLUDE.format(header="ldap.h"), "gcc", "-c"),
    _compiles("large", LARGE, "gcc", "-c"),
    _compiles("wrong", "int main(void) { return nothing; }\n", "gcc", "-c"),
    sdist(
        "linked",
        "1.0",
        COMPILE.format(
            source=INCLUDE.format(header="stdio.h"), command=["gcc", "x.c", "-lsnappy", "-o", "x"]
        ),
    ),
    _runs("configured", "pkg-config", "--print-errors", "--exists", "xmlsec1"),
    _runs("swigged", "swig", "-version"),
)
