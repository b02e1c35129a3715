"""gunicorn's options, found as gunicorn finds them."""

import pytest
from support.launch import MODULES  # puts MODULES on sys.path

from flaskpack_launch import options  # isort: skip


@pytest.mark.parametrize(
    ("argv", "given", "expected"),
    [
        ([], "", None),
        (["-k", "gthread"], "", "gthread"),
        (["-kgthread"], "", "gthread"),
        (["--worker-class", "gthread"], "", "gthread"),
        (["--worker-class=gthread"], "", "gthread"),
        (["--worker-cl=gthread"], "", "gthread"),
        (["--worker-connections", "9", "--worker-tmp-dir=/x"], "", None),
        (["-k", "sync", "-k", "gthread"], "", "gthread"),
        ([], "-k gthread", "gthread"),
        (["-k", "gthread"], "-k sync", "gthread"),
        ([], "--name 'a -k b' -k gthread", "gthread"),
        ([], "-k 'unfinished", None),
        (["-k"], "", ""),
    ],
)
def test_the_worker_class(argv: list[str], given: str, expected: "str | None") -> None:
    words = options.words(["gunicorn", *argv], {"GUNICORN_CMD_ARGS": given})
    assert options.last(words, "-k", "--worker-cl") == expected


@pytest.mark.parametrize(
    ("argv", "expected"),
    [(["-w", "3"], "3"), (["-w3"], "3"), (["--workers=3"], "3"), (["--worker-class", "x"], None)],
)
def test_the_number_of_workers(argv: list[str], expected: "str | None") -> None:
    assert options.last(argv, "-w", "--workers") == expected


def test_modules_are_where_the_tests_take_them_from() -> None:
    assert options.__file__.startswith(str(MODULES))
