"""What a server made of a case, in a few words that any server's answer has.

"200 kept" is as the case wants it where that says 200; "200 host='b', closed" is not the same.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from harness.answers import Answer
from harness.case import Case, Step
from harness.play import Received

COMPARED = ("method", "path", "query", "host", "body", "fields")
"""What of Seen isn't the server's own: a proxy may speak another version."""


def wanted(case: Case) -> str:
    """The outcome that the case asks for."""
    statuses = [str(answer.status) for answer in case.answers]
    kept = bool(case.answers) and case.answers[-1].kept and Step.CUT not in case.sent
    return ", ".join([*statuses, "kept" if kept else "closed"])


def outcome(case: Case, received: Received, *, first_only: bool = False) -> str:
    """The same of what was ``received``, where "kept" is that the probe was answered.

    ``first_only`` is for a server that closes each connection: no more than its first answer.
    """
    answers = list(_answers(case, received.answers))
    end = "closed" if received.closed else "waits"
    if not answers:
        return "no HTTP" if received.answers else end
    kept = answers[-1][1] is not None and answers[-1][1].get("path") == "/probe"
    own = answers[:-1] if kept else answers
    told = [_told(case, number, *answer) for number, answer in enumerate(own)]
    if first_only:
        finals = [each for each in told if each != "100"]
        return finals[0] if finals else end
    return ", ".join([*told, "kept" if kept else end])


def _answers(case: Case, received: bytes) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Status and echo document of each answer."""
    number = 0
    while received.startswith(b"HTTP/1."):
        head, _, rest = received.partition(b"\r\n\r\n")
        status = head[9:12].decode("latin-1")
        given = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        bare = status in ("100", "204", "304") or _bare(case.answers, number)
        length = 0 if bare else int(given[1]) if given else len(rest)
        yield status, _document(rest[:length])
        received = rest[length:]
        number += 1


def _bare(answers: tuple[Answer, ...], number: int) -> bool:
    return number < len(answers) and answers[number].bare


def _document(body: bytes) -> dict[str, Any] | None:
    if not body.startswith(b"{"):
        return None
    document: dict[str, Any] = json.loads(body)
    return document


def _told(case: Case, number: int, status: str, document: dict[str, Any] | None) -> str:
    expected = case.answers[number].seen if number < len(case.answers) else None
    if document is None or expected is None:
        return status
    right = asdict(expected)
    other = [f"{key}={document[key]!r}" for key in COMPARED if document[key] != right[key]]
    return " ".join([status, *other])
