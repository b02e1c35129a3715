"""The app's Procfile: what is read, and every way in which it can be wrong."""

from pathlib import Path

import pytest

from buildpack.errors.procfile import BadProcfile
from buildpack.procfile import LARGEST, Entry, read_procfile


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("", []),
        ("\n  \n# web: nothing\n\t# more\n", []),
        ("web: gunicorn main:app\n", [("web", "gunicorn main:app", 1)]),
        ("web:gunicorn main:app", [("web", "gunicorn main:app", 1)]),
        ("  web :\tgunicorn -b :$PORT  \n", [("web", "gunicorn -b :$PORT", 1)]),
        (
            "web: a\r\n\r\nworker: b --url http://x:1/\r\n",
            [("web", "a", 1), ("worker", "b --url http://x:1/", 3)],
        ),
        ("\ufeffweb: a\n", [("web", "a", 1)]),
        ("a.b-c_D9: x # no comment\n", [("a.b-c_D9", "x # no comment", 1)]),
        ("release: flask db upgrade\nclock: a; b && c\tx\n",
         [("release", "flask db upgrade", 1), ("clock", "a; b && c\tx", 2)]),
        ("worker: a \u2028 \x85 é \\x41 \\\\\n", [("worker", "a \u2028 \x85 é \\x41 \\\\", 1)]),
    ],
)  # fmt: skip
def test_what_is_read(tmp_path: Path, text: str, entries: list[tuple[str, str, int]]) -> None:
    (tmp_path / "Procfile").write_bytes(text.encode())
    assert read_procfile(tmp_path) == tuple(Entry(*entry) for entry in entries)


@pytest.mark.parametrize(
    ("command", "keeps"),
    [
        ("python worker.py", False),
        ("exec python worker.py", False),
        ("X=1 python worker.py 2>&1", False),
        ("python 'a; b' --x \"c && d\" # e; f", False),
        ("cd jobs && python worker.py", True),
        ("cd jobs && exec python worker.py", False),
        ("flask db upgrade; flask seed", True),
        ("a || b", True),
        ("cat x | python worker.py", False),
        ("python 'worker", False),
    ],
)
def test_who_keeps_the_shell(command: str, keeps: bool) -> None:
    assert Entry("worker", command, 1).keeps_the_shell is keeps


@pytest.mark.parametrize(
    ("command", "script"),
    [
        ("gunicorn main:app", "exec gunicorn main:app"),
        ("./bin/run.sh --all >&2", "exec ./bin/run.sh --all >&2"),
        ("A=1 B_2=x:y,z  python 'a; b'", "A=1 B_2=x:y,z  exec python 'a; b'"),
        *((same, same) for same in (
            "A='1 2' python x", "A=1", "A=1 $B x", "exec python x", "cd x", "if true", ". ./env",
            "a && b", "a; b", "a & b", "a | b", "(a)", "a $(b)", "'a", '"a b" c', "$PROGRAM", "{ a",
        )),
    ],
)  # fmt: skip
def test_a_single_program_takes_the_shells_place(command: str, script: str) -> None:
    assert Entry("worker", command, 1).script() == script


def test_there_is_none(tmp_path: Path) -> None:
    assert read_procfile(tmp_path) == ()
    (tmp_path / "Procfile").mkdir()
    assert read_procfile(tmp_path) == ()


NAMES = "a name is of letters, digits, dots, hyphens and underscores"
COLON = "there is no colon behind the first word"
TAKEN = "each image has a command of this name: take another"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"web gunicorn\n", [f"Procfile:1: 'web gunicorn': {COLON}"]),
        (b"x: a\n web \n", [f"Procfile:2: 'web': {COLON}"]),
        (b": a\n", [f"Procfile:1: ': a': {NAMES}"]),
        (b"../x: a\n", [f"Procfile:1: '../x: a': {NAMES}"]),
        (b"a main:c\n", [f"Procfile:1: 'a main:c': {COLON}"]),
        ("wörker: a\n".encode(), [f"Procfile:1: 'wörker: a': {NAMES}"]),
        (b"web:\n", ["Procfile:1: 'web:': there is no command behind the colon"]),
        (b"web: a\0b\n", [r"Procfile:1: 'web: a\x00b': a control character in the command"]),
        (b"web: a\rb: c\n", [r"Procfile:1: 'web: a\rb: c': a control character in the command"]),
        (b"web: a\n\nweb: b\n", ["Procfile:3: 'web: b': line 1 has this name already"]),
        (b"flask: flask run\n", [f"Procfile:1: 'flask: flask run': {TAKEN}"]),
        (b"python: a\nlauncher: b\n",
         [f"Procfile:1: 'python: a': {TAKEN}", f"Procfile:2: 'launcher: b': {TAKEN}"]),
        (b"web: a\nworker: \xff\n", ["Procfile:2: not UTF-8"]),
        (b"x: " + b"a" * LARGEST, ["Procfile: 65539 bytes, and 65536 are read at most"]),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, content: bytes, found: list[str]) -> None:
    (tmp_path / "Procfile").write_bytes(content)
    with pytest.raises(BadProcfile) as caught:
        read_procfile(tmp_path)
    lines = "\n".join(f"  {line}" for line in found)
    assert caught.value.explanation.render() == (
        f"""\
Error: Procfile can't be understood

Each line of it is a process: a name, a colon, a command.

Found:
{lines}

What to do:
  1. Write it like this, into Procfile:
     web: gunicorn main:app
     worker: python worker.py
  2. Or remove Procfile: the image serves the app without it.
"""
    )
