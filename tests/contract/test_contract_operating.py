"""A container in operation: signals, stops, dead and hanging workers, under load."""

import json
import re
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from harness.load import Load, load
from harness.wire import body, read_all, status
from support.containers import Container, wait
from support.images import Images, Run

HUNG = "A view has not come back within the timeout (2 seconds):\n"
KEPT = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture
def operated(run: Run, images: Images) -> Run:
    image = images.name("operated")

    def make(workers: int = 2, **how: Any) -> Container:
        container = run(image=image, workers=workers, **how)
        container.start()
        container.get()
        container.wait_for_workers(workers)
        return container

    return make


class Asking:
    """A request on its way, in a thread of its own."""

    def __init__(self, container: Container, target: str) -> None:
        self._address, self._target = container.own_address(), target
        self._answer = b""
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    @property
    def waits(self) -> bool:
        """Whether the end hasn't come yet."""
        return self._thread.is_alive()

    def answer(self) -> bytes:
        """All that came, once it came."""
        self._thread.join(60)
        assert not self._thread.is_alive(), "no answer, and no end"
        return self._answer

    def _ask(self) -> None:
        with socket.create_connection(self._address, timeout=50) as connection:
            request = f"GET {self._target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            self._answer = read_all(connection)


def wait_until_they_sleep(container: Container, number: int) -> None:
    """Requests for /sleep, all of them in their views."""
    wait(
        lambda: container.output()[1].count(" sleeps\n") == number,
        f"{number} requests aren't in their views",
        lambda: container.output()[1],
    )


def under_load(container: Container, act: Callable[[Load], None]) -> Load:
    """All clients' tally after something was done to the container; nothing may go wrong."""
    host, port = container.own_address()
    with load(port, host=host) as running:
        wait(lambda: running.tally.answered > 50, "no load", lambda: str(running.tally))
        act(running)
    assert running.tally.wrong == []
    return running


def test_stop_under_load_answers_what_it_has_begun(operated: Run) -> None:
    container = operated()
    slow = [Asking(container, "/sleep/1.5") for _ in range(2)]
    idle = socket.create_connection(container.own_address(), timeout=30)
    took = 0.0

    def stop(running: Load) -> None:
        nonlocal took
        idle.sendall(KEPT)
        assert status(idle.recv(1 << 16)) == 200
        running.ending = True
        took = container.stop(60)

    under_load(container, stop)
    assert [status(asking.answer()) for asking in slow] == [200, 200]
    assert idle.recv(1) == b"", "an idle connection is closed, not reset"
    assert took < 10
    assert container.state()["ExitCode"] == 0


def test_after_term_nobody_waits_in_vain(operated: Run) -> None:
    """While the last requests are answered, whoever comes is answered too, or refused at once.

    Who comes just as the last socket is closed may have been connected by the kernel: that is a
    refusal, too, and the next one is a plain one.
    """
    container = operated(env={"GRACEFUL_TIMEOUT": "20"})
    address = container.own_address()
    slow = [Asking(container, "/sleep/2.0") for _ in range(2)]
    wait_until_they_sleep(container, 2)
    became: list[list[str]] = [[] for _ in range(10)]

    def come(mine: list[str]) -> None:
        while any(asking.waits for asking in slow):
            try:
                connection = socket.create_connection(address, timeout=10)
            except ConnectionRefusedError:
                mine.append("refused")
                return
            with connection:
                connection.sendall(KEPT.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
                mine.append(str(status(read_all(connection))))

    visitors = [threading.Thread(target=come, args=(mine,)) for mine in became]
    container.kill("TERM")
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(60)
    assert [status(asking.answer()) for asking in slow] == [200, 200]
    for mine in became:
        assert re.fullmatch("(200 )*(0 )?(refused )?", "".join(f"{each} " for each in mine)), mine
    assert container.wait_for_end() == 0


def reload(container: Container) -> None:
    """Until none of its two workers is an old one."""
    before = container.workers()
    container.kill("HUP")
    wait(lambda: not before & container.workers(), "old workers stay", container.said)
    container.wait_for_workers(2)


def test_hup_under_load_loses_nothing(operated: Run) -> None:
    container = operated()

    def thrice(_: Load) -> None:
        for _time in range(3):
            reload(container)

    assert under_load(container, thrice).tally.answered > 100


@pytest.mark.parametrize(("threads", "number"), [("1", 2), ("32", 8)])
def test_a_killed_worker_costs_its_own_requests_only(
    operated: Run, threads: str, number: int
) -> None:
    container = operated(env={"THREADS": threads})
    before = container.workers()
    victim = min(before)
    asked = [Asking(container, "/sleep/3.0") for _ in range(number)]
    wait_until_they_sleep(container, number)  # with one thread one in each worker
    its_own = container.output()[1].count(f"process {victim} sleeps\n")
    assert container.exec("sh", "-c", f"kill -KILL {victim}")[0] == 0
    answers = [asking.answer() for asking in asked]
    saved = [answer for answer in answers if status(answer) == 200]
    (survivor,) = before - {victim}
    processes = {json.loads(body(answer))["process"] for answer in saved}
    assert sorted(status(answer) for answer in answers) == [0] * its_own + [200] * len(saved)
    assert processes == {survivor}
    assert 0 < len(saved) < number
    container.wait_for_workers(2)
    assert container.workers() & before == {survivor}
    assert f"[ERROR] Worker (pid:{victim}) was sent SIGKILL!" in container.output()[1]
    assert container.get()


def test_a_hung_worker_is_replaced_and_its_stack_is_told(operated: Run) -> None:
    container = operated(workers=1, env={"TIMEOUT": "2", "THREADS": "1"})
    (hung,) = container.workers()
    begun = time.monotonic()
    assert status(Asking(container, "/hang").answer()) == 500
    assert time.monotonic() - begun < 10
    container.wait_for_line("SystemExit: 1")
    wait(lambda: container.workers() not in (set(), {hung}), "no other worker", str)
    stderr = container.output()[1]
    assert f"[CRITICAL] WORKER TIMEOUT (pid:{hung})\n" in stderr
    assert 'File "/workspace/main.py", line 33, in stay_for_ever\n' in stderr
    assert container.get()


def test_a_hung_view_is_told_and_stops_no_others(operated: Run) -> None:
    container = operated(workers=1, env={"TIMEOUT": "2"})
    before = container.workers()
    Asking(container, "/hang")
    container.wait_for_line(f'{HUNG}  File "')
    assert 'File "/workspace/main.py", line 33, in stay_for_ever\n' in container.output()[1]
    assert container.get()
    assert container.workers() == before


@pytest.mark.parametrize("state", ["hung", "stopped", "in the hook", "before it listens"])
def test_docker_stop_never_waits_for_its_kill(run: Run, images: Images, state: str) -> None:
    """Whatever the container is at: GRACEFUL_TIMEOUT is the longest that it takes."""
    hook = {"/workspace/prestart.sh": "echo the hook begins\nsleep 600 & wait\n"}
    slow = {"/workspace/slow.py": "import time\ntime.sleep(600)\n"}
    env = {"GRACEFUL_TIMEOUT": "3"}
    container = run(
        image=images.name("operated"),
        files={"in the hook": hook, "before it listens": slow}.get(state, {}),
        env=env | ({"APP_MODULE": "slow:app"} if state == "before it listens" else {}),
    )
    container.start()
    if state == "in the hook":
        container.wait_for_line("the hook begins")
    elif state == "before it listens":
        container.wait_for_line("Booting worker")
    else:
        container.get()
        if state == "stopped":
            (worker,) = container.workers()
            assert container.exec("sh", "-c", f"kill -STOP {worker}")[0] == 0
        else:
            Asking(container, "/hang")
            container.wait_for_line("hangs\n")
    assert container.stop(60) < 10
    assert container.state()["ExitCode"] == (143 if state == "in the hook" else 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_it_ends_by_each_of_its_signals(operated: Run, number: signal.Signals) -> None:
    container = operated()
    container.kill(number.name)
    assert container.wait_for_end() == 0
