"""What uv is given in place of the user's files: one flat file each, without the engine.

meinheld, in any form, and a greenlet that only an old meinheld asks for are taken out: our
own wheel is installed in a step of its own. All else means what it meant: local paths are
absolute, options keep their order, and every entry is preceded by the place it came from.
"""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from buildpack.requirements.model import (
    Entry,
    Form,
    InstallerInput,
    LocalPath,
    Option,
    Origin,
    Requirements,
    Role,
)
from buildpack.requirements.variables import VARIABLE
from buildpack.requirements.versions import only_below

# No name of the user's own reaches uv's environment: LD_PRELOAD could be one.
VARIABLE_PREFIX = "FLASKPACK_REQUIREMENT_"
# uv takes these on its command line only, and passes over them in files.
_ARGUMENTS = {
    "--pre": ("--prerelease=allow",),
    "--require-hashes": ("--require-hashes",),
}
# pip's own affairs, without a meaning for uv.
_IGNORED = ("--prefer-binary", "--use-feature")


def without_engine(requirements: Requirements, needs: Iterable[str] = ()) -> InstallerInput:
    """The texts, arguments and environment to install everything but the engine with.

    ``needs`` are requirements of ours that must take part in the same resolution.
    """
    kept = [entry for entry in requirements.entries if not is_engine(entry)]
    texts = {role: _Text() for role in Role}
    _write_options(texts[Role.REQUIREMENTS], requirements)
    index = texts[Role.REQUIREMENTS].text
    for entry in kept:
        texts[entry.role].add(entry.origin, _line(entry, requirements.app_dir))
    needs = tuple(needs)
    for need in needs:
        texts[Role.REQUIREMENTS].add_ours(need)
    places = [_line(entry, requirements.app_dir) for entry in kept if _is_elsewhere(entry)]
    project = requirements.project
    written = texts[Role.REQUIREMENTS].text + texts[Role.CONSTRAINTS].text
    used = set(VARIABLE.findall(written))
    return InstallerInput(
        requirements=texts[Role.REQUIREMENTS].text,
        constraints=texts[Role.CONSTRAINTS].text,
        index=index,
        arguments=tuple(_arguments(requirements)),
        entries=(*kept, project) if project else tuple(kept),
        requirements_origins=texts[Role.REQUIREMENTS].origins,
        constraints_origins=texts[Role.CONSTRAINTS].origins,
        environment={
            VARIABLE_PREFIX + name: value
            for name, value in requirements.variables.items()
            if VARIABLE_PREFIX + name in used
        },
        own_arguments=requirements.arguments,
        project=f"{index}{_line(project, requirements.app_dir)}\n" if project else "",
        places="".join(f"{line}\n" for line in places),
        needs=needs,
    )


def is_engine(entry: Entry) -> bool:
    """Whether an entry is meinheld, or a greenlet older than 1, which only meinheld wants."""
    if entry.name == "meinheld" or (entry.name is None and _repository(entry) == "meinheld"):
        return True
    return entry.name == "greenlet" and only_below(entry.specifier, (1,))


def _is_elsewhere(entry: Entry) -> bool:
    return entry.role is Role.REQUIREMENTS and entry.form is not Form.INDEX


def _repository(entry: Entry) -> str:
    place = entry.url.partition("#")[0].rstrip("/").rpartition("/")[2]
    return place.partition("@")[0].lower().removesuffix(".git")


class _Text:
    def __init__(self) -> None:
        self.text = ""
        self.origins: dict[int, Origin] = {}
        self._lines = 0

    def add(self, origin: Origin, line: str) -> None:
        self.text += f"# {origin}\n{line}\n"
        self._lines += 2
        self.origins[self._lines] = origin

    def add_ours(self, line: str) -> None:
        self.text += f"# added by Flaskpack\n{line}\n"
        self._lines += 2


def _write_options(text: _Text, requirements: Requirements) -> None:
    last_index = [option for option in requirements.options if option.name == "--index-url"][-1:]
    for option in requirements.options:
        if option.name in _ARGUMENTS or option.name in _IGNORED or option.name == "--trusted-host":
            continue
        # uv refuses a second --index-url; with pip the last one counts.
        if option.name == "--index-url" and option not in last_index:
            continue
        for line in _option_lines(option, requirements.app_dir):
            text.add(option.origin, line)


def _option_lines(option: Option, app_dir: Path) -> Iterable[str]:
    if option.local:
        return [f"{option.name} {_address(app_dir, option.local)}"]
    if option.name in ("--no-binary", "--only-binary"):  # uv takes one name a line
        return [f"{option.name} {name.strip()}" for name in option.value.split(",")]
    return [f"{option.name} {_renamed(option.value)}".rstrip()]


def _arguments(requirements: Requirements) -> Iterable[str]:
    seen: list[str] = []
    for option in requirements.options:
        if option.name == "--trusted-host":
            host = VARIABLE.sub(lambda found: requirements.variables[found[1]], option.value)
            seen += ["--allow-insecure-host", host]
        elif option.name in _ARGUMENTS and _ARGUMENTS[option.name][0] not in seen:
            seen += _ARGUMENTS[option.name]
    return seen


def _line(entry: Entry, app_dir: Path) -> str:
    extras = f"[{','.join(entry.extras)}]" if entry.extras else ""
    if entry.form is Form.INDEX:
        line = f"{entry.name}{extras}{entry.specifier}"
    else:
        address = _address(app_dir, entry.local) if entry.local else _renamed(entry.url)
        line = f"{address}{extras}"
        if entry.name and entry.named:
            line = f"{entry.name}{extras} @ {address}"
    if entry.marker:
        line += f" ; {entry.marker}"
    # uv takes no editable repositories; in an image an installed one is the same.
    prefix = "-e " if entry.editable and entry.local else ""
    return prefix + line + "".join(f" --hash={value}" for value in entry.hashes)


def _address(app_dir: Path, local: LocalPath) -> str:
    return "file://" + quote(str(app_dir.absolute() / local.path))


def _renamed(text: str) -> str:
    return VARIABLE.sub(lambda found: f"${{{VARIABLE_PREFIX}{found[1]}}}", text)
