"""Which layers stay as they are, and what is installed again beside what changed."""

from layers.packages import Held, Share
from layers.packages.arranging import MOST
from layers.venv.keeping import Keeping, keeping
from layers.venv.wanted import Wanted

LAYERS = {1: {"numpy": "2"}, 2: {"flask": "3", "click": "8"}, 3: {"six": "1"}}
SIZES = {"numpy": 90, "flask": 5, "click": 4, "six": 1}


def shares(layers: dict[int, dict[str, str]]) -> tuple[Share, ...]:
    return tuple(
        Share(
            number,
            tuple(
                Held(name, version, version, SIZES.get(name, 1), (), ())
                for name, version in held.items()
            ),
        )
        for number, held in layers.items()
    )


def wanted(**changes: str | None) -> Wanted:
    """All that the layers hold, but for the changes; None is no longer wanted."""
    before = {name: text for held in LAYERS.values() for name, text in held.items()}
    now = {name: text for name, text in (before | changes).items() if text is not None}
    return Wanted(now, now)


def kept(of: Keeping) -> list[int]:
    return [share.number for share in of.kept]


def test_everything_stays() -> None:
    found = keeping(shares(LAYERS), wanted())
    assert kept(found) == [1, 2, 3]
    assert (found.again, found.changed, found.last_number) == ((), frozenset(), 3)


def test_what_shared_a_layer_with_a_change_is_installed_again() -> None:
    found = keeping(shares(LAYERS), wanted(flask="3.1"))
    assert kept(found) == [1, 3]
    assert found.again == (frozenset({"click"}),)
    assert found.changed == frozenset({"flask"})
    assert found.names == frozenset({"click", "flask"})


def test_what_is_new_touches_no_layer() -> None:
    found = keeping(shares(LAYERS), wanted(redis="8"))
    assert kept(found) == [1, 2, 3]
    assert (found.again, found.changed) == ((), frozenset({"redis"}))


def test_what_is_no_longer_wanted_is_gone_with_its_layer() -> None:
    found = keeping(shares(LAYERS), wanted(click=None, six=None))
    assert kept(found) == [1]
    assert (found.again, found.changed) == ((frozenset({"flask"}),), frozenset())


def test_to_keep_less_than_half_is_not_worth_it() -> None:
    assert keeping(shares(LAYERS), wanted(numpy="3")) == Keeping()


def test_a_package_from_elsewhere_is_not_kept() -> None:
    now = {"numpy": "2", "flask": "3", "click": "8"}
    found = keeping(shares(LAYERS), Wanted(now, now, frozenset({"six"})))
    assert kept(found) == [1, 2]
    assert (found.again, found.changed) == ((), frozenset())


def test_the_smallest_layers_give_way_when_there_are_too_many() -> None:
    many = {number: {f"p{number}": "1"} for number in range(1, MOST)} | {MOST: {"numpy": "2"}}
    now = {name: text for held in many.values() for name, text in held.items()}
    found = keeping(shares(many), Wanted(now | {"new": "1"}, now | {"new": "1"}))
    assert kept(found) == [*range(2, MOST), MOST]
    assert found.changed == frozenset({"p1", "new"})
    assert found.last_number == MOST
