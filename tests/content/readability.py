"""The Flesch-Kincaid grade: the years of school in the United States that a text asks for."""

import re

from articles.text.sentences import sentences
from articles.text.words import words

_SILENT = re.compile(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$")


def syllables(word: str) -> int:
    """Groups of vowels, less a silent ending; at least 1. Figures count as one."""
    letters = re.sub(r"[^a-z]", "", word.casefold())
    return max(1, len(re.findall(r"[aeiouy]+", _SILENT.sub("", letters) if len(letters) > 3 else letters)))


def grade(text: str) -> float:
    """0.39 words a sentence + 11.8 syllables a word − 15.59 (Kincaid and others, 1975)."""
    found = [text[start:end] for start, end in words(text)]
    per_sentence = len(found) / len(sentences(text))
    return 0.39 * per_sentence + 11.8 * sum(map(syllables, found)) / len(found) - 15.59
