"""Settings that the worker doesn't honour end the start with one line."""

from pathlib import Path

import pytest
from serving import serving

PARSER = "the meinheld worker reads requests strictly, with a parser of its own"
HTTP = "the meinheld worker speaks HTTP/1.1 only"
ALL = range(22, 99)
REFUSED = {
    # setting: the value asked for, the reason, the lines of gunicorn that have it
    "proxy_protocol": (True, "the meinheld worker does not read the PROXY protocol", ALL),
    "protocol": ("uwsgi", "the meinheld worker speaks HTTP only", range(24, 99)),
    "http2_cleartext": ("prior-knowledge", HTTP, range(26, 99)),
    "http_parser": ("python", PARSER, range(25, 99)),
    "header_map": ("dangerous", PARSER, ALL),
    "casefold_http_method": (True, PARSER, ALL),
    "permit_obsolete_folding": (True, PARSER, range(23, 99)),
    "permit_unconventional_http_method": (True, PARSER, ALL),
    "permit_unconventional_http_version": (True, PARSER, ALL),
    "strip_header_spaces": (True, PARSER, ALL),
    "tolerate_dangerous_framing": (True, PARSER, range(22, 23)),
}


@pytest.mark.setting(*REFUSED)
@pytest.mark.parametrize("name", REFUSED)
def test_start_ends_with_one_line(
    installed: Path, gunicorn: tuple[int, ...], tmp_path: Path, name: str
) -> None:
    value, reason, lines = REFUSED[name]
    (tmp_path / "conf.py").write_text(f"control_socket_disable = True\n{name} = {value!r}\n")
    with serving(installed, "-c", str(tmp_path / "conf.py")) as server:
        if gunicorn[0] not in lines:
            # A gunicorn without the setting takes no notice of it.
            assert server.get("/hello") == b"hello"
            return
        assert server.process.wait(15) == 3
        log = server.log()

    told = "auto" if name == "proxy_protocol" and gunicorn >= (25,) else value
    assert f"[ERROR] {name}={told}: {reason}\n" in log
    assert log.count("Booting worker") == 1
    assert "Traceback" not in log


@pytest.mark.setting("http_protocols")
def test_http2_is_refused(installed: Path, gunicorn: tuple[int, ...], tmp_path: Path) -> None:
    # gunicorn itself refuses it unless it has its HTTP/2 package.
    (tmp_path / "conf.py").write_text(
        "control_socket_disable = True\n"
        "def on_starting(server):\n"
        "    server.cfg.settings['http_protocols'].value = ['h2', 'h1']\n"
    )
    if gunicorn >= (25,):
        with serving(installed, "-c", str(tmp_path / "conf.py")) as server:
            assert server.process.wait(15) == 3
            assert f"[ERROR] http_protocols=['h2', 'h1']: {HTTP}\n" in server.log()


@pytest.mark.setting("tmp_upload_dir")
def test_upload_folder_must_be_there(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(
        f"control_socket_disable = True\ntmp_upload_dir = {str(tmp_path / 'none')!r}\n"
    )
    with serving(installed, "-c", str(tmp_path / "conf.py")) as server:
        assert server.process.wait(15) == 3
        line = f"[ERROR] tmp_upload_dir={tmp_path / 'none'}: the worker cannot write there\n"
        assert line in server.log()
