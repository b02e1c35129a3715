"""pip.conf, as far as it says something to an installer that isn't pip.

The sections [global] and [install] count, [install] more. Names are pip's: ``_`` is ``-``,
upper case is lower case.
"""

import configparser
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from buildpack.bindings.entries import shown
from buildpack.cnb.platform import Binding
from buildpack.errors.bindings import BadEntryError
from buildpack.seconds import whole_seconds

SECTIONS = ("global", "install")
SWITCHES = ("no-index", "require-hashes", "pre")
KNOWN = (
    *("index-url", "extra-index-url", "find-links", "trusted-host", "cert"),
    *("only-binary", "no-binary", *SWITCHES, "timeout", "retries"),
)
_OTHER_NAMES = {"pypi-url": "index-url", "default-timeout": "timeout"}
_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
_FALSE = frozenset({"n", "no", "f", "false", "off", "0", ""})


@dataclass(frozen=True)
class PipConf:
    """``values`` by name, one of KNOWN; a switch that is off isn't there. ``told`` is for the log.

    Values may hold secrets and are in no message.
    """

    values: Mapping[str, str]
    told: tuple[str, ...]

    def __repr__(self) -> str:
        return f"PipConf({', '.join(self.values)})"


def read_pip_conf(binding: Binding, entry: str, content: str) -> PipConf:
    """The file's settings; raises BadEntryError."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(content)
    except configparser.Error as problem:
        where = f"is no INI file{_at_line(problem)}"
        remedy = "Write a section and settings: [global], and below it index-url = https://…"
        raise BadEntryError(binding.name, entry, where, remedy) from None
    given = {
        _name(name): value
        for section in SECTIONS
        if parser.has_section(section)
        for name, value in parser.items(section)
    }
    told = [f"{entry}: {shown(name)} isn't used" for name in given if name not in KNOWN]
    told += [
        f"{entry}: [{shown(section)}] isn't used, only [global] and [install] are"
        for section in parser.sections()
        if section not in SECTIONS
    ]
    values = {name: value.strip() for name, value in given.items() if name in KNOWN}
    for name, (fits, allowed) in _CHECKS.items():
        if name in values and not fits(values[name]):
            problem_ = f"has a {name} that makes no sense"
            raise BadEntryError(binding.name, entry, problem_, f"{name} may be {allowed}.")
    return PipConf(
        {name: value for name, value in values.items() if not _off(name, value)}, tuple(told)
    )


def _name(name: str) -> str:
    plain = name.lower().replace("_", "-").removeprefix("--")
    return _OTHER_NAMES.get(plain, plain)


def _off(name: str, value: str) -> bool:
    return value.lower() in _FALSE if name in SWITCHES else not value


def _is_switch(value: str) -> bool:
    return value.lower() in _TRUE | _FALSE


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _is_seconds(value: str) -> bool:
    return whole_seconds(value) is not None


_CHECKS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    **dict.fromkeys(SWITCHES, (_is_switch, "true or false")),
    "timeout": (_is_seconds, "a number of seconds"),
    "retries": (_is_number, "a whole number"),
}


def _at_line(problem: configparser.Error) -> str:
    # str(problem) would quote the line.
    line = getattr(problem, "lineno", None)
    lines = [line] if line else [number for number, _ in getattr(problem, "errors", ())][:1]
    return f" (line {lines[0]})" if lines else ""
