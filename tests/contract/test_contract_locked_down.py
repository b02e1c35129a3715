"""Containers that may do next to nothing: it runs, or says in one line what it needs."""

import pytest
from support.containers import Container
from support.images import Images, Run

NOTHING = ("--cap-drop", "ALL", "--security-opt", "no-new-privileges")
READ_ONLY = ("--read-only", "--tmpfs", "/tmp:rw,noexec,nosuid,size=16m")
OPENSHIFT = ("--user", "1000670000:0")


@pytest.mark.parametrize(
    "options",
    [
        NOTHING,
        OPENSHIFT,
        READ_ONLY,
        ("--read-only",),
        (*NOTHING, *OPENSHIFT, *READ_ONLY),
        ("--memory", "64m", "--memory-swap", "64m"),
        ("--pids-limit", "16"),
        ("--network", "none"),
        ("--ulimit", "nofile=64:64"),
        (*NOTHING, *OPENSHIFT, *READ_ONLY, "--memory", "96m", "--memory-swap", "96m",
         "--pids-limit", "24", "--cpus", "0.5"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_it_runs(run: Run, images: Images, options: tuple[str, ...]) -> None:
    container: Container = run(image=images.name("operated"), options=options)
    for _ in container.twice():
        container.wait_for_line("Booting worker")
        code, said = container.exec("healthcheck")
        assert code == 0, said
        assert "WARNING" not in container.output()[1]
        assert "ERROR" not in container.output()[1]
    assert container.stop(30) < 10
    assert container.state()["ExitCode"] == 0


def test_it_says_that_it_needs_a_folder_to_write_to(run: Run, images: Images) -> None:
    options = (*OPENSHIFT, "--read-only", "--ipc", "none")
    container: Container = run(image=images.name("operated"), options=options)
    for _ in container.twice():
        assert container.wait_for_end() == 1
        assert container.output()[1] == (
            "Error: there is no folder that the server may write to (/tmp or /dev/shm): "
            "give the container a tmpfs (docker run --tmpfs /tmp)\n"
        )


@pytest.mark.parametrize("upload", [100_000, 3_000_000])
def test_uploads_on_a_read_only_root(run: Run, images: Images, upload: int) -> None:
    """Larger ones wait in a file, which needs the tmpfs."""
    container: Container = run(
        image=images.name("operated"), options=(*NOTHING, *OPENSHIFT, *READ_ONLY)
    )
    container.start()
    container.get()
    program = (
        "import urllib.request as u; "
        f"print(len(u.urlopen('http://127.0.0.1/mark', b'x' * {upload}).read()))"
    )
    assert container.exec("python", "-c", program) == (0, f"{upload}\n")


def test_the_user_is_nobody_special(run: Run, images: Images) -> None:
    container: Container = run(image=images.name("operated"), options=(*NOTHING, *OPENSHIFT))
    container.start()
    container.get()
    code, said = container.exec("sh", "-c", "grep -E '^(Cap(Eff|Prm)|NoNewPrivs)' /proc/1/status")
    assert (code, said.split()) == (
        0,
        ["CapPrm:", "0" * 16, "CapEff:", "0" * 16, "NoNewPrivs:", "1"],
    )
    place = "import os; open('/workspace/x', 'w')"
    code, said = container.exec("python", "-c", place)
    assert code == 1
    assert said.endswith("PermissionError: [Errno 13] Permission denied: '/workspace/x'\n")
