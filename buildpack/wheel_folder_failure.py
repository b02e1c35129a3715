"""From uv's words to the package that an app's own folder of packages lacks."""

import re
import shlex

from buildpack.errors.wheel_folder import MissingPackageError
from buildpack.installer_failure.output import read_output
from buildpack.installer_failure.places import Places
from buildpack.interpreter import Interpreter
from buildpack.machines import machine_of
from buildpack.requirements import InstallerInput
from buildpack.wheel_folder import WheelFolder

_NAME = r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)"
_ABSENT = (
    re.compile(rf"{_NAME} was not found in the provided package locations"),
    re.compile(rf"{_NAME}(?:\[[^\]]*\])?(?:==\S+)? has no (?:usable )?wheels"),
    re.compile(rf"there (?:is|are) no versions? of {_NAME}"),
    re.compile(rf"only {_NAME}(?:\[[^\]]*\])?[=<>]\S+ is available"),
)
_SPECIFIER = r"(?P<specifier>[=<>!~][^\s,]+(?:,[=<>!~][^\s,]+)*)"


def explain_missing(
    words: str,
    folder: WheelFolder,
    python: Interpreter,
    arch: str,
    given: InstallerInput | None,
) -> MissingPackageError | None:
    """The error if a package is missing; None for any other failure.

    ``words`` are uv's, without credentials; ``arch`` is the target's ("amd64").
    """
    output = read_output(words)
    text = " ".join(" ".join(output.causes).split())
    found = next((match for absent in _ABSENT if (match := absent.search(text))), None)
    if not found:
        return None
    name, machine = found["name"], machine_of(arch)
    needed = name + _specifier(text, name)
    by = dict.fromkeys(re.findall(rf"(\S+) depends? on {re.escape(name)}(?![\w-])", text))
    library = f" with {python.libc} {python.libc_version}" if python.libc else ""
    return MissingPackageError(
        folder.shown,
        needed,
        tuple(by),
        folder.of(name),
        f"Python {python.minor}, {machine}{library}",
        Places(given).of_names(name),
        download_command(next(iter(folder.digests)), python, machine, needed),
    )


def download_command(folder: str, python: Interpreter, machine: str, needed: str) -> str:
    """What fills the folder, on whatever machine it runs."""
    command = ["pip", "download", "--dest", folder, "--only-binary=:all:"]
    command += ["--implementation", "cp", "--python-version", python.minor]
    for platform in _platforms(python, machine):
        command += ["--platform", platform]
    return shlex.join([*command, needed])


def _platforms(python: Interpreter, machine: str) -> tuple[str, ...]:
    """The tags to ask for: pip takes each as it stands, and derives none from it."""
    if python.libc != "glibc":
        return tuple(f"musllinux_1_{minor}_{machine}" for minor in (2, 1))
    newest = int(python.libc_version.split(".")[1])
    tags = [f"manylinux_2_{minor}_{machine}" for minor in (34, 28, 17) if minor <= newest]
    return (*tags, f"manylinux2014_{machine}")


def _specifier(text: str, name: str) -> str:
    wanted = re.search(
        rf"(?:require|depends? on) {re.escape(name)}(?:\[[^\]]*\])?{_SPECIFIER}", text
    )
    return wanted["specifier"].rstrip(",.") if wanted else ""
