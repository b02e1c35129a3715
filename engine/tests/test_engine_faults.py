"""Clients that reset, memory and disk that run out: the worker lives, and serves the next."""

import os
import select
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import environments, faults
from harness.case import chunked, get, post
from harness.failing_malloc import FailingMalloc, failing_malloc
from harness.faults import ANSWERS, REQUESTS
from harness.fuzzing import ready, well
from harness.servers import APPS, Server, serving
from harness.vitals import at_rest, vitals
from harness.wire import body, read_response, status, wait_until, wait_until_taken

MIB = 1 << 20
LONG_ANSWERS = [get(path, "Connection: close") for path in ("/stream?n=3000000", "/file?n=900000")]


@pytest.mark.parametrize("threads", ["1", "4"])
@pytest.mark.parametrize("name", ["get", "upload", "chunked", "continue", "pipeline", "refused"])
def test_clients_may_reset_at_each_byte(installed: Path, name: str, threads: str) -> None:
    with serving(installed, "--threads", threads, app="echo_app:app") as server:
        before = ready(server)
        faults.reset_at_each_byte(server, REQUESTS[name])
        assert well(server)

        assert at_rest(server, before.descriptors).workers == before.workers


@pytest.mark.parametrize("threads", ["1", "4"])
def test_clients_may_reset_within_an_answer(installed: Path, threads: str) -> None:
    with serving(installed, "--threads", threads, app="all_app:app") as server:
        before = ready(server)
        for request in (*ANSWERS.values(), *LONG_ANSWERS):
            faults.reset_in_each_answer(server, request)
        assert well(server)

        assert at_rest(server, before.descriptors).workers == before.workers


@pytest.fixture
def poor(installed: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Server, FailingMalloc]]:
    """A worker whose allocations can be made to fail: of one thread, or of the parameter."""
    with (
        failing_malloc() as malloc,
        serving(
            installed,
            *("--access-logfile", "/dev/null", "--threads", getattr(request, "param", "1")),
            app="all_app:app",
            environment=malloc.environment,
        ) as server,
    ):
        ready(server)
        yield server, malloc


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("get", False),
        ("get", True),
        ("pipeline", False),
        ("large", True),
        ("refused", True),
        ("pieces", False),
        ("file", False),
        ("more than a socket takes", False),
    ],
)
def test_each_allocation_may_fail(poor: tuple[Server, FailingMalloc], name: str, on: bool) -> None:
    survives(poor, name, on)


@pytest.mark.parametrize("poor", ["4"], indirect=True)
@pytest.mark.parametrize(
    ("name", "on"), [("pipeline", False), ("large", True), ("more than a socket takes", False)]
)
def test_each_allocation_may_fail_with_threads(
    poor: tuple[Server, FailingMalloc], name: str, on: bool
) -> None:
    survives(poor, name, on)


def survives(poor: tuple[Server, FailingMalloc], name: str, on: bool) -> None:
    """Whichever allocation fails, or with ``on`` all from that one: no death, nothing lost."""
    server, malloc = poor
    before = vitals(server)
    request = {**REQUESTS, **ANSWERS}[name]

    assert list(faults.fail_each_allocation(server, malloc, request, on=on)) == []
    assert at_rest(server, before.descriptors).workers == before.workers


def test_connection_that_there_is_no_memory_for_is_closed(
    poor: tuple[Server, FailingMalloc],
) -> None:
    server, malloc = poor
    (worker,) = server.workers()
    malloc.arm(worker, 1, on=True)
    answers = [server.ask(REQUESTS["get"]) for _ in range(3)]
    malloc.disarm()

    assert answers == [b""] * 3
    assert well(server)
    assert server.workers() == {worker}
    assert server.log().count("MemoryError") == 3


def test_lost_memory_is_found(poor: tuple[Server, FailingMalloc]) -> None:
    server, malloc = poor
    (worker,) = server.workers()
    malloc.arm(worker, 0)
    server.ask(REQUESTS["get"])
    held = faults.settled(server, malloc)
    server.ask(REQUESTS["get"])
    assert faults.settled(server, malloc) == held

    with server.connect() as waiting:
        waiting.sendall(b"GET /a")
        wait_until_taken(waiting)
        assert 1000 < faults.settled(server, malloc) - held < 4000


def test_failing_allocations_are_counted(poor: tuple[Server, FailingMalloc]) -> None:
    server, malloc = poor
    (worker,) = server.workers()
    malloc.arm(worker, 0)
    server.ask(REQUESTS["get"])

    assert malloc.disarm() > 10
    assert malloc.disarm() == 0


def started(installed: Path, *arguments: str) -> list[int]:
    """What start.py says, in a line of numbers."""
    with failing_malloc() as malloc:
        run = subprocess.run(
            [str(installed), "start.py", *arguments],
            cwd=APPS,
            env=malloc.environment,
            capture_output=True,
            text=True,
            check=True,
        )
    # Until 3.10 a call of a function takes memory: the watchdog's may fail, and is repeated.
    assert set(run.stderr.splitlines()) <= {"MemoryError"}
    (numbers,) = run.stdout.splitlines()
    return list(map(int, numbers.split()))


def test_each_allocation_of_the_start_may_fail(installed: Path) -> None:
    raised, ran = started(installed)

    assert raised > 100
    assert ran < 20


def test_start_takes_no_memory_for_requests_to_come(installed: Path) -> None:
    (count,) = started(installed, "count")

    assert 100 < count < 1000


def test_socket_that_cannot_be_watched_is_named(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "no socket"
    file.touch()
    code = f"""if True:
        from meinheld import server
        with open({str(file)!r}) as file:
            server.set_listen_socket([file.fileno()])
            try:
                server.run(print)
            except OSError as problem:
                print(str(problem) == f"cannot wait for connections on {{file.fileno()}}: "
                    "Operation not permitted")
    """

    assert environments.output([str(installed), "-c", code]) == "True\n"


LISTENS = """if True:
    import os, pathlib, socket, sys
    from meinheld import server
    def sockets():
        found = pathlib.Path("/proc/self/fd").iterdir()
        return [int(link.name) for link in found if int(link.name) > 2 and link.is_socket()]
    folder = sys.argv[1]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for address in (taken.getsockname(), os.fsencode(f"{folder}/missing/socket")):
            try:
                server.listen(address)
            except OSError as problem:
                print(problem)
    print(sockets(), oct(os.umask(0)))
    server.listen(os.fsencode(f"{folder}/socket"))
    print([os.get_inheritable(number) for number in sockets()])
"""


def test_listen_leaves_nothing_behind(installed: Path, tmp_path: Path) -> None:
    masked = ["sh", "-c", 'umask 27; exec "$@"', "sh"]
    output = environments.output([*masked, str(installed), "-c", LISTENS, str(tmp_path)])

    assert output.splitlines() == [
        "[Errno 98] Address already in use",
        "[Errno 2] No such file or directory",
        "[] 0o27",
        "[False]",
    ]


def test_worker_without_memory_ends_when_it_is_told_to(
    poor: tuple[Server, FailingMalloc],
) -> None:
    server, malloc = poor
    (worker,) = server.workers()
    malloc.arm(worker, 1, on=True)

    assert server.stop() == 0
    assert "SIGKILL" not in server.log()


def test_programs_inherit_no_descriptor(installed: Path) -> None:
    with serving(installed, "--threads", "4") as server:
        found = server.get("/inherited")

    assert b" 0 -> " in found
    assert b"anon_inode" not in found


def test_forked_process_costs_no_processor_time(installed: Path) -> None:
    with serving(installed, app="all_app:app") as server:
        with server.connect() as connection:
            connection.sendall(get("/forks"))
            child = int(body(read_response(connection)))
        before = ready(server)
        used = processor_seconds(server)
        select.select([], [], [], 1)
        used = processor_seconds(server) - used
        os.kill(child, signal.SIGKILL)

        # A share of a busy machine, too, is more than a loop that waits.
        assert used < 0.1
        assert at_rest(server, before.descriptors).workers == before.workers


def processor_seconds(server: Server) -> float:
    (worker,) = server.workers()
    fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
    user, system = fields[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize(
    ("limit", "size"),
    [
        (MIB, 3 * MIB),
        # What is missing is in the last block, which is written when the upload is complete.
        (599_000, 600_000),
    ],
)
def test_full_disk_refuses_the_upload_only(installed: Path, limit: int, size: int) -> None:
    whole = b"b" * size
    prefix = faults.limited("RLIMIT_FSIZE", limit)
    with serving(installed, app="echo_app:app", prefix=prefix) as server:
        before = ready(server)
        answers = [
            server.ask(post(f"Content-Length: {size}", "Connection: close", body=whole)),
            server.ask(chunked(b"%x\r\n%b\r\n0\r\n\r\n" % (size, whole), "Connection: close")),
        ]

        assert list(map(status, answers)) == [503, 503]
        assert well(server)
        assert at_rest(server, before.descriptors).workers == before.workers


def test_failing_accept_ends_no_worker(installed: Path) -> None:
    with serving(installed, prefix=faults.limited("RLIMIT_NOFILE", 64)) as server:
        worker = server.get("/pid")
        descriptors = Path(f"/proc/{int(worker)}/fd")
        crowd = [server.connect() for _ in range(120)]
        for each in crowd:
            each.sendall(REQUESTS["get"][:10])

        def is_full() -> bool:
            evicted, _, _ = select.select(crowd, [], [], 0)
            return bool(evicted) or len(list(descriptors.iterdir())) > 60

        wait_until(is_full, "it can take no more")
        for each in crowd:
            each.close()

        assert server.get("/pid") == worker


def test_without_descriptors_the_worker_lives(installed: Path) -> None:
    prefix = faults.limited("RLIMIT_NOFILE", 64)
    with serving(installed, app="echo_app:app", prefix=prefix) as server:
        before = ready(server)
        crowd = [server.connect() for _ in range(120)]
        for each in crowd:
            each.sendall(REQUESTS["large"][:1000])
        assert well(server)
        for each in crowd:
            each.close()

        assert at_rest(server, before.descriptors).workers == before.workers
