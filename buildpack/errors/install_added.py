"""Why what Flaskpack itself adds can't be installed, and the words for it."""

from buildpack.errors import Explanation
from buildpack.errors.install import InstallError


class NoSuchAdditionError(InstallError):
    """The user's index hasn't got a package that no line requires.

    ``wanted`` is the requirement (``gunicorn==27.0.1``), ``known`` whether the index has it
    in any version.
    """

    def __init__(self, name: str, wanted: str, *, known: bool) -> None:
        has = f"has {name}, but not {wanted}" if known else f"has no {name}"
        own_version = (f"Write a version that it has into requirements.txt: {name}==VERSION",)
        super().__init__(
            Explanation(
                "the package index lacks what the image needs",
                f"Nobody requires {name}, so Flaskpack adds {wanted}. The package index {has}.",
                (),
                (
                    *(own_version if known else ()),
                    f"If the index is your own, put {wanted} there, and what it depends on.",
                    "Or name an index that has it as well:"
                    " pack build --env PIP_EXTRA_INDEX_URL=https://HOST/simple",
                ),
            )
        )
