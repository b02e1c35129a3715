"""Run as ``python3 -I -S -B <buildpack folder>/buildpack PHASE``, by bin/detect and bin/build.

Isolated, Python has no path of ours: the buildpack's root and its vendored modules are
put there, and nothing else.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:1] = [str(ROOT), str(ROOT / "vendor" / "python")]

from buildpack.cli import main  # noqa: E402  the path above comes first

sys.exit(main(sys.argv[1:]))
