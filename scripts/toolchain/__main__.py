"""The commands of scripts/."""

from pathlib import Path

from scripts.toolchain import bare, docker, program, release, say
from scripts.toolchain.checks import check
from scripts.toolchain.errors import SetupError
from scripts.toolchain.setup import BUILDER, set_up, site
from scripts.toolchain.try_out import try_out


def main(command: str, arguments: list[str]) -> int:
    if command == "test":
        return check(set_up(for_tests=True), arguments)
    if command == "bare":
        return bare.run(site(), arguments)
    if command == "setup":
        set_up(**options(arguments))
        return 0
    if command == "package" and arguments == ["--release"]:
        say.line(f"Wheels: {release.make(set_up())}")
        return 0
    if arguments:
        raise SetupError(
            f"scripts/{command} doesn't know {' '.join(arguments)}", f"See scripts/{command} --help"
        )
    if command == "try":
        try_out(set_up())
    elif command == "package":
        say.line(f"Buildpack: {set_up().buildpack}\nBuilder:   {BUILDER}")
    elif command == "stop":
        docker.stop(site().cache)
    else:
        raise SetupError(f"There is no command {command}", f"See {Path(__file__).parents[1]}")
    return 0


def options(arguments: list[str]) -> dict[str, bool]:
    """scripts/setup's, as set_up takes them."""
    known = {"--builders": "builders", "--renew": "renew"}
    if unknown := [argument for argument in arguments if argument not in known]:
        raise SetupError(
            f"scripts/setup doesn't know {' '.join(unknown)}", f"It takes {' and '.join(known)}"
        )
    return {known[argument]: True for argument in arguments}


if __name__ == "__main__":
    program.run(lambda words: main(words[0], words[1:]))
