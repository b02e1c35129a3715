"""Run by the build image's Python, in a container: the buildpack's own work, timed.

``own_work_inside.py BUILDPACK ROUNDS`` makes apps in ``/workspace``, builds each once from
nothing, and then again and again with one line of code changed, in turn, in the state that the
lifecycle restores. It prints JSON: ``{app: {phase: [seconds, one for each round]}}`` with
``processor`` for the processor time of both phases, and under ``python`` the time to start
Python twice, which no two phases can do without.

Standard library only; imported by nobody. It is root, and the phases get the build's user.
"""

import base64
import functools
import hashlib
import http.server
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

USER, GROUP = 1001, 1000
PYTHON = "/usr/bin/python3.13"
WORK = Path("/workspace")
VERSION = "1.0.0"

FILES, REQUIREMENTS = 10_000, 300
MODULES = {"large": 1_500, "compiled": 150}
"""Python modules among the files: many, and the most that get bytecode."""

MODULE = '''\
"""Orders of the shop: what was asked for, what it costs, what became of it."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

RATES: Mapping[str, float] = {{"standard": 0.19, "reduced": 0.07, "none": 0.0}}


@dataclass(frozen=True)
class Line{n}:
    """One article in an order."""

    article: str
    amount: int
    price: float
    rate: str = "standard"

    @property
    def net(self) -> float:
        return round(self.amount * self.price, 2)

    @property
    def gross(self) -> float:
        return round(self.net * (1 + RATES[self.rate]), 2)


@dataclass
class Order{n}:
    """An order with its lines; ``paid`` is None until it is."""

    number: int
    customer: str
    lines: list[Line{n}] = field(default_factory=list)
    paid: datetime.date | None = None

    def add(self, article: str, amount: int, price: float, rate: str = "standard") -> None:
        if amount < 1:
            raise ValueError(f"an amount of {{amount}} makes no sense")
        if rate not in RATES:
            raise ValueError(f"there is no rate {{rate!r}}; there are {{', '.join(RATES)}}")
        self.lines.append(Line{n}(article, amount, price, rate))

    def total(self) -> float:
        return sum(line.gross for line in self.lines)

    def is_late(self, today: datetime.date, days: int = {n}) -> bool:
        return self.paid is None and today > self.due(days)

    def due(self, days: int) -> datetime.date:
        return datetime.date(2026, 1, 1) + datetime.timedelta(days=days)


def by_customer(orders: Iterable[Order{n}]) -> dict[str, list[Order{n}]]:
    found: dict[str, list[Order{n}]] = {{}}
    for order in orders:
        found.setdefault(order.customer, []).append(order)
    return {{name: sorted(those, key=lambda one: one.number) for name, those in found.items()}}


def summary(orders: Iterable[Order{n}]) -> str:
    rows = []
    for customer, those in by_customer(orders).items():
        open_ones = [order for order in those if order.paid is None]
        rows.append(f"{{customer}}: {{len(those)}} orders, {{len(open_ones)}} open")
        for order in open_ones:
            rows.append(f"  {{order.number:06}} {{order.total():>10.2f}}")
    return "\\n".join(rows)
'''
MAIN = "from flask import Flask\n\napp = Flask(__name__)\n"


@dataclass(frozen=True)
class App:
    """An app and the folders that the lifecycle gives it; ``files`` holds its sources."""

    name: str
    files: Mapping[str, str]

    @property
    def folder(self) -> Path:
        return WORK / self.name / "app"

    @property
    def layers(self) -> Path:
        return WORK / self.name / "layers"

    @property
    def platform(self) -> Path:
        return WORK / self.name / "platform"


def main(buildpack: Path, rounds: int) -> None:
    hello = {"main.py": MAIN, "requirements.txt": "flask\n"}
    apps = (
        *(App(name, large(modules)) for name, modules in MODULES.items()),
        App("hello", hello),
    )
    names = [*required(), "flask", "gunicorn"]
    server = index(WORK / "index", names)
    for app in apps:
        make(app, f"http://127.0.0.1:{server.server_port}/")
        for phase in ("detect", "build"):
            run(phase, app, buildpack)
    server.shutdown()
    samples: dict[str, dict[str, list[float]]] = {
        **{app.name: {"detect": [], "build": [], "processor": []} for app in apps},
        "python": {"start": []},
    }
    for number in range(rounds):
        for app in apps:
            restore(app)
            (app.folder / "main.py").write_text(f"{MAIN}# change {number}\n", encoding="utf-8")
            before = processor()
            for phase in ("detect", "build"):
                taken, said = run(phase, app, buildpack)
                samples[app.name][phase].append(taken)
            samples[app.name]["processor"].append(processor() - before)
            if "no installer runs" not in said:
                sys.exit(f"This was no code-only rebuild:\n{said}")
        samples["python"]["start"].append(nothing())
    print(json.dumps(samples))


def run(phase: str, app: App, buildpack: Path) -> tuple[float, str]:
    """Seconds, and what it said."""
    env = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "CNB_BUILDPACK_DIR": str(buildpack),
        "CNB_PLATFORM_DIR": str(app.platform),
        "CNB_LAYERS_DIR": str(app.layers),
        "CNB_BP_PLAN_PATH": str(app.layers.parent / "plan.toml"),
        "CNB_BUILD_PLAN_PATH": str(app.layers.parent / "build-plan.toml"),
        "CNB_TARGET_OS": "linux",
        "CNB_TARGET_ARCH": "amd64",
        "CNB_TARGET_DISTRO_NAME": "debian",
        "CNB_TARGET_DISTRO_VERSION": "13",
        "BP_STACK_PYTHON": "3.13",
    }
    begun = time.monotonic()
    done = subprocess.run(
        [buildpack / "bin" / phase],
        cwd=app.folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        user=USER,
        group=GROUP,
    )
    taken = time.monotonic() - begun
    if done.returncode:
        sys.exit(f"bin/{phase} for {app.name} failed:\n{done.stdout}")
    return taken, done.stdout


def processor() -> float:
    """Seconds of processor time of all that was run so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def nothing() -> float:
    """Seconds to start a Python twice, as both phases do."""
    begun = time.monotonic()
    for _ in range(2):
        subprocess.run([PYTHON, "-I", "-S", "-B", "-c", "pass"], check=True, env={})
    return time.monotonic() - begun


def make(app: App, index_url: str) -> None:
    """The app and its platform, before a first build."""
    write(app.folder, app.files)
    write(app.platform / "env", {"PIP_INDEX_URL": index_url})
    app.layers.mkdir(parents=True)
    write(app.layers.parent, {"plan.toml": ""})
    own(app.layers.parent)


def restore(app: App) -> None:
    """What the lifecycle brings back: no bytecode in the app; of the layers their metadata, and
    the contents of those that are cached."""
    # Moved, not deleted: for some seconds ext4 goes around the inodes of deleted files, and to
    # make a new one there takes five times as long. A build's folder is new.
    aside = app.layers.parent / f"aside-{time.monotonic_ns()}"
    aside.mkdir()
    for number, folder in enumerate(list(app.folder.rglob("__pycache__"))):
        folder.rename(aside / str(number))
    for description in sorted(app.layers.glob("*.toml")):
        document = tomllib.loads(description.read_text(encoding="utf-8"))
        types = document.get("types", {})
        if not types.get("cache") and description.stem not in ("launch", "store"):
            shutil.rmtree(app.layers / description.stem, ignore_errors=True)
        if not types.get("cache") and not types.get("launch"):
            if description.stem != "store":
                description.unlink()
            continue
        text = description.read_text(encoding="utf-8")
        start, end = text.index("[types]"), text.index("[metadata")
        head = text[:start] + text[end:] if start < end else text[:start]
        description.write_text(head, encoding="utf-8")
    for bill in app.layers.glob("*.sbom.*"):
        bill.unlink()
    own(app.layers)


def own(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, USER, GROUP, follow_symlinks=False)


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def required() -> list[str]:
    return [f"package-{number:03}" for number in range(REQUIREMENTS - 1)]


def large(modules: int) -> dict[str, str]:
    """25 modules a package, 100 files a folder; three requirements files, each pin explained."""
    files = {"main.py": MAIN}
    for number in range(modules - 1):
        files[f"shop/part{number // 25:02}/module{number}.py"] = MODULE.format(n=number)
    pins = [f"{name}=={VERSION}\n    # via the shop" for name in required()]
    includes = "-r requirements/base.txt\n-r requirements/web.txt\n"
    files["requirements/base.txt"] = "\n".join(pins[:100]) + "\n"
    files["requirements/web.txt"] = "\n".join(pins[100:200]) + "\n"
    files["requirements.txt"] = includes + "\n".join((*pins[200:], f"flask=={VERSION}")) + "\n"
    for number in range(FILES - len(files)):
        files[f"static/folder{number // 100:02}/picture{number}.svg"] = f"<svg id='{number}'/>\n"
    return files


def index(folder: Path, names: list[str]) -> http.server.ThreadingHTTPServer:
    """An index of tiny wheels, on this machine alone."""
    for name in names:
        page = folder / name
        page.mkdir(parents=True)
        wheel = tiny_wheel(page, name)
        link = f'<!DOCTYPE html><html><body><a href="{wheel}">{wheel}</a></body></html>\n'
        (page / "index.html").write_text(link, encoding="utf-8")
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def tiny_wheel(folder: Path, name: str) -> str:
    """Its file name."""
    plain = name.replace("-", "_")
    version = {"gunicorn": "27.0.1", "flask": VERSION}.get(name, VERSION)
    info = f"{plain}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nLicense: MIT\n"
    wheel = "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {f"{plain}.py": "x = 1\n", f"{info}/METADATA": metadata, f"{info}/WHEEL": wheel}
    digests = {
        path: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        for path, text in files.items()
    }
    record = "".join(f"{path},sha256={digests[path]},{len(text)}\n" for path, text in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    file = f"{plain}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(folder / file, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return file


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
