"""From names and addresses in uv's words back to the user's own lines."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from buildpack.requirements.credentials import mask_credentials
from buildpack.requirements.model import Entry, Form, InstallerInput, Origin
from buildpack.requirements.syntax import normalised


class Places:
    """The user's lines, found again; all answers are like ``requirements.txt:3: flask==3.1``."""

    def __init__(self, given: InstallerInput | None) -> None:
        self._given = given

    def entries(self, names: Iterable[str]) -> tuple[Entry, ...]:
        """The requirements and constraints of these names, in the files' order."""
        wanted = {normalised(name) for name in names}
        entries = self._given.entries if self._given else ()
        return tuple(sorted((e for e in entries if e.name in wanted), key=lambda e: e.origin))

    def of_names(self, *names: str) -> tuple[str, ...]:
        """The lines that require or constrain these names."""
        return tuple(_shown(entry.origin, entry.text) for entry in self.entries(names))

    def named_in(self, text: str) -> tuple[str, ...]:
        """The lines of every required name that a text mentions."""
        words = {normalised(word) for word in re.findall(r"[A-Za-z0-9][\w.-]*", text)}
        return self.of_names(*words)

    def of_repositories(self) -> tuple[str, ...]:
        """The lines that require a repository."""
        entries = self._given.entries if self._given else ()
        return tuple(_shown(e.origin, e.text) for e in entries if e.form is Form.VCS)

    def of_host(self, host: str) -> tuple[str, ...]:
        """The lines with an address at this host; credentials are masked."""
        if not host:
            return ()
        return tuple(
            _shown(origin, line) for origin, line in self._lines() if f"//{host}" in _plain(line)
        )

    def at_line(self, file: str, line: int) -> tuple[str, ...]:
        """The user's line for a line of one of the texts that uv got."""
        text, origins = self._text(file)
        lines = text.splitlines()
        if line not in origins or line > len(lines):
            return ()
        return (_shown(origins[line], lines[line - 1]),)

    def at_offset(self, file: str, offset: int) -> tuple[str, ...]:
        """The user's line for a position, in bytes, in one of the texts that uv got."""
        text, _ = self._text(file)
        return self.at_line(file, text.encode()[:offset].count(b"\n") + 1)

    def _text(self, file: str) -> tuple[str, dict[int, Origin]]:
        if not self._given:
            return "", {}
        if PurePosixPath(file).name.startswith("constraints"):
            return self._given.constraints, dict(self._given.constraints_origins)
        return self._given.requirements, dict(self._given.requirements_origins)

    def _lines(self) -> Iterable[tuple[Origin, str]]:
        for file in ("requirements.txt", "constraints.txt"):
            text, origins = self._text(file)
            for number, line in enumerate(text.splitlines(), start=1):
                if number in origins:
                    yield origins[number], line


def _shown(origin: Origin, text: str) -> str:
    return f"{origin}: {mask_credentials(_as_written(_short(text)))}"


def _short(text: str) -> str:
    """A line with many hashes, as a locked one has a hundred, in a form to read."""
    count = text.count("--hash")
    return f"{text.partition('--hash')[0].rstrip()} ({count} hashes)" if count > 1 else text


def _as_written(text: str) -> str:
    return text.replace("FLASKPACK_REQUIREMENT_", "")


def _plain(line: str) -> str:
    return re.sub(r"//[^/\s@]*@", "//", line)
