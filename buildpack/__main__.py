"""Run as ``python3 -I -S -B <buildpack folder>/buildpack PHASE``, by bin/detect and bin/build.

Isolated, Python has no path of ours: the buildpack's root and its vendored modules are
put there, and nothing else.
"""

import gc
import sys
from pathlib import Path

# To look for cycles costs a phase a twentieth of its time, and has freed nothing: with 2 MB of an
# app's modules parsed, the memory is the same.
gc.disable()

ROOT = Path(__file__).resolve().parent.parent
VENDORED = ROOT / "vendor" / "python"
sys.path[:1] = [str(ROOT), str(VENDORED)]

# The path above comes first, and the modules that need vendored ones come last.
from buildpack.errors.platform import NotPackaged  # noqa: E402

if not VENDORED.is_dir():
    sys.exit(NotPackaged(ROOT, VENDORED).explanation.render())

from buildpack.cli import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
