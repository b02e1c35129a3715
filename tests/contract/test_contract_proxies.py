"""Images behind Debian's proxies, with their usual keep-alive."""

import json
from collections.abc import Callable, Iterator

import pytest
from support.containers import Container
from support.images import Images, Run
from support.proxies import PROXIES, Proxy, proxying
from support.smuggling import judge
from support.smuggling.corpus import ATTACKS
from support.smuggling.h2 import SHAPES
from support.smuggling.judge import Outcome

FORWARDED = b"GET /seen HTTP/1.1\r\nHost: shop.example\r\n%sConnection: close\r\n\r\n"


@pytest.fixture
def app(run: Run, images: Images) -> Container:
    container = run(image=images.name("operated"), env={"ACCESS_LOG": "json"})
    container.start()
    container.get()
    return container


@pytest.fixture(params=PROXIES)
def proxy(app: Container, request: pytest.FixtureRequest) -> Iterator[Proxy]:
    host, port = app.own_address()
    with proxying(request.param, f"{host}:{port}") as made:
        yield made


def test_no_answer_reaches_who_did_not_ask(app: Container, proxy: Proxy) -> None:
    """The short form of ``scripts/soak proxies``: each attack once, visitors behind each."""
    marks = judge.all_marks()
    sent = [*judge.http_1(proxy, ATTACKS, marks), *judge.http_2(proxy, SHAPES, marks)]
    ran = runs(app)
    found = [judge.judge(each, ran) for each in sent]
    assert [each for each in found if each.outcome is Outcome.WRONG] == []
    by_name = {(each.family, each.name): each.outcome for each in found}
    assert len(by_name) == len(ATTACKS) + len(SHAPES) >= 150
    assert by_name["HTTP/2", "plain"] is Outcome.ONE
    assert by_name["HTTP/2", "plain with a body"] is Outcome.ONE
    assert by_name["head", "GET with a length"] is Outcome.TWO


def runs(app: Container) -> Callable[[str], int]:
    """How often a page was asked, from the app's log."""
    targets = [
        json.loads(line)["target"]
        for line in app.output()[0].splitlines()
        if line.startswith("{") and "target" in line
    ]
    return lambda mark: sum(mark in target for target in targets)


def seen(proxy: Proxy, *fields: str) -> dict[str, str]:
    """What the app says of a request through the proxy."""
    head = FORWARDED % "".join(f"{field}\r\n" for field in fields).encode()
    with proxy.connect() as connection:
        connection.sendall(head)
        received = b""
        while piece := connection.recv(1 << 16):
            received += piece
    told: dict[str, str] = json.loads(received.partition(b"\r\n\r\n")[2].strip().splitlines()[0])
    return told


def test_forwarded_headers_are_believed_of_nobody_by_default(proxy: Proxy) -> None:
    told = seen(proxy, "X-Forwarded-Proto: https")
    assert told["url"] == "http://shop.example/seen"
    assert told["scheme"] == "http"
    assert told["remote"] == proxy.host


def test_forwarded_headers_are_believed_of_who_is_named(run: Run, images: Images) -> None:
    """gunicorn's FORWARDED_ALLOW_IPS says whose word counts for the scheme."""
    with proxying("HAProxy", "192.0.2.1:80") as other:
        trusted = run(image=images.name("operated"), env={"FORWARDED_ALLOW_IPS": other.host})
        trusted.start()
        trusted.get()
        host, port = trusted.own_address()
        with proxying("HAProxy", f"{host}:{port}") as named:
            # Its address is another one than the first's, which alone is trusted.
            assert seen(named, "X-Forwarded-Proto: https")["scheme"] == "http"
    network = ".".join([*host.split(".")[:2], "0.0/16"])
    named_env = {"FORWARDED_ALLOW_IPS": f"127.0.0.1,{network}"}
    container = run(image=images.name("operated"), env=named_env)
    container.start()
    container.get()
    host, port = container.own_address()
    with proxying("HAProxy", f"{host}:{port}") as proxy:
        told = seen(proxy, "X-Forwarded-Proto: https")
        assert told["url"] == "https://shop.example/seen"
