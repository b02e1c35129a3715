"""Where the kernel keeps the limits of this process: the folders of its control groups.

Sources: proc_pid_cgroup(5), proc_pid_mountinfo(5), the kernel's admin-guide/cgroup-v2.rst.
"""

import re
from pathlib import Path
from typing import Callable, Iterator, NamedTuple, Optional

Read = Callable[[str], Optional[str]]
"""A file's text: None where there is no such file, "" where it can't be read."""


Parse = Callable[[str], Optional[float]]
"""A limit, or None where the text says that there is none; ValueError for any other text."""


class Limit(NamedTuple):
    """A limit in the unit of whoever looked for it, and where it comes from."""

    number: float
    origin: str


class Found(NamedTuple):
    """The limits that hold, and a few words on each thing that should say one and doesn't."""

    limits: "list[Limit]"
    doubts: "list[str]"

    def least(self) -> Limit:
        return min(self.limits, key=lambda limit: limit.number)

    def look(self, text: Optional[str], path: str, origin: str, parse: Parse) -> None:
        """Take the limit that a file's text says; None is no file, and no limit."""
        if text is None:
            return
        try:
            number = parse(text)
        except ValueError:
            self.doubts.append(f"{path} is not understood")
        else:
            if number is not None:
                self.limits.append(Limit(number, origin))


def folders(controller: str, read: Read) -> Iterator[str]:
    """The process's folder for a controller ("" is v2), then its visible ancestors.

    A limit of an ancestor counts as well: it is shared, but a ceiling.
    """
    path = _group(controller, read("/proc/self/cgroup") or "")
    if path is None:
        return
    mount = _mount(controller, path, read("/proc/self/mountinfo") or "")
    if mount is None:
        return
    root, point = mount
    # Outside of what is mounted here (another namespace's path): the mount's top is
    # all that can be seen.
    inside = path[len(root) :] if _is_in(path, root) else ""
    parts = [part for part in inside.split("/") if part]
    if ".." in parts:
        parts = []
    for length in range(len(parts), -1, -1):
        yield "/".join([point.rstrip("/"), *parts[:length]])


def whole_number(text: str) -> int:
    """ValueError for what int() takes beyond digits: it isn't the kernel's."""
    if not re.fullmatch(r"[0-9]{1,20}\n?", text):
        raise ValueError
    return int(text)


def v2_limit(text: str) -> Optional[float]:
    """A number, or "max" for none: the form of memory.max, memory.high and pids.max."""
    return None if text.strip() == "max" else whole_number(text)


def read(path: str) -> Optional[str]:
    """The real `Read`."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return ""


def _group(controller: str, groups: str) -> Optional[str]:
    for line in groups.splitlines():
        number, _, rest = line.partition(":")
        controllers, colon, path = rest.partition(":")
        v2 = number == "0" and not controllers
        if colon and (v2 if not controller else controller in controllers.split(",")):
            return path
    return None


def _mount(controller: str, path: str, mounts: str) -> Optional["tuple[str, str]"]:
    """Root within the hierarchy, and mount point, of a controller's hierarchy.

    Where it is mounted more than once, the first that shows the process's group.
    """
    fitting = []
    for line in mounts.splitlines():
        place, _, kind = line.partition(" - ")
        fields, kinds = place.split(" "), kind.split(" ")
        if len(fields) < 5 or len(kinds) < 3:
            continue
        if not controller:
            fits = kinds[0] == "cgroup2"
        else:
            fits = kinds[0] == "cgroup" and controller in kinds[2].split(",")
        if fits:
            fitting.append((_unescape(fields[3]).rstrip("/"), _unescape(fields[4])))
    return next((mount for mount in fitting if _is_in(path, mount[0])), next(iter(fitting), None))


def _is_in(path: str, root: str) -> bool:
    return (path + "/").startswith(root + "/")


def _unescape(field: str) -> str:
    """mountinfo writes blanks, tabs, newlines and backslashes as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found.group(1), 8)), field)
