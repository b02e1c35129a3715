"""What is measured: four kinds of app, and gunicorn's workers with their threads."""

from benchmarks.serve.cases import APPS as SERVED
from benchmarks.serve.cases import App, Case
from benchmarks.serve.servers import Server, gunicorn

PER_CORE = 2
"""Workers, as an image has without being told."""

THREADS = (1, 4, 16, 32, 64)

MIXED = "Flask, of ten requests one computes 20 ms and three wait 50 ms"

APPS = {
    **{key: SERVED[key] for key in ("hello", "wait", "work")},
    "mixed": App("mixed", MIXED, "views", "/mixed", SERVED["hello"].length),
}

CASES = (*(Case(app, 64) for app in APPS), Case("hello", 256), Case("wait", 256))

CLASSES = {"engine": "egg:meinheld#gunicorn_worker", "gthread": "gthread"}
"""Those that run views in threads."""

SERVERS = {
    server.key: server
    for server in (
        *(
            Server(
                f"{name}-{threads}",
                f"{name}, {threads} thread" + "s" * (threads != 1),
                gunicorn(worker, "--threads", str(threads)),
                "",
            )
            for name, worker in CLASSES.items()
            for threads in THREADS
        ),
        Server("sync", "sync", gunicorn("sync"), ""),
        Server("gevent", "gevent", gunicorn("gevent"), ""),
    )
}
