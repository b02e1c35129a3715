"""The raw-socket cases, by what of a request they are about."""

from harness.case import Case
from harness.cases import chunks, connections, fields, hosts, lengths, limits, request_line

CASES: tuple[Case, ...] = (
    *request_line.CASES,
    *hosts.CASES,
    *fields.CASES,
    *lengths.CASES,
    *chunks.CASES,
    *connections.CASES,
    *limits.CASES,
)
