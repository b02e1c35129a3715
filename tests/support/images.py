"""Images of the folders in tests/apps, each built once and by a real ``pack build``."""

from collections.abc import Callable

from support.containers import Container, app
from support.packing import Packer

Run = Callable[..., Container]


class Images:
    """Names of images, built when they are first asked for."""

    def __init__(self, packer: Packer) -> None:
        self._packer = packer
        self._built: dict[str, str] = {}

    def name(self, folder: str, *options: str) -> str:
        """The image of a folder of tests/apps, built with these options of ``pack build``."""
        key = " ".join([folder, *options])
        if key not in self._built:
            # Not the folder's name: pack writes "contract" as "c_o_ntract" in its volumes'
            # names (con is a device on Windows), and they would be left behind.
            built = self._packer.build(app(folder), f"image{len(self._built)}", *options)
            assert built.exit_code == 0, built.output
            self._built[key] = built.image
        return self._built[key]
