"""What an app may write to, by the user that a platform runs it as: real images."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from support.packing import Built, Packer, run

PLACES = ("/tmp", "$HOME", "/workspace/instance", "/workspace/data", "/workspace/data/deep")
TRY = "".join(f'touch "{place}/x" 2>/dev/null && echo "{place}"; ' for place in PLACES)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    app = tmp_path_factory.mktemp("app")
    (app / "main.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    (app / "data" / "deep").mkdir(parents=True)
    (app / "data" / "database").write_text("x")
    (app / "instance").mkdir()
    (app / "instance" / "config.py").write_text("x = 1\n")
    (app / "code").mkdir()
    (app / "code" / "module.py").write_text("y = 1\n")
    (app / "code" / "module.py").chmod(0o600)
    (app / "code").chmod(0o500)
    (app / "main.py").chmod(0o664)
    packer = Packer()
    yield packer.build(app, "writable", env={"BP_WRITABLE_DIRS": "data, var/uploads"})
    packer.remove()


def inside(image: str, command: str, *options: str) -> list[str]:
    answer = run("docker", "run", "--rm", *options, image, "sh", "-c", command)
    return answer.stdout.splitlines()


def test_the_log_names_them(built: Built) -> None:
    assert built.exit_code == 0, built.output
    assert "  Writable for every user: data/, var/uploads/\n" in built.log


def test_their_modes_are_in_the_image(built: Built) -> None:
    places = ". * code/* data/* instance/* var/*"
    listed = inside(built.image, f"cd /workspace; stat -c '%a %u:%g %n' {places}")
    assert listed == [
        "755 1001:1000 .",
        "755 1001:1000 __pycache__",
        "755 1001:1000 code",
        "2777 1001:1000 data",
        "2777 1001:1000 instance",
        "644 1001:1000 main.py",
        "755 1001:1000 var",
        "755 1001:1000 code/__pycache__",
        "644 1001:1000 code/module.py",
        "666 1001:1000 data/database",
        "2777 1001:1000 data/deep",
        "2777 1001:1000 instance/__pycache__",
        "666 1001:1000 instance/config.py",
        "2777 1001:1000 var/uploads",
    ]


@pytest.mark.parametrize(
    ("options", "home"),
    [
        ((), "/home/cnb"),
        (("--user", "1002:0"), "/home/cnb"),
        (("--user", "4711:1000"), "/tmp"),
        (("--user", "1000650000:0"), "/tmp"),
        (("--user", "4711:4711"), "/tmp"),
        (("--user", "0"), "/root"),
        (("--user", "4711", "--env", "HOME=/workspace/data"), "/workspace/data"),
    ],
)
def test_whoever_runs_it_can_write_there(built: Built, options: tuple[str, ...], home: str) -> None:
    assert inside(built.image, f"{TRY} echo $HOME", *options) == [
        *(place.replace("$HOME", home) for place in PLACES),
        home,
    ]
    change = "echo y >> /workspace/data/database && echo changed"
    assert inside(built.image, change, *options) == ["changed"]


def test_code_is_not_open(built: Built) -> None:
    change = (
        "for f in main.py new code/module.py code/new; do echo x 2>/dev/null >> $f || echo $f; done"
    )
    for options in ((), ("--user", "4711:0")):
        refused = inside(built.image, change, *options)
        assert [line for line in refused if not line.startswith("sh: ")] == [
            *("main.py", "new", "code/module.py", "code/new")
        ]


def test_a_new_volume_takes_the_folders_mode(built: Built) -> None:
    volume = f"flaskpack-test-{uuid4().hex[:12]}"
    mounted = ("--volume", f"{volume}:/workspace/instance")
    try:
        for user in ("1002", "4711:0"):
            write = f"touch instance/{user} && ls instance"
            seen = inside(built.image, write, *mounted, "--user", user)
        assert seen == ["1002", "4711:0", "__pycache__", "config.py"]
    finally:
        run("docker", "volume", "rm", volume)


def test_a_folder_outside_of_the_app_is_refused(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    packer = Packer()
    try:
        refused = packer.build(tmp_path, "refused", env={"BP_WRITABLE_DIRS": "../data"})
    finally:
        packer.remove()
    assert refused.exit_code != 0
    assert "Error: BP_WRITABLE_DIRS has a value that makes no sense\n" in refused.log
    assert "  BP_WRITABLE_DIRS='../data', from the platform" in refused.log
