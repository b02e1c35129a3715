"""What scripts/soak starts: sees to the tools, and hands over to the Python that has them."""

import os
import shutil
import sys

from benchmarks.soak.inside import parse
from scripts.toolchain import cache, devenv, machine, setup
from scripts.toolchain.errors import SetupError


def main(arguments: list[str]) -> None:
    asked = parse(arguments)
    site = setup.site()
    with cache.locked(site.cache):
        python = devenv.ready(site)
        devenv.compiler(site)
        if "valgrind" in asked.flavour and not shutil.which("valgrind"):
            machine.install(["valgrind"], site, "valgrind")
    command = [str(python), "-B", "-m", "benchmarks.soak.inside", *arguments]
    os.execve(python, command, site.env)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetupError as problem:
        sys.exit(f"Error: {problem}")
