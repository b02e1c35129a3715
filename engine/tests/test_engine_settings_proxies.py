"""What proxies may say of a request, and which proxies."""

import json
from pathlib import Path

import pytest
from harness.wire import wait_until_taken
from serving import Server, body, read_all, serving, status, wait_until


def shown(server: Server, path: str, *headers: str) -> dict[str, str]:
    """environ of a GET whose headers name the view: its path may be anything."""
    found: dict[str, str] = json.loads(server.get(path, "X-Show: environ", *headers))
    return found


@pytest.mark.setting("secure_scheme_headers", "forwarded_allow_ips")
@pytest.mark.parametrize("worker", ["egg:meinheld#gunicorn_worker", "sync"])
def test_scheme_headers_must_agree(installed: Path, worker: str) -> None:
    both = b"GET /environ HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: %s\r\nX-Forwarded-Ssl: %s\r\n"
    both += b"Connection: close\r\n\r\n"
    with serving(installed, worker=worker) as server:
        answers = [
            server.ask(both % pair)
            for pair in [(b"https", b"on"), (b"http", b"off"), (b"https", b"off"), (b"http", b"on")]
        ]

        assert [status(answer) for answer in answers] == [200, 200, 400, 400]
        schemes = [json.loads(body(answer))["wsgi.url_scheme"] for answer in answers[:2]]
        assert schemes == ["https", "http"]
        assert server.get("/hello") == b"hello"


def test_scheme_headers_of_others_need_not_agree(installed: Path) -> None:
    with serving(installed, "--forwarded-allow-ips", "10.0.0.1") as server:
        found = shown(server, "/", "X-Forwarded-Proto: https", "X-Forwarded-Ssl: off")

    assert found["wsgi.url_scheme"] == "http"


def test_scheme_headers_are_a_setting(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(
        "control_socket_disable = True\nsecure_scheme_headers = {'X-TLS': 'yes'}\n"
    )
    with serving(installed, "-c", str(tmp_path / "conf.py")) as server:
        schemes = [
            shown(server, "/", header)["wsgi.url_scheme"]
            for header in ("X-Forwarded-Proto: https", "X-Tls: yes", "X-Tls: no")
        ]

    assert schemes == ["http", "https", "http"]


@pytest.mark.setting("raw_env")
@pytest.mark.parametrize("worker", ["egg:meinheld#gunicorn_worker", "sync"])
def test_script_name_splits_the_path(installed: Path, worker: str) -> None:
    with serving(installed, "--env", "SCRIPT_NAME=/pre", "-e", "A=b", worker=worker) as server:
        found = [shown(server, path) for path in ("/pre/x%20y?q", "/pre", "/prefix")]
        other = server.ask(b"GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

        assert [(each["SCRIPT_NAME"], each["PATH_INFO"]) for each in found] == [
            ("/pre", "/x y"),
            ("/pre", ""),
            ("/pre", "fix"),
        ]
        assert found[0]["RAW_URI"] == "/pre/x%20y?q"
        assert status(other) == 500
        wait_until(lambda: "'/other'" in server.log(), "it is logged")
        assert "Request path '/other' does not start with SCRIPT_NAME '/pre'\n" in server.log()


@pytest.mark.setting("forwarder_headers")
@pytest.mark.parametrize("trusted", ["127.0.0.1", "10.0.0.1"])
def test_script_name_header_of_trusted_proxies(
    installed: Path, gunicorn: tuple[int, ...], trusted: str
) -> None:
    believed = trusted == "127.0.0.1" and gunicorn >= (23,)
    headers = ("SCRIPT_NAME: /pre ", "Script-Name: /evil", "X_Other: 1", "PATH_INFO: 2")
    with serving(installed, "--forwarded-allow-ips", trusted) as server:
        found = shown(server, "/pre/a", *headers)
        # Nothing of it is the next request's.
        assert shown(server, "/pre/a")["SCRIPT_NAME"] == ""

    assert (found["SCRIPT_NAME"], found["PATH_INFO"]) == (
        ("/pre", "/a") if believed else ("", "/pre/a")
    )
    assert found["HTTP_SCRIPT_NAME"] == ("/pre, /evil" if believed else "/evil")
    assert found.get("HTTP_PATH_INFO") == ("2" if believed else None)
    assert "HTTP_X_OTHER" not in found


def test_names_of_forwarder_headers_are_exact(installed: Path, gunicorn: tuple[int, ...]) -> None:
    if gunicorn < (23,):
        return
    options = ("--forwarder-headers", "X_REMOTE_USER")
    with serving(installed, *options) as server:
        found = shown(server, "/", "X-REMOTE_USER: evil", "SCRIPT_NAME: /")
        assert shown(server, "/", "x_remote_user: a")["HTTP_X_REMOTE_USER"] == "a"

    assert "HTTP_X_REMOTE_USER" not in found
    assert found["SCRIPT_NAME"] == ""


def test_all_forwarder_headers(installed: Path, gunicorn: tuple[int, ...]) -> None:
    if gunicorn >= (23,):
        with serving(installed, "--forwarder-headers", "*") as server:
            found = shown(server, "/", "A_B: c", "CONTENT_LENGTH: 5", "content_type: t/x")
            # In pieces, too.
            with server.connect() as connection:
                connection.sendall(b"GET /environ HTTP/1.0\r\nCONTENT_LEN")
                wait_until_taken(connection)
                connection.sendall(b"GTH: 5\r\n\r\n")
                other = json.loads(body(read_all(connection)))

        assert found["HTTP_A_B"] == "c"
        assert [key for key in [*found, *other] if "CONTENT" in key] == []


@pytest.mark.setting("header_map")
def test_header_map_refuses(installed: Path) -> None:
    with serving(installed, "--header-map", "refuse") as server:
        answer = server.ask(b"GET / HTTP/1.1\r\nHost: a\r\nA_B: c\r\n\r\n")

        assert status(answer) == 400
        assert server.get("/hello") == b"hello"


@pytest.mark.setting("proxy_allow_ips", "uwsgi_allow_ips")
def test_allowed_addresses_of_what_is_refused_are_harmless(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(
        "control_socket_disable = True\nproxy_allow_ips = '10.0.0.1'\n"
        "uwsgi_allow_ips = '10.0.0.1'\nproxy_protocol = False\n"
    )
    with serving(installed, "-c", str(tmp_path / "conf.py")) as server:
        assert server.get("/hello") == b"hello"


def test_unix_sockets_peer_is_trusted(installed: Path, tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with serving(installed, "--env", "A=b", bind=f"unix:{path}") as server:
        wait_until(lambda: "Listening at" in server.log(), "the socket is there")
        with server.connect(path) as connection:
            connection.sendall(
                b"GET /environ HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n"
                b"X-Forwarded-Ssl: on\r\nConnection: close\r\n\r\n"
            )
            assert json.loads(body(read_all(connection)))["wsgi.url_scheme"] == "https"
