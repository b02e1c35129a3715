"""That each patch's tests fail without it, and pass with it.

All patches take minutes: FLASKPACK_ENGINE_SERIES=all asks for them, else some stand for all.
"""

import os

from maker import patching, proof, recipe

COUNT = len(patching.series(recipe.ENGINE / "patches"))
SOME = (1, COUNT // 3, COUNT // 2, COUNT)


def test_patches_are_needed() -> None:
    numbers = () if os.environ.get("FLASKPACK_ENGINE_SERIES") == "all" else SOME
    verdicts = list(proof.verdicts(recipe.ENGINE, numbers, os.cpu_count() or 1))

    assert len(verdicts) == (len(numbers) or COUNT)
    assert [verdict for verdict in verdicts if verdict.problems] == []
