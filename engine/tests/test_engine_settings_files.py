"""Files that are sent, and files in which uploads wait."""

from pathlib import Path

import pytest
from harness.case import post
from harness.vitals import open_files
from serving import body, read_response, serving, status, wait_until

ASK = b"GET /file?n=5&at=3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.mark.setting("sendfile")
def test_no_sendfile_reads(installed: Path) -> None:
    # A file that is sent by the kernel has a length, one that is read has none.
    with serving(installed) as server:
        sent = server.ask(ASK)
    with serving(installed, "--no-sendfile") as server:
        read = server.ask(ASK)

    assert b"\r\nContent-Length: 47\r\n" in sent
    assert body(sent) == (b"0123456789" * 5)[3:]
    assert b"\r\nTransfer-Encoding: chunked\r\n" in read
    assert body(read) == b"2f\r\n" + body(sent) + b"\r\n0\r\n\r\n"


@pytest.mark.setting("tmp_upload_dir")
def test_uploads_wait_in_tmp_upload_dir(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    (tmp_path / "conf.py").write_text(
        f"control_socket_disable = True\ntmp_upload_dir = {str(folder)!r}\n"
    )
    with serving(installed, "-c", str(tmp_path / "conf.py")) as server:
        server.get("/hello")
        (worker,) = server.workers()
        with server.connect() as connection:
            head = b"POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"
            connection.sendall(head + b"a" * 999999)
            wait_until(
                lambda: any(str(folder) in name for name in open_files(worker)), "it waits there"
            )
            connection.sendall(b"a")
            assert body(read_response(connection)) == b"1000000"
        folder.rmdir()

        assert status(server.ask(post("Content-Length: 1000000", body=b"a" * 1000000))) == 503
