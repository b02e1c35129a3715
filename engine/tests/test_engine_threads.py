"""gunicorn's threads setting: views that wait, and everything that must hold beside them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from serving import Server, body, read_all, read_response, serving, wait_until

GET = b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n"


def test_waiting_views_do_not_stop_others(installed: Path) -> None:
    with serving(installed, "--threads", "8") as server, ThreadPoolExecutor(7) as clients:
        waiting = [clients.submit(server.get, "/wait") for _ in range(7)]
        # Answered by the last thread, and lets the others go.
        assert server.get("/release") == b"releasing"

        assert [each.result() for each in waiting] == [b"released"] * 7


def test_environ_says_multithread(installed: Path) -> None:
    with serving(installed, "--threads", "2") as server:
        assert b'"wsgi.multithread": true' in server.get("/environ")


def test_pipelined_requests_stay_in_order(installed: Path) -> None:
    with serving(installed, "--threads", "8") as server, server.connect() as connection:
        connection.sendall(GET % b"sleep?s=0.2" + GET % b"hello" + GET % b"large?n=3")
        answers = [body(read_response(connection)) for _ in range(3)]

    assert answers == [b"slept", b"hello", b"xxx"]


def test_term_lets_all_threads_finish(installed: Path) -> None:
    with serving(installed, "--threads", "8") as server, ThreadPoolExecutor(16) as clients:
        running = [clients.submit(server.get, "/sleep?s=0.4") for _ in range(16)]
        wait_until(lambda: any(each.done() for each in running), "the first is answered")
        server.process.send_signal(signal.SIGTERM)

        assert [each.result() for each in running] == [b"slept"] * 16
        assert server.process.wait(15) == 0


def test_views_that_fail_leave_their_threads_alone(installed: Path) -> None:
    with serving(installed, "--threads", "2") as server:
        for path in ("/raises", "/exits", "/breaks-off", "/no-start", "/counted-break") * 3:
            server.get(path)
        workers = server.workers()

        assert server.get("/hello") == b"hello"
        assert server.workers() == workers


def test_slow_readers_hold_no_thread(installed: Path) -> None:
    with serving(installed, "--threads", "2") as server:
        readers = [server.connect() for _ in range(6)]
        for reader, path in zip(readers, [b"large?n=20000000", b"file?n=2000000"] * 3, strict=True):
            reader.sendall(GET % path)
            assert reader.recv(4) == b"HTTP"
        assert server.get("/hello") == b"hello"
        for reader in readers:
            assert len(body(b"HTTP" + _rest(reader))) == 20_000_000
            reader.close()


def test_slow_reader_leaves_the_next_piece_to_a_thread(installed: Path) -> None:
    with serving(installed, "--threads", "2") as server, server.connect() as reader:
        reader.sendall(b"GET /waits-between HTTP/1.0\r\n\r\n")
        received = bytearray()
        while len(received) < 9_000_000:
            received += reader.recv(1 << 16)
        wait_until(lambda: "between pieces" in server.log(), "the view waits")

        assert server.get("/release") == b"releasing"
        assert (bytes(received) + read_all(reader)).endswith(b"xreleased")


LEFT = """
import sys, threading, time
control_socket_disable = True

def views():
    return [each for each in threading.enumerate() if each.name.startswith("meinheld-")]

def post_worker_init(worker):
    threading.Thread(target=tell, daemon=True).start()

def tell():
    while len(views()) < 3:
        time.sleep(0.01)
    print("threads are there", file=sys.stderr, flush=True)

def worker_exit(server, worker):
    end = time.monotonic() + 5
    while views() and time.monotonic() < end:
        time.sleep(0.01)
    print(f"left: {len(views())}", file=sys.stderr, flush=True)
"""


def test_threads_end_with_their_worker(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(LEFT)
    with serving(installed, "--threads", "3", "-c", str(tmp_path / "conf.py")) as server:
        wait_until(lambda: "threads are there" in server.log(), "the threads have started")
        assert server.stop() == 0

        assert "left: 0\n" in server.log()


FEW = """
import threading
control_socket_disable = True
start = threading.Thread.start

def fail(thread):
    if thread.name == "meinheld-{failing}":
        raise RuntimeError("can't start new thread")
    start(thread)

threading.Thread.start = fail
"""


@pytest.mark.parametrize(("failing", "left"), [(3, 3), (1, 1), (0, 1)])
def test_threads_that_the_system_refuses_are_done_without(
    installed: Path, tmp_path: Path, failing: int, left: int
) -> None:
    (tmp_path / "conf.py").write_text(FEW.format(failing=failing))
    options = ["--threads", "8", "-c", str(tmp_path / "conf.py")]
    with serving(installed, *options) as server, ThreadPoolExecutor(7) as clients:
        waiting = [clients.submit(server.get, "/wait") for _ in range(left - 1)]
        assert server.get("/release") == b"releasing"
        assert [each.result() for each in waiting] == [b"released"] * (left - 1)

        assert f"[WARNING] {left} of 8 threads are there: can't start new thread." in server.log()
        assert server.log().count("Booting worker") == 1
        assert server.stop() == 0


def test_mixture_under_load_loses_nothing(installed: Path) -> None:
    paths = ["/hello", "/sleep?s=0.01", "/large?n=100000", "/stream?n=1000", "/file", "/raises"]
    with serving(installed, "--threads", "8") as server, ThreadPoolExecutor(24) as clients:
        alone = {path: _answer(server, path) for path in paths}
        asked = paths * 60
        answers = list(clients.map(lambda path: _answer(server, path), asked))

        assert answers == [alone[path] for path in asked]
        assert server.log().count("Booting worker") == 1
        assert server.stop() == 0


def test_threads_cost_no_switches(installed: Path) -> None:
    with serving(installed, "--threads", "8") as server, server.connect() as connection:
        connection.sendall(GET % b"hello")
        assert body(read_response(connection)) == b"hello"
        before = _waits(server)
        for _ in range(500):
            connection.sendall(GET % b"hello")
            read_response(connection)

        # One for each request, the loop's, and some of the thread that watches it.
        assert _waits(server) - before < 1000


def test_view_that_waits_is_left_by_the_loop(installed: Path) -> None:
    with serving(installed, "--threads", "4") as server, ThreadPoolExecutor(2) as clients:
        waiting = [clients.submit(server.get, "/wait") for _ in range(2)]
        wait_until(lambda: server.get("/takeovers") == b"2", "the loop has left both")
        for _ in range(50):
            assert server.get("/hello") == b"hello"
        assert server.get("/takeovers") == b"2"
        server.get("/release")
        assert [each.result() for each in waiting] == [b"released"] * 2


def test_known_view_is_left_at_once(installed: Path) -> None:
    with serving(installed, "--threads", "4") as server:
        for _ in range(2):
            server.get("/sleep?s=0.1")
        before = int(server.get("/takeovers"))
        for _ in range(12):
            # Too short to be noticed.
            server.get("/sleep?s=0.0005")

        assert int(server.get("/takeovers")) > before


def test_views_that_compute_run_one_after_another(installed: Path) -> None:
    with serving(installed, "--threads", "8") as server, ThreadPoolExecutor(7) as clients:
        for _ in range(2):
            server.get("/compute?s=0.1")
        computing = [clients.submit(server.get, "/compute?s=0.1") for _ in range(7)]
        while not all(each.done() for each in computing):
            assert server.get("/hello") == b"hello"

        # One more may begin where the kernel took the processor from the first.
        assert max(int(each.result()) for each in computing) <= 3


def test_views_that_hang_after_computing_stop_no_others(installed: Path) -> None:
    with serving(installed, "--threads", "8") as server, ThreadPoolExecutor(2) as clients:
        for _ in range(2):
            server.get("/compute?s=0.1")
        hanging = [clients.submit(server.get, "/compute?s=0.1&hold=1") for _ in range(2)]
        # After some seconds in which none of them has let another one begin.
        assert server.get("/compute?s=0.1").isdigit()
        assert not any(each.done() for each in hanging)
        server.get("/release")
        for each in hanging:
            each.result()


def test_view_that_computes_at_times_is_not_held_back(installed: Path) -> None:
    with serving(installed, "--threads", "12") as server, ThreadPoolExecutor(11) as clients:
        for number in range(12):
            server.get("/compute?s=0.05" if number % 4 == 0 else "/compute?s=0&pause=0.05")
        holding = [clients.submit(server.get, "/compute?s=0&hold=1") for _ in range(11)]
        wait_until(lambda: server.log().count("holding") == 11, "all are in the view")
        server.get("/release")
        for each in holding:
            each.result()


SHARED = """
import os
control_socket_disable = True
def post_fork(server, worker):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
"""


def test_leader_without_a_processor_keeps_the_loop(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(SHARED)
    with (
        serving(installed, "--threads", "4", "-c", str(tmp_path / "conf.py")) as server,
        _busy(min(os.sched_getaffinity(0)), 4),
    ):
        with server.connect() as connection:
            # Never long, but now and then there is no processor in the middle of one.
            for _ in range(20):
                connection.sendall(GET % b"compute?s=0.0003" * 50)
                for _ in range(50):
                    read_response(connection)

        assert int(server.get("/takeovers")) < 10


@contextlib.contextmanager
def _busy(cpu: int, number: int) -> Iterator[None]:
    """So many processes that compute on one processor."""
    program = f"import os\nos.sched_setaffinity(0, {{{cpu}}})\nwhile True: pass"
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(number)]
    try:
        yield
    finally:
        for each in running:
            each.kill()
            each.wait()


def test_loop_comes_before_views_that_compute(installed: Path) -> None:
    with (
        serving(installed, "--threads", "2") as server,
        ThreadPoolExecutor(7) as clients,
        server.connect() as sleeping,
    ):
        for _ in range(2):
            server.get("/compute?s=0.1")
        before = server.get("/takeovers")
        computing = [clients.submit(server.get, "/compute?s=0.5")]
        wait_until(lambda: server.get("/takeovers") != before, "the loop has left it")
        computing += [clients.submit(server.get, "/compute?s=0.2") for _ in range(6)]
        wait_until(lambda: not any(map(_is_new, computing)), "all ask")
        assert server.get("/hello") == b"hello"
        # Now there is nobody else to lead the loop.
        sleeping.sendall(GET % b"sleep?s=20")
        wait_until(lambda: "sleeping" in server.log(), "one thread sleeps")

        assert server.get("/hello") == b"hello"
        assert not all(each.done() for each in computing)


def test_view_that_computes_for_long_does_not_stop_others(installed: Path) -> None:
    with serving(installed, "--threads", "8") as server, ThreadPoolExecutor(1) as clients:
        for _ in range(2):
            server.get("/compute?s=0.02")
        long = clients.submit(server.get, "/compute?s=1")
        for _ in range(8):
            assert server.get("/compute?s=0.01").isdigit()

        assert not long.done()
        long.result()


def test_worker_with_fewer_connections_takes_the_next(installed: Path) -> None:
    with serving(installed, "--workers", "2", "--threads", "4") as server:
        wait_until(lambda: len({server.get("/pid") for _ in range(20)}) == 2, "both are there")
        # The kernel may prefer one.
        found = Counter(int(server.get("/pid")) for _ in range(20))
        early = max(server.workers(), key=lambda worker: found[worker])
        (late,) = server.workers() - {early}
        os.kill(late, signal.SIGSTOP)
        wait_until(lambda: ") T " in Path(f"/proc/{late}/stat").read_text(), "it's stopped")
        kept = [(connection, _asked(connection)) for connection in _connections(server, 20)]
        os.kill(late, signal.SIGCONT)
        then = [(connection, _asked(connection)) for connection in _connections(server, 20)]
        for connection, _ in kept + then:
            connection.close()

    assert Counter(worker for _, worker in kept) == {early: 20}
    # Not all of them: on a busy machine it may take its time to wake up.
    assert Counter(worker for _, worker in then)[late] > 10


def _is_new(asked: "Future[bytes]") -> bool:
    return not asked.running() and not asked.done()


def _connections(server: Server, count: int) -> Iterator[socket.socket]:
    for _ in range(count):
        yield server.connect()


def _asked(connection: socket.socket) -> int:
    """Which worker has it."""
    connection.sendall(GET % b"pid")
    return int(body(read_response(connection)))


def test_view_that_hangs_is_told(installed: Path) -> None:
    with serving(installed, "--threads", "2", "--timeout", "3") as server:
        with server.connect() as hanging:
            hanging.sendall(GET % b"sleep?s=7")
            wait_until(lambda: "within the timeout (3 seconds)" in server.log(), "it is told")
            assert server.get("/hello") == b"hello"
            assert body(read_response(hanging)) == b"slept"

        assert server.log().count("within the timeout") == 1
        assert "time.sleep(float(request.query[" in server.log()
        assert server.log().count("Booting worker") == 1


def test_view_may_take_longer_than_the_timeout(installed: Path) -> None:
    with serving(installed, "--threads", "2", "--timeout", "2") as server:
        assert server.get("/sleep?s=4") == b"slept"
        assert server.log().count("Booting worker") == 1


@pytest.mark.setting("timeout")
def test_worker_whose_threads_all_hang_is_replaced(installed: Path) -> None:
    with serving(installed, "--threads", "2", "--timeout", "2") as server:
        hanging = [server.connect() for _ in range(2)]
        for each in hanging:
            each.sendall(GET % b"sleep?s=60")
        wait_until(lambda: server.log().count("Booting worker") == 2, "there is another worker")
        assert server.get("/hello") == b"hello"
        for each in hanging:
            each.close()

        assert server.log().count("within the timeout") == 2
        assert "WORKER TIMEOUT" in server.log()


def _waits(server: Server) -> int:
    """How often the worker's threads gave up the processor to wait for something."""
    (worker,) = server.workers()
    found = 0
    for task in Path(f"/proc/{worker}/task").iterdir():
        lines = (task / "status").read_text().splitlines()
        found += sum(int(line.split()[1]) for line in lines if line.startswith("voluntary"))
    return found


def _answer(server: Server, path: str) -> bytes:
    with server.connect() as connection:
        connection.sendall(GET % b"hello")
        read_response(connection)
        connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        return body(read_all(connection))


def _rest(reader: socket.socket) -> bytes:
    reader.shutdown(socket.SHUT_WR)
    return read_all(reader)
