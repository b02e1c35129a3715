"""Stands in gunicorn's place: prints what it was given, and what the included configuration says.

A foreign program, run by the start command: standard library only, imported by nobody. It reads
EXPLAIN_CPUS and EXPLAIN_MEMORY (bytes), and prints one JSON object with arguments, values, tuning
and lines.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

ARGUMENTS = sys.argv[1:]
CONF = Path(os.environ["GUNICORN_CONF"])
MODULES = os.environ["PYTHONPATH"].rpartition(":")[2]
GUNICORN = 17 << 20
"""Bytes that gunicorn itself takes, as measured with Flask and the engine."""


def main() -> None:
    sys.path.insert(0, MODULES)
    sys.argv[0] = "gunicorn"
    values, tuning = settled()
    hook = Path(os.environ["PRE_START_PATH"])
    lines = [f"The hook {hook} is sourced first" if hook.is_file() else f"There is no hook {hook}"]
    if given := os.environ.get("GUNICORN_CMD_ARGS"):
        lines.append(f"GUNICORN_CMD_ARGS: {given}")
    lines.append(" ".join(["gunicorn", *ARGUMENTS]))
    if values:
        lines.append(f"It listens on {values['bind']}")
    print(json.dumps({"arguments": ARGUMENTS, "values": values, "tuning": tuning, "lines": lines}))


def settled() -> "tuple[dict[str, Any], list[str]]":
    """The configuration's values, none where only running the app's own file would tell them."""
    if CONF.parent == Path(MODULES).parent:
        return included()
    own = f"{CONF} is the app's own, and isn't run here: what it sets is not known"
    text = CONF.read_text(encoding="utf-8", errors="replace") if CONF.is_file() else ""
    if "flaskpack_conf" not in text:
        return {}, [own]
    return {}, [own, "It imports the included one, which says:", *included()[1]]


def included() -> "tuple[dict[str, Any], list[str]]":
    """The values of the included configuration in the container, and words about the workers."""
    from flaskpack_launch import cores, listen, memory, options, workers

    if cpus := os.environ.get("EXPLAIN_CPUS"):
        cores.of_this_process = lambda: cores.Cores(float(cpus), "--cpus")
    if size := os.environ.get("EXPLAIN_MEMORY"):
        memory.of_this_process = lambda: memory.Memory(int(size), "--memory")
    listen.is_permitted = lambda *_address: True  # as in Docker, whoever explains
    import flaskpack_conf

    values = json.loads(flaskpack_conf.as_json())
    asked = flaskpack_conf._asked._replace(threads=values["threads"])
    tuning = [f"{workers.count(asked.workers, asked.threads)}: {asked.why}"]
    limit = memory.of_this_process()
    if limit:
        tuning += about_memory(workers, memory, asked, limit)
    given = options.last(options.words(sys.argv, os.environ), "-w", "--workers")
    if given is not None:
        tuning.append(f"An option for gunicorn has the last word: {given}")
    return values, tuning


def about_memory(workers: Any, memory: Any, asked: Any, limit: Any) -> "list[str]":
    """What a worker may take when it has loaded the app, by the decision itself."""

    def fits(size: int) -> Any:
        return workers.fit(asked, limit, workers.Measured(size, GUNICORN))

    has = f"{memory.words(limit.size)} of memory ({limit.origin})"
    least = memory.words(largest(lambda size: not fits(size).is_doubtful))
    if asked.named or asked.workers == 1:
        each = "it" if asked.workers == 1 else "each of them"
        said = f"{has} are enough if {each} takes up to {least} when the app is loaded"
        return [f"{said}; the number isn't cut" if asked.named else said]
    all_of_them = memory.words(largest(lambda size: fits(size).workers == asked.workers))
    return [
        f"{has} are enough for all {asked.workers} if one takes up to {all_of_them} when the app "
        f"is loaded, for one up to {least}",
        "The first one is measured, and as many run as fit",
    ]


def largest(holds: Any) -> int:
    """The largest size in bytes for which it holds, to the MiB."""
    low, high = 0, 1 << 24
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle << 20) else (low, middle)
    return low << 20


if __name__ == "__main__":
    main()
