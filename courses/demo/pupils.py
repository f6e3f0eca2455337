"""Pupils who do not exist: what they are called, how well they read, and how they work."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

#: Given and family names of many places, put together by chance: no pair is meant to be anybody.
_GIVEN = (
    "Amara Bilal Chiara Dawit Elif Farah Goran Hana Ines Jonas Kaveh Leila Mateo Ngozi Oluwaseun Priya "
    "Quentin Rosa Samira Tomasz Uma Viktor Wen Ximena Yusuf Zofia Aiko Bruno Celeste Dilnoza Emeka Freya "
    "Guleed Hyejin Idris Jasmin Kofi Lucía Mirek Nadia Oksana Pavel Ravi Siân Thandi Umut Vera Wanjiru "
    "Yara Zainab"
)
_FAMILY = (
    "Adeyemi Bergström Castellano Demir Eriksen Ferreira Ghebre Hoxha Ivanova Jovanović Kowalczyk Lindgren "
    "Mbeki Nakamura Okonkwo Petrov Quispe Rahman Sandoval Tesfaye Ueda Varga Wójcik Xu Yılmaz Zaman "
    "Abdi Brandt Chowdhury Dlamini Espinoza Fofana Grigoryan Haddad Iqbal Jansen Kamau Lopes Mehta Novak "
    "Orozco Park Reyes Sow Tran Vermeulen Walker Yusupova"
)
#: Nicknames: 48 by 48, each once before any comes with a number.
_COLOURS = (
    "Amber Ashen Azure Blue Brass Bright Bronze Brown Calm Chalk Cobalt Copper Coral Crimson Dusky Early "
    "Frosty Gentle Golden Green Grey Hazel Indigo Ivory Jade Lilac Lucky Mellow Misty Mossy Navy Nimble "
    "Olive Patient Pearl Plum Quick Quiet Russet Sandy Scarlet Silver Snowy Steady Tawny Teal Violet Wild"
)
_CREATURES = (
    "Badger Beaver Bison Bittern Cricket Curlew Dolphin Dormouse Dragonfly Egret Falcon Ferret Finch Firefly "
    "Fox Gecko Goose Grebe Hare Hedgehog Ibex Ibis Jackdaw Kestrel Kite Lark Lemur Linnet Lynx Marten Mole "
    "Moth Newt Octopus Osprey Otter Owl Panther Pelican Plover Puffin Robin Seal Stoat Swift Tern Toad Wren"
)

GIVEN, FAMILY, COLOURS, CREATURES = (names.split() for names in (_GIVEN, _FAMILY, _COLOURS, _CREATURES))


@dataclass(frozen=True)
class Pupil:
    """`skill` by slug and `ability` for any other, `over` and `diligence` are chances from 0 to 1.

    `ability` is how likely one judgement is right at a first try; `over` how likely sound reporting is
    marked too; `diligence` how likely a lesson is done at all. `pace` multiplies the time that things
    take; `days_late` is how late they hand in when they are late.
    """

    nickname: str
    real_name: str
    ability: float
    skill: dict[str, float]
    over: float
    diligence: float
    late: float
    days_late: int
    pace: float

    def skill_in(self, slugs: list[str]) -> float:
        """For a question of these skills: the mean."""
        known = [self.skill.get(slug, self.ability) for slug in slugs] or [self.ability]
        return sum(known) / len(known)


def pupils(count: int, chance: Random, skills: list[str]) -> Iterator[Pupil]:
    """As many as asked for, the same for the same `chance`: mostly middling, some strong, some absent."""
    nicknames = _nicknames(chance)
    for _number in range(count):
        ability = _between(0.3, 0.95, chance.gauss(0.68, 0.15))
        # One in seven marks whatever sounds strong; one in nine hardly ever comes.
        over = chance.uniform(0.45, 0.75) if chance.random() < 1 / 7 else chance.uniform(0.02, 0.2)
        diligence = chance.uniform(0.1, 0.45) if chance.random() < 1 / 9 else chance.uniform(0.85, 1)
        real = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
        yield Pupil(
            nickname=next(nicknames),
            real_name=real if chance.random() < 0.9 else "",
            ability=ability,
            skill={slug: _between(0.15, 0.98, ability + chance.gauss(0, 0.12)) for slug in skills},
            over=over,
            diligence=diligence,
            late=chance.choice([0.02, 0.05, 0.1, 0.5]),
            days_late=chance.choice([1, 1, 2, 3]),
            pace=_between(0.5, 2, chance.gauss(1, 0.3)),
        )


def _nicknames(chance: Random) -> Iterator[str]:
    pairs = [f"{colour} {creature}" for colour in COLOURS for creature in CREATURES]
    chance.shuffle(pairs)
    yield from pairs
    number = 2
    while True:
        yield from (f"{pair} {number}" for pair in pairs)
        number += 1


def _between(least: float, most: float, value: float) -> float:
    return min(most, max(least, value))
