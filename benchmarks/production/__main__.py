"""What scripts/soak starts for these: sees to the tools, and hands over to the Python with them."""

import os

from benchmarks.production.inside import parse
from scripts.toolchain import cache, checks, peers, program
from scripts.toolchain.setup import set_up


def main(arguments: list[str]) -> None:
    parse(arguments)
    tools = set_up()
    with cache.locked(tools.site.cache):
        peers.ready(tools.site)
    env = tools.site.env | checks.for_tests(tools)
    command = [str(tools.python), "-B", "-m", "benchmarks.production.inside", *arguments]
    os.execve(tools.python, command, env)


if __name__ == "__main__":
    program.run(main)
