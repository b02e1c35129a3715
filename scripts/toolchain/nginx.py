"""nginx, which the engine's raw requests are compared with."""

import os
import shutil
from pathlib import Path

from scripts.toolchain import debs
from scripts.toolchain.site import Site


def ready(site: Site) -> Path:
    """The machine's, else the one of its Debian release.

    That is unpacked only: installed it would listen on port 80. The libraries that it needs are
    on each Debian with certificates.
    """
    path = f"{site.env.get('PATH', '')}{os.pathsep}/usr/sbin"
    if found := shutil.which("nginx", path=path):
        return Path(found)
    return debs.kept(site, "nginx", "nginx") / "usr" / "sbin" / "nginx"
