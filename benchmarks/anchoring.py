"""Placing the annotations of a long article again after an edit.

usage: python benchmarks/anchoring.py [--sentences 5000] [--spans 300]
Edits a word of every second paragraph, places so many spans of the older text in the newer one, and prints
the median of five rounds; beside it a floor: cutting the newer text into words, which any way must do.
"""

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from articles.text.anchoring import Anchored, Quoted, reanchor_all
from articles.text.words import words

ROUNDS = 5


def article(sentences: int) -> str:
    """So many sentences, five a paragraph, each with a number of its own."""
    made = [
        f"The board met on day {at} and voted for pier {at * 7 % 1000} in the rain."
        for at in range(sentences)
    ]
    return "\n".join(" ".join(made[at : at + 5]) for at in range(0, sentences, 5))


def edited(text: str) -> str:
    lines = text.split("\n")
    lines[::2] = [line.replace("voted", "decided", 1) for line in lines[::2]]
    return "\n".join(lines)


def spans(text: str, count: int) -> list[Quoted]:
    """Four words each, evenly over the text."""
    cut = [(one, other) for one, other in zip(words(text), words(text)[3:], strict=False)]
    whole = [Quoted(one[0], other[1]) for one, other in cut if "\n" not in text[one[0] : other[1]]]
    return whole[:: max(1, len(whole) // count)][:count]


def median_s(work: Callable[[], object]) -> float:
    took = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sentences", type=int, default=5000)
    parser.add_argument("--spans", type=int, default=300)
    options = parser.parse_args()
    old = article(options.sentences)
    new, quoted = edited(old), spans(old, options.spans)
    ways = Counter(one.how if isinstance(one, Anchored) else "lost" for one in reanchor_all(old, new, quoted))
    ours, floor = median_s(lambda: reanchor_all(old, new, quoted)), median_s(lambda: words(new))
    print(f"{len(quoted)} spans of {len(old)} code points: {dict(ways)}")
    print(f"placed in {ours * 1000:.0f} ms; words alone {floor * 1000:.0f} ms; ratio {ours / floor:.1f}")


if __name__ == "__main__":
    main()
