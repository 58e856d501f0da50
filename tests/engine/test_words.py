import numpy as np
import pytest

from matching.engine.words import place_levels


@pytest.mark.parametrize("units", [1, 60, 4_100, 80_000, 600_000])
@pytest.mark.parametrize("classes", [(), ("class 3", "class 1")])
def test_packing_keeps_every_value_that_prices_may_take(
    units: int, classes: tuple[str, ...]
) -> None:
    packing = place_levels({"distance": 6_000}, units, classes)
    random = np.random.default_rng(units)
    most = np.array(packing.radix) // 2
    values = random.integers(-most, most + 1, (2000, len(most))).T
    values[:, 0], values[:, 1] = most, -most
    words = packing.pack(values)
    assert np.abs(words).max() < 2**61
    np.testing.assert_array_equal(packing.unpack(words), values)


def test_words_compare_as_levels_do() -> None:
    packing = place_levels({"distance": 2_000}, 4_100)
    random = np.random.default_rng(3)
    values = random.integers(-2, 3, (len(packing.names), 3000))
    words = packing.pack(values)
    by_level = sorted(range(3000), key=lambda k: tuple(values[:, k]))
    by_word = sorted(range(3000), key=lambda k: tuple(words[k]))
    assert [tuple(values[:, k]) for k in by_level] == [tuple(values[:, k]) for k in by_word]


def test_sums_of_words_are_words_of_sums() -> None:
    packing = place_levels({"distance": 2_000}, 4_100, ("class 1",))
    one = np.array([[1, -1, 3, 0, -1, 900, 77]]).T
    other = np.array([[0, 1, -2, 1, 1, -20, -8]]).T
    total = packing.pack(one) + packing.pack(other)
    np.testing.assert_array_equal(packing.unpack(total), one + other)


def test_a_level_that_cannot_vary_takes_no_room() -> None:
    packing = place_levels({"distance": 2_000, "wishes": 0, "ranks": 0, "sectors": 0}, 4_100)
    assert packing.radix[:3] == (1, 1, 1)
    values = np.array([[0, 0, 0, -1, 30, 5]]).T
    np.testing.assert_array_equal(packing.unpack(packing.pack(values)), values)


def test_a_level_that_no_word_holds_is_refused() -> None:
    with pytest.raises(OverflowError):
        place_levels({"distance": 2**31 - 1}, 2**31)
