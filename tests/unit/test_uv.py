"""uv runs in an environment of ours, and its progress is shown as it comes."""

from pathlib import Path

import pytest

from buildpack.network import Network
from buildpack.uv import Uv, UvFailed, proxies_of

NETWORK = Network()
FAKE = """\
#!/bin/sh
env | sort > {record}
printf '%s\\n' "$@" > {record}.arguments
echo "Using Python 3.13.5 environment at: venv" >&2
echo "Resolved 7 packages in 3ms" >&2
echo " + flask==3.1.3" >&2
echo "  x No solution: https://user:hunter2@index.example/simple" >&2
exit {code}
"""


def fake(root: Path, code: int = 0, network: Network = NETWORK) -> Uv:
    program = root / "uv"
    program.write_text(FAKE.format(record=root / "record", code=code))
    program.chmod(0o755)
    (root / "home").mkdir()
    return Uv(program, root / "cache", root / "home", network, {"HTTPS_PROXY": "http://proxy"})


def environment(root: Path) -> dict[str, str]:
    lines = (root / "record").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_nothing_is_inherited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "UV_CONFIG_FILE", "PIP_INDEX_URL", "LD_PRELOAD_X"):
        monkeypatch.setenv(name, "/app")
    uv = fake(tmp_path, network=Network(index={"UV_DEFAULT_INDEX": "https://index.example"}))
    uv.install(tmp_path / "venv", "-r", "requirements.txt", variables={"TOKEN": "t"})
    seen = environment(tmp_path)
    assert not {"PYTHONPATH", "UV_CONFIG_FILE", "PIP_INDEX_URL", "LD_PRELOAD_X"} & set(seen)
    assert seen["UV_DEFAULT_INDEX"] == "https://index.example"
    assert seen["HTTPS_PROXY"] == "http://proxy"
    assert seen["TOKEN"] == "t"
    assert seen["UV_NO_CONFIG"] == "1"
    assert seen["UV_PYTHON_DOWNLOADS"] == "never"
    assert seen["PATH"] == "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    assert seen["PWD"] == seen["HOME"] == str(tmp_path / "home")


def test_progress_is_shown_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake(tmp_path).install(tmp_path / "venv", "flask")
    assert capsys.readouterr().out == "  Resolved 7 packages in 3ms\n  + flask==3.1.3\n"


def test_a_failure_keeps_the_other_words_without_credentials(tmp_path: Path) -> None:
    with pytest.raises(UvFailed) as caught:
        fake(tmp_path, code=2).install(tmp_path / "venv", "flask")
    assert caught.value.exit_code == 2
    assert "No solution" in caught.value.words
    assert "hunter2" not in caught.value.words
    assert "Resolved" not in caught.value.words


def test_arguments_are_passed_as_they_are(tmp_path: Path) -> None:
    fake(tmp_path).install(tmp_path / "venv", "-r", "a b")
    arguments = (tmp_path / "record.arguments").read_text().splitlines()
    assert arguments == [
        *("--no-progress", "--color", "never", "pip", "install", "--python"),
        *(str(tmp_path / "venv/bin/python"), "-r", "a b"),
    ]


def test_proxies_in_either_case() -> None:
    environ = {"https_proxy": "a", "NO_PROXY": "b", "HTTP_PROXY": "", "HOME": "/h"}
    assert proxies_of(environ) == {"https_proxy": "a", "NO_PROXY": "b"}


def test_what_would_be_installed_is_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = fake(tmp_path).resolve(tmp_path / "venv", "flask")
    assert found == ("flask==3.1.3",)
    assert capsys.readouterr().out == "  Resolved 7 packages in 3ms\n"
    arguments = (tmp_path / "record.arguments").read_text().splitlines()
    assert arguments[3:6] == ["pip", "install", "--dry-run"]
