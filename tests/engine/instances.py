"""Small random questions, with every rule in play."""

import numpy as np

from matching.engine.lottery import draws
from matching.engine.problem import Fixed, Pairs, Policy, Problem, Pupils, Slots, Travel, Wishes

WEEKS = ("2027-W03", "2027-W05", "2027-W06")


def tiny(number: int, policy: Policy, most: int = 7) -> Problem:
    """Instance `number` with at most `most` slots and `most` pupils."""
    random = np.random.default_rng(number)
    return around_a_town(
        number, policy, int(random.integers(1, most + 1)), int(random.integers(1, most + 1))
    )


def around_a_town(number: int, policy: Policy, slots: int, pupils: int, side: int = 4) -> Problem:
    """Instance `number`: slots and pupils on a grid of `side` × `side` points about 1 km apart.

    Distances are often equal. Every fourth instance is without wishes, so that groups form; in
    every fourth, too, pupils share a few sites but wish and name sectors each for himself. Every
    fifth holds placements, every seventh has a table of travel.
    """
    random = np.random.default_rng(number)
    whole = np.uint64(2 ** len(WEEKS) - 1)
    seats = random.choice([0, 1, 1, 1, 2, 3], slots)
    reserved = np.where(random.random(slots) < 0.3, random.integers(0, seats + 1), 0)
    slot_table = Slots(
        keys=[f"slot {k}" for k in random.permutation(10 * slots)[:slots]],
        offers=np.arange(slots),
        weeks=_some_bits(random, slots, 0.5) & whole,
        seats=seats,
        reserved=reserved,
        reserved_for=np.where(reserved > 0, random.integers(0, 2, slots), -1),
        lat=48 + random.integers(0, side, slots) / 100,
        lon=2 + random.integers(0, side, slots) / 100,
        territory=random.integers(-1, 3, slots),
        sector=random.integers(-1, 4, slots),
        accessible=random.random(slots) < 0.8,
        link_group=(random.random(slots) < 0.1).astype(int),
    )
    few_kinds, few_sites = number % 4 == 0, number % 4 == 2
    alike = few_kinds or few_sites
    kind = random.integers(0, 1 + pupils // 4, pupils) if alike else np.arange(pupils)
    keys = [f"pupil {k}" for k in random.permutation(10 * pupils)[:pupils]]
    pupil_table = Pupils(
        keys=keys,
        lottery=draws(number, keys),
        lat=(48 + random.integers(0, side, pupils) / 100)[kind],
        lon=(2 + random.integers(0, side, pupils) / 100)[kind],
        weeks=(_some_bits(random, pupils, 0.7) & whole)[kind],
        reach=random.choice([150, 250, 2000], pupils)[kind],
        class_of_service=random.choice([0, 0, 0, 1, 3], pupils)[kind],
        entitlements=random.choice([0, 0, 1, 2, 3], pupils).astype(np.uint64)[kind],
        school=random.integers(-1, 3, pupils)[kind],
        territory=random.integers(-1, 3, pupils)[kind],
        sectors=_some_bits(random, pupils, 0.4)[np.arange(pupils) if few_sites else kind]
        & np.uint64(15),
        needs_access=(random.random(pupils) < 0.1)[kind],
        link_group=np.zeros(pupils, dtype=int),
    )
    share = 0.0 if few_kinds else min(random.choice([0.2, 0.5]), 4 / slots)
    wished, refused = (
        _some_pairs(random, pupils, slots, share),
        _some_pairs(random, pupils, slots, 0.06),
    )
    travelled = _some_pairs(random, pupils, slots, 0.8)
    return Problem(
        weeks=WEEKS,
        slots=slot_table,
        pupils=pupil_table,
        wishes=Wishes(*wished, random.integers(1, 6, len(wished[0]))),
        refused=Pairs(*refused),
        fixed=_held(random, slot_table, pupils)
        if number % 5 == 0
        else _held(random, slot_table, 0),
        travel=(
            Travel(*travelled, random.integers(0, 5, len(travelled[0])) * 100)
            if number % 7 == 0
            else None
        ),
        seed=number,
        policy=policy,
    )


def shuffled(problem: Problem, number: int) -> tuple[Problem, np.ndarray, np.ndarray]:
    """The same question with rows in another order and internal numbers changed.

    Returns also where each pupil and each slot of the given problem went.
    """
    random = np.random.default_rng(number)
    slots, pupils = problem.slots, problem.pupils
    slot_order = random.permutation(len(slots.keys))
    pupil_order = random.permutation(len(pupils.keys))
    slot_place, pupil_place = np.argsort(slot_order), np.argsort(pupil_order)
    numbers, sectors = random.permutation(1000), random.permutation(64)

    def take(table: object, order: np.ndarray) -> dict[str, object]:
        columns = {}
        for name in table.__dataclass_fields__:
            values = getattr(table, name)
            if name == "keys":
                columns[name] = [values[k] for k in order]
            elif name in {"territory", "school", "offers", "link_group"}:
                columns[name] = np.where(values >= 0, numbers[values], -1)[order]
            elif name == "sector":
                columns[name] = np.where(values >= 0, sectors[values], -1)[order]
            elif name == "sectors":
                columns[name] = _renumbered(values, sectors)[order]
            else:
                columns[name] = values[order]
        return columns

    def rows(table: object) -> dict[str, np.ndarray]:
        order = random.permutation(len(table.pupil))
        columns = {name: getattr(table, name)[order] for name in table.__dataclass_fields__}
        columns["pupil"] = pupil_place[columns["pupil"]]
        columns["slot"] = slot_place[columns["slot"]]
        return columns

    other = Problem(
        weeks=problem.weeks,
        slots=Slots(**take(slots, slot_order)),
        pupils=Pupils(**take(pupils, pupil_order)),
        wishes=Wishes(**rows(problem.wishes)),
        refused=Pairs(**rows(problem.refused)),
        fixed=Fixed(**rows(problem.fixed)),
        travel=None if problem.travel is None else Travel(**rows(problem.travel)),
        seed=problem.seed,
        policy=problem.policy,
    )
    return other, pupil_place, slot_place


def _renumbered(bits: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Sets of numbers below 64 with their numbers changed."""
    found = np.zeros(len(bits), dtype=np.uint64)
    for old, new in enumerate(numbers.tolist()):
        found |= (bits >> np.uint64(old) & np.uint64(1)) << np.uint64(new)
    return found


def _some_bits(random: np.random.Generator, size: int, share: float) -> np.ndarray:
    bits = random.random((size, len(WEEKS) + 1)) < share
    return (bits * 2 ** np.arange(len(WEEKS) + 1)).sum(axis=1).astype(np.uint64)


def _some_pairs(
    random: np.random.Generator, pupils: int, slots: int, share: float
) -> tuple[np.ndarray, np.ndarray]:
    return np.nonzero(random.random((pupils, slots)) < share)


def _held(random: np.random.Generator, slots: Slots, pupils: int) -> Fixed:
    """Up to two pupils held, in seats that exist."""
    left = {False: slots.seats - slots.reserved, True: slots.reserved.copy()}
    rows = []
    for pupil in random.permutation(pupils)[:2].tolist():
        kind, slot = bool(random.integers(0, 2)), int(random.integers(0, len(slots.keys)))
        if left[kind][slot] > 0:
            left[kind][slot] -= 1
            rows.append((pupil, slot, kind, int(random.integers(-1, len(WEEKS)))))
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    return Fixed(columns[0], columns[1], np.array(columns[2], dtype=bool), columns[3])
