"""Warnings of what lies in the app's folder and belongs into a binding."""

from pathlib import Path

import pytest

from buildpack.bindings import in_the_app

SECRET = "s3cr3t-value"


def test_bindings_in_the_apps_own_folder_are_warned_about(tmp_path: Path) -> None:
    assert in_the_app(tmp_path) == ()
    (tmp_path / "bindings/views").mkdir(parents=True)
    assert in_the_app(tmp_path) == ()
    (tmp_path / "bindings/hosts").mkdir()
    (tmp_path / "bindings/hosts/type").write_text("netrc")
    assert in_the_app(tmp_path) == (
        "bindings/hosts/ is part of the app, so the image will hold it and what is secret in it:"
        " move it out of the app's folder (docs/private-indexes.md)",
    )


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("pip.conf", f"[global]\nindex-url = https://me:{SECRET}@host/simple\n", 2),
        (".pip/pip.conf", "[global]\nindex-url = https://0a1b2c3d4e5f6a7b8c9d@host/simple\n", 2),
        (".netrc", f"machine host\n  login me\n  password {SECRET}\n", 3),
        (".netrc", f"machine host login me password\n{SECRET}\n", 2),
        (".pypirc", f"[pypi]\nusername = __token__\npassword = {SECRET}\n", 3),
        (".pypirc", f"[pypi]\nusername: me\npassword:{SECRET}\n", 3),
        ("uv.toml", f'[[index]]\nurl = "https://me:{SECRET}@host/simple"\n', 2),
        ("auth.toml", f'[http-basic.own]\nusername = "me"\npassword = "{SECRET}"\n', 3),
        (".git-credentials", f"https://me:{SECRET}@host\n", 1),
        (".git/config", f'[remote "origin"]\n\turl = https://oauth2:{SECRET}@host/x.git\n', 2),
        (".git/config", f'[http "https://h"]\n\textraheader = AUTHORIZATION: basic {SECRET}\n', 2),
        # Nothing secret, or not yet.
        (".git/config", '[remote "origin"]\n\turl = https://me@host/x.git\n', 0),
        (".git/config", '[remote "origin"]\n\turl = git@host:x.git\n', 0),
        ("pip.conf", "[global]\nindex-url = https://host:8443/simple\n", 0),
        ("pip.conf", "[global]\nindex-url = https://me:${PASSWORD}@host/simple\n", 0),
        (".pypirc", "[pypi]\npassword =\nusername = me\n", 0),
        (".netrc", "", 0),
    ],
)
def test_logins_in_the_apps_own_folder_are_warned_about(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    said = (
        f"{name}:{line}: a password or token stands in it. The file is part of the app, so the"
        " image will hold it, and the build doesn't use it: leave it out (exclude in project.toml),"
        " and give the build what it needs in a binding (docs/private-indexes.md)"
    )
    assert in_the_app(tmp_path) == ((said,) if line else ())
