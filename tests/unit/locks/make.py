"""Makes the locks in this folder, and what their tools say of them.

    python make.py locks FOLDER      needs a network; FOLDER gets one environment a tool
    python make.py expected FOLDER   the expected/ folders, by the tools in FOLDER

Each file in expected/ names the command, and its lines are what the tool exports, kept to
what its markers leave on the Python and machine of its name. ``packaging`` evaluates them.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TOOLS = {
    "uv": ["uv==0.13.9", "packaging==26.3"],
    "poetry": ["poetry==2.5.1", "poetry-plugin-export==1.10.1"],
    "poetry18": ["poetry==1.8.5", "poetry-plugin-export==1.8.0"],
    "pipenv": ["pipenv==2026.10.3"],
    "pip": ["pip==26.3"],
}
LOCKS = {
    "uv-wide": ("uv", "uv lock"),
    "uv-workspace": ("uv", "uv lock"),
    "uv-conflicts": ("uv", "uv lock"),
    "poetry-new": ("poetry", "poetry lock"),
    "poetry-1.8": ("poetry18", "poetry lock"),
    "pipenv": ("pipenv", "pipenv lock --categories 'packages dev-packages docs'"),
    "pylock-pip": ("pip", "python -m pip lock flask>=3 celery[redis] -o pylock.toml"),
}
UV = "uv export --frozen --no-emit-project --no-default-groups --no-header --no-annotate"
POETRY = "poetry export --format requirements.txt"
# Folder, a name for it, extras, groups, the tool and its command.
EXPORTS = (
    ("uv-wide", "plain", "", "", "uv", UV),
    ("uv-wide", "http-dev", "http", "dev", "uv", f"{UV} --extra http --group dev"),
    ("uv-wide", "docs", "", "docs", "uv", f"{UV} --group docs"),
    ("uv-workspace", "plain", "", "", "uv", UV),
    ("uv-conflicts", "old", "old", "", "uv", f"{UV} --extra old"),
    ("uv-conflicts", "new-modern", "new", "modern", "uv", f"{UV} --extra new --group modern"),
    ("uv-conflicts", "new-ancient", "new", "ancient", "uv", f"{UV} --extra new --group ancient"),
    ("poetry-new", "plain", "", "", "poetry", f"{POETRY} --only main"),
    ("poetry-new", "http", "http", "", "poetry", f"{POETRY} --only main --extras http"),
    ("poetry-new", "dev-docs", "", "dev docs", "poetry", f"{POETRY} --with dev,docs"),
    ("poetry-1.8", "plain", "", "", "poetry18", f"{POETRY} --only main"),
    ("poetry-1.8", "http", "http", "", "poetry18", f"{POETRY} --only main --extras http"),
    ("poetry-1.8", "dev-docs", "", "dev docs", "poetry18", f"{POETRY} --with dev,docs"),
    ("pipenv", "plain", "", "", "pipenv", "pipenv requirements --hash"),
    ("pipenv", "docs", "", "docs", "pipenv",
     "pipenv requirements --hash --categories 'packages docs'"),
)  # fmt: skip
TARGETS = (("3.13.5", "x86_64"), ("3.9.2", "x86_64"), ("3.12.1", "aarch64"))
NOT_FOR_3_9 = ("uv-workspace", "uv-conflicts")


def main(step: str, folder: Path) -> None:
    for tool, packages in TOOLS.items():
        if not (folder / tool).is_dir():
            run(f"{sys.executable} -m venv {folder / tool}")
            run(f"{folder / tool}/bin/python -m pip install -q {' '.join(packages)}")
    if step == "locks":
        for name, (tool, command) in LOCKS.items():
            run(command, HERE / name, folder / tool / "bin")
    for name, which, extras, groups, tool, command in EXPORTS:
        exported = run(command, HERE / name, folder / tool / "bin")
        for python, machine in TARGETS:
            if python == "3.9.2" and name in NOT_FOR_3_9:
                continue
            lines = sorted(set(kept(exported, python, machine)))
            head = f"# made by: {TOOLS[tool][0]}, {command}\n# python: {python}\n"
            head += f"# machine: {machine}\n# extras: {extras}\n# groups: {groups}\n"
            file = HERE / name / "expected" / f"{which}_{python}_{machine}.txt"
            file.parent.mkdir(exist_ok=True)
            file.write_text(head + "".join(f"{line}\n" for line in lines))


def run(command: str, where: Path = HERE, tools: Path | None = None) -> str:
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    environment |= {"POETRY_VIRTUALENVS_CREATE": "false", "PIPENV_IGNORE_VIRTUALENVS": "1"}
    done = subprocess.run(
        ["sh", "-c", command], cwd=where, env=environment, check=True, text=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    return done.stdout


def kept(exported: str, python: str, machine: str) -> list[str]:
    """``name==version`` and the number of hashes, of the lines that are for this target."""
    from packaging.requirements import InvalidRequirement, Requirement

    environment = {
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "platform_machine": machine,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    found = []
    for line in exported.replace("\\\n", " ").splitlines():
        plain, hashes = re.sub(r"\s--hash=\S+", "", line).strip(), line.count("--hash=")
        if not plain or plain.startswith(("#", "-i ", "--")):
            continue
        try:
            requirement = Requirement(plain)
        except InvalidRequirement:  # a path
            found.append(plain)
            continue
        if not requirement.marker or requirement.marker.evaluate(environment):
            found.append(f"{requirement.name}{requirement.specifier} {hashes}")
    return found


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).absolute())
