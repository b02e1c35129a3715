"""What scripts/soak starts: sees to the tools, and hands over to the Python that has them."""

import os
from typing import NoReturn

from benchmarks.soak import matrix
from benchmarks.soak.containers import parse as parse_containers
from benchmarks.soak.inside import parse
from scripts.toolchain import cache, checks, clang, devenv, program, setup


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["containers"]:
        parse_containers(arguments[1:])
        containers(arguments[1:])
    asked = parse(arguments)
    site = setup.site()
    with cache.locked(site.cache):
        python = devenv.ready(site)
        devenv.compiler(site)
        tests = {"series", matrix.PART} & set(asked.part)
        if "valgrind" in asked.flavour or tests:
            devenv.valgrind(site)
        if "parser" in asked.part or tests:
            site.env["FLASKPACK_CLANG"] = str(clang.ready(site))
    command = [str(python), "-B", "-m", "benchmarks.soak.inside", *arguments]
    os.execve(python, command, site.env)


def containers(arguments: list[str]) -> NoReturn:
    """These need an engine, pack and a builder, as tests do."""
    tools = setup.set_up()
    environment = tools.site.env | checks.for_tests(tools)
    command = [str(tools.python), "-B", "-m", "benchmarks.soak.containers", *arguments]
    os.execve(command[0], command, environment)


if __name__ == "__main__":
    program.run(main)
