"""What lies in the app's folder, and so in the image, and belongs into a binding."""

import re
from collections.abc import Iterator
from pathlib import Path

FILES = (
    *("pip.conf", ".pip/pip.conf", ".config/pip/pip.conf", ".netrc", ".pypirc", "uv.toml"),
    *("auth.toml", ".git-credentials", ".git/config"),
)
"""Where tools keep logins: pip, netrc's readers, twine, uv, Poetry, git. None of them is read for
the build."""

LARGEST = 100_000
"""Bytes of a file that are looked at."""

_SECRET = re.compile(
    r"://[^/\s:@]*:(?!\$)[^/\s@]+@"  # a user and a password
    r"|://(?=[^/\s@]*\d)[\w-]{20,}@"  # a token in the user's place; a name alone is no secret
    r"|^[ \t]*(?:password|token)[ \t]*[=:][ \t]*[\"']?[^\s\"'$]"
    r"|\bpassword\s+[^\s=:\"$]"
    r"|\bauthorization:\s*(?:basic|bearer)\s+\w",
    re.IGNORECASE | re.MULTILINE,
)


def in_the_app(app_dir: Path) -> tuple[str, ...]:
    """What to warn about, nothing secret in it."""
    return (*_bindings(app_dir), *_logins(app_dir))


def _bindings(app_dir: Path) -> Iterator[str]:
    for kind in sorted((app_dir / "bindings").glob("*/type")):
        yield (
            f"bindings/{kind.parent.name}/ is part of the app, so the image will hold it and what"
            " is secret in it: move it out of the app's folder (docs/private-indexes.md)"
        )


def _logins(app_dir: Path) -> Iterator[str]:
    for name in FILES:
        text = _beginning(app_dir / name)
        if found := _SECRET.search(text):
            line = text.count("\n", 0, found.end()) + 1
            yield (
                f"{name}:{line}: a password or token stands in it. The file is part of the app, so"
                " the image will hold it, and the build doesn't use it: leave it out (exclude in"
                " project.toml), and give the build what it needs in a binding"
                " (docs/private-indexes.md)"
            )


def _beginning(file: Path) -> str:
    try:
        if not file.is_file():
            return ""
        with file.open("rb") as stream:
            return stream.read(LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""
