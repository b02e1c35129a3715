"""The one exception of this package: something that is needed cannot be had."""


class SetupError(Exception):
    """What failed, and how to get it; shown as one line, without a traceback."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}. {remedy}")
