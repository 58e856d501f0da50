from hashlib import blake2b

import numpy as np

from matching.engine.lottery import TIE_BITS, draw, draws, draws_of_sectors, tie_bits


def test_a_draw_can_be_redone_with_any_blake2b() -> None:
    by_hand = blake2b(b"42\x00REF-7", digest_size=8).hexdigest()
    assert draw(42, "REF-7") == int(by_hand, 16)


def test_another_seed_or_reference_gives_another_draw() -> None:
    numbers = {draw(seed, f"pupil {k}") for seed in range(20) for k in range(100)}
    assert len(numbers) == 2000


def test_draws_are_spread_evenly() -> None:
    numbers = draws(1, [f"pupil {k}" for k in range(4000)])
    counts = np.bincount((numbers >> np.uint64(60)).astype(int), minlength=16)
    assert counts.min() > 190
    assert counts.max() < 320


def test_tie_bits_are_short_and_depend_on_both_sides() -> None:
    groups = draws(5, [f"group {k}" for k in range(300)])
    slots = draws(5, [f"slot {k}" for k in range(300)])
    table = tie_bits(groups[:, None], slots[None, :])
    assert table.max() < 2**TIE_BITS
    assert len(np.unique(table)) > 85_000
    assert abs(float(table.mean()) / 2**TIE_BITS - 0.5) < 0.01


def test_a_sector_brings_the_smallest_draw_of_its_slots_whatever_its_number() -> None:
    of_slots = draws(5, [f"slot {k}" for k in range(30)])
    for numbers in ([4, 0, 63], [17, 63, 2]):
        sector = np.array([*numbers, -1, numbers[0]] * 6, dtype=np.int16)
        found = draws_of_sectors(sector, of_slots)
        assert [int(found[number]) for number in numbers] == [
            min(int(of_slots[k]) for k in range(30) if sector[k] == number) for number in numbers
        ]
        assert found[-1] == 7  # any seat of no sector that he named
