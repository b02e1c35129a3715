"""How a program ends: by its exit code, or by one line."""

import sys
from collections.abc import Callable
from typing import NoReturn

from scripts.toolchain.errors import SetupError


def run(main: Callable[[list[str]], int | None]) -> NoReturn:
    """Hands the command line's words to ``main``, and ends the process."""
    try:
        code = main(sys.argv[1:])
    except SetupError as problem:
        sys.exit(f"Error: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code)
