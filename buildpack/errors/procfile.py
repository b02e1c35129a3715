"""What can be wrong with a Procfile."""

from collections.abc import Sequence

from buildpack.errors import Explanation, FlaskpackError


class BadProcfile(FlaskpackError):
    """Lines that name no process; ``found`` begins each with file and line."""

    def __init__(self, found: Sequence[str]) -> None:
        super().__init__(
            Explanation(
                title="Procfile can't be understood",
                happened="Each line of it is a process: a name, a colon, a command.",
                found=tuple(found),
                remedies=(
                    "Write it like this, into Procfile:\n"
                    "web: gunicorn main:app\n"
                    "worker: python worker.py",
                    "Or remove Procfile: the image serves the app without it.",
                ),
            )
        )
