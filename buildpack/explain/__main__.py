"""Run as ``python3 -I -S -B <buildpack folder>/buildpack/explain PATH …``, by bin/explain."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Isolated, Python has no path of ours: it needs one before the import below.
sys.path[:1] = [str(ROOT), str(ROOT / "vendor" / "python")]

from buildpack.explain.command import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
