"""A process of the app's Procfile, up to the moment it becomes its command."""

from pathlib import Path

import pytest
from support.launch import SHELLS, Image, make_image

from buildpack.procfile import Entry

LEAST = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
GIVEN = "8080" if LEAST else "80"


@pytest.fixture(params=SHELLS)
def image(request: pytest.FixtureRequest, tmp_path: Path) -> Image:
    made = make_image(tmp_path, request.param)
    if request.param == "dash":  # as on a run image without bash
        (tmp_path / "bin" / "sh").symlink_to(tmp_path / "sh")
    return made


def declared(image: Image, name: str, command: str, *arguments: str, **env: str) -> list[str]:
    """What gunicorn is given by an entry of the Procfile; it has to be the process itself."""
    script = Entry(name, command, 1).script()
    (image.launch / "procfile").mkdir(exist_ok=True)
    (image.launch / "procfile" / name).write_text(f"{script}\n")
    outcome = image.run(name, *arguments, program="command", **env)
    server = outcome.became()
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")
    assert server.pid == outcome.pid
    assert server.cwd == str(image.app)
    assert server.env["APP_MODULE"] == "app.main:app"
    assert server.env["FLASK_APP"] == "app.main:app"
    return server.argv


@pytest.mark.parametrize(
    ("command", "argv"),
    [
        ("gunicorn main:app", ["main:app"]),
        ("exec gunicorn main:app", ["main:app"]),
        ("X=1; cd . && exec gunicorn -b ':$PORT' \"$X  y\"", ["-b", ":$PORT", "1  y"]),
        ("X=1 gunicorn x >&2", ["x"]),
        (r"gunicorn '\x41' \\ * # comment", [r"\x41", "\\", "*"]),
        ('gunicorn "$0" "$@"', ["worker", "a b", "*"]),
    ],
)
def test_it_becomes_its_command(image: Image, command: str, argv: list[str]) -> None:
    assert declared(image, "worker", command, "a b", "*") == argv


@pytest.mark.parametrize(("name", "port"), [("web", GIVEN), ("worker", "")])
def test_web_is_told_a_port(image: Image, name: str, port: str) -> None:
    assert declared(image, name, 'gunicorn "${PORT-}"') == [port]
    assert declared(image, name, 'gunicorn "${PORT-}"', PORT="5000") == ["5000"]


def test_it_ends_as_its_command_does(image: Image) -> None:
    (image.launch / "procfile").mkdir()
    (image.launch / "procfile" / "release").write_text("(exit 3)\n")
    assert image.run("release", program="command").code == 3
