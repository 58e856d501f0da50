"""The best answer to a tiny folder by trying everything, from the texts of the files alone.

It shares nothing with the matcher but the lottery's formula, which is a published rule.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

WEEKS = ("2027-W05", "2027-W06", "2027-W07")


@dataclass
class World:
    """Lines as dictionaries of text, as a person would type them."""

    offers: list[dict[str, str]]
    pupils: list[dict[str, str]]
    wishes: list[dict[str, str]]
    accepted: list[dict[str, str]]
    refused: list[dict[str, str]]
    travel: list[dict[str, str]]

    def files(self) -> dict[str, str]:
        """The files, but for those without a line (a list of trips always has some)."""
        named = {"offers": self.offers, "pupils": self.pupils, "travel": self.travel}
        named |= {"wishes": self.wishes, "accepted": self.accepted, "refused": self.refused}
        return {
            name: "\n".join([";".join(rows[0]), *(";".join(row.values()) for row in rows)]) + "\n"
            for name, rows in named.items()
            if rows
        }


def any_world(seed: int) -> World:
    """A small world with a bit of everything; too few seats most of the time."""
    draw = random.Random(seed)
    here = {"postcode": "44600", "commune": "Saint-Nazaire"}
    offers = []
    for number in range(draw.randint(1, 3)):
        for week in draw.sample([*WEEKS, "", "2027-W05 2027-W06"], draw.randint(1, 2)):
            seats = draw.randint(1, 2)
            reserved = draw.choice([0, 0, 1, seats])
            offers.append(
                {"offer": f"o{number}", **here, "week": week, "seats": str(seats),
                 "reserved": str(reserved), "reserved_for": "rep" if reserved else "",
                 "sector": draw.choice(["", "bois", "metal"]),
                 "territory": draw.choice(["-", "north", "south"]),
                 "accessible": draw.choice("011")}
            )  # fmt: skip
    names = sorted({offer["offer"] for offer in offers})
    pupils = [
        {"pupil": f"p{number}", **here, "weeks": " ".join(draw.sample(WEEKS, draw.randint(0, 2))),
         "max_km": draw.choice(["", "2", "3,5"]), "class_of_service": draw.choice(["", "0", "1"]),
         "entitled": draw.choice(["", "", "rep", "rep rep_plus"]),
         "territory": draw.choice(["-", "north", "south"]),
         "sectors": draw.choice(["", "bois", "metal bois"]),
         "needs_access": draw.choice(["", "", "", "1"])}
        for number in range(draw.randint(1, 5))
    ]  # fmt: skip
    pairs = [(pupil["pupil"], name) for pupil in pupils for name in names]
    named = [{"pupil": pupil, "offer": name} for pupil, name in pairs]
    wishes = [pair | {"rank": str(draw.randint(1, 5))} for pair in named if draw.random() < 0.4]
    refused = [dict(pair) for pair in named if draw.random() < 0.08]
    travel = [
        pair | {"km": draw.choice(["0", "1,23", "2", "2.01", "3.5", "3,51", "12"])}
        for pair in named
        if draw.random() < 0.9
    ]
    # Somebody may hold the only seat of a line of one week; whether he is in reach is no matter.
    free = [
        {"pupil": pupil["pupil"], "offer": offer["offer"], "week": offer["week"]}
        for pupil in pupils
        for offer in offers
        if offer["week"] in WEEKS
        and offer["week"] in (pupil["weeks"] or offer["week"])
        and offer["reserved"] == "0"
        and {"pupil": pupil["pupil"], "offer": offer["offer"]} not in refused
    ]
    accepted = [draw.choice(free)] if free and draw.random() < 0.3 else []
    return World(offers, pupils, wishes, accepted, refused, travel or [named[0] | {"km": "1"}])


def best(world: World, policy: str, seed: int) -> tuple[dict[str, int], set[str]]:
    """(value of each level by name, who is placed) of a best answer; ties are left aside."""
    _, levels, placed = max(
        (_judged(world, seats, policy, seed) for seats in _answers(world)), key=lambda one: one[0]
    )
    return levels, placed


Seats = dict[int, tuple[int, bool]]  # row of the pupil → row of the offer, is the seat reserved


def _answers(world: World) -> Iterator[Seats]:
    """Every allowed way to give seats."""
    free = {}
    for row, offer in enumerate(world.offers):
        free[row, True] = int(offer["reserved"])
        free[row, False] = int(offer["seats"]) - int(offer["reserved"])
    held: Seats = {}
    for line in world.accepted:
        offer_row = next(
            row for row, offer in enumerate(world.offers)
            if (offer["offer"], offer["week"]) == (line["offer"], line["week"])
        )  # fmt: skip
        pupil_row = [pupil["pupil"] for pupil in world.pupils].index(line["pupil"])
        held[pupil_row] = offer_row, False
        free[offer_row, False] -= 1

    def from_pupil(row: int, seats: Seats) -> Iterator[Seats]:
        if row == len(world.pupils):
            yield dict(seats)
            return
        if row in held:
            yield from from_pupil(row + 1, seats)
            return
        yield from from_pupil(row + 1, seats)
        for seat in free:
            if free[seat] and _allowed(world, world.pupils[row], world.offers[seat[0]], seat[1]):
                free[seat] -= 1
                seats[row] = seat
                yield from from_pupil(row + 1, seats)
                del seats[row]
                free[seat] += 1

    return from_pupil(0, dict(held))


def _allowed(world: World, pupil: dict[str, str], offer: dict[str, str], reserved: bool) -> bool:
    weeks = set(pupil["weeks"].split()) or set(WEEKS)
    km = _km(world, pupil, offer)
    return (
        bool(weeks & (set(offer["week"].split()) or set(WEEKS)))
        and km is not None
        and km <= round(float(pupil["max_km"].replace(",", ".") or 20) * 100)
        and (not reserved or "rep" in pupil["entitled"].split())
        and (offer["accessible"] == "1" or pupil["needs_access"] != "1")
        and {"pupil": pupil["pupil"], "offer": offer["offer"]} not in world.refused
    )


def _km(world: World, pupil: dict[str, str], offer: dict[str, str]) -> int | None:
    for trip in world.travel:
        if (trip["pupil"], trip["offer"]) == (pupil["pupil"], offer["offer"]):
            return round(float(trip["km"].replace(",", ".")) * 100)
    return None


def _judged(
    world: World, seats: Seats, policy: str, seed: int
) -> tuple[tuple[object, ...], dict[str, int], set[str]]:
    values = dict.fromkeys(["placed", "wishes", "ranks", "sectors", "territory", "distance"], 0)
    values["placed"] = len(seats)
    for row, (at, _) in seats.items():
        pupil, offer = world.pupils[row], world.offers[at]
        rank = next(
            (int(wish["rank"]) for wish in world.wishes
             if (wish["pupil"], wish["offer"]) == (pupil["pupil"], offer["offer"])),
            0,
        )  # fmt: skip
        values["wishes"] += rank > 0
        values["ranks"] += rank
        values["sectors"] += not rank and offer["sector"] in pupil["sectors"].split()
        values["territory"] += pupil["territory"] == offer["territory"] != "-"
        values["distance"] += _km(world, pupil, offer) or 0
    where = (
        values["wishes"], -values["ranks"], values["sectors"], values["territory"],
        -values["distance"],
    )  # fmt: skip
    classes = [int(pupil["class_of_service"] or 0) for pupil in world.pupils]
    if policy == "best_total":
        who = tuple(
            sum(classes[row] == value for row in seats) for value in sorted(set(classes))[::-1]
        )
    else:
        order = sorted(
            range(len(classes)),
            key=lambda row: (-classes[row], _lottery(seed, world.pupils[row]["pupil"])),
        )
        who = tuple(int(row in seats) for row in order)
    placed = {world.pupils[row]["pupil"] for row in seats}
    return (len(seats), who, *where), values, placed


def _lottery(seed: int, reference: str) -> int:
    digest = blake2b(f"{seed}\0{reference}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")
