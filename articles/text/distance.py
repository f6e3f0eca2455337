"""How unlike two texts are, counted in code points put in, taken out or exchanged."""

from collections import defaultdict


def levenshtein(one: str, other: str) -> int:
    """The least number of single code points to put in, take out or exchange to turn one into the other.

    One column of the usual table at a time, its differences kept as the bits of two integers (Myers
    1999, Hyyrö 2003), so that a long quotation costs one step a code point.
    """
    if not one or not other:
        return len(one) + len(other)
    where: defaultdict[str, int] = defaultdict(int)
    for index, character in enumerate(one):
        where[character] |= 1 << index
    everything, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    up, down, distance = everything, 0, len(one)
    for character in other:
        match = where.get(character, 0)
        diagonal = (((match & up) + up) ^ up) | match | down
        right_up = down | ~(diagonal | up) & everything
        right_down = up & diagonal
        distance += bool(right_up & last) - bool(right_down & last)
        right_up = right_up << 1 | 1
        up = (right_down << 1 | ~(diagonal | right_up)) & everything
        down = right_up & diagonal & everything
    return distance
