"""What the screen says about cleaning a text, by the codes that `articles.text` gives."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.text.cleaning import Removed, Unfit
from articles.text.decoding import MOST_BYTES, Unreadable

_REMOVED: dict[str, Promise] = {
    "scripts": gettext_lazy("Scripts"),
    "styles": gettext_lazy("Style sheets"),
    "tags": gettext_lazy("Bold, italics and other marks of HTML"),
    "links": gettext_lazy("Links; their words stay"),
    "images": gettext_lazy("Pictures"),
    "tables": gettext_lazy("Tables, with what is in them"),
    "embedded": gettext_lazy("Embedded things, such as videos"),
    "furniture": gettext_lazy("Menus, forms and the page’s own title"),
    "comments": gettext_lazy("Hidden comments"),
    "entities": gettext_lazy("Codes for characters, now the characters"),
    "control": gettext_lazy("Control characters"),
    "invisible": gettext_lazy("Characters that nobody sees"),
    "composed": gettext_lazy("Letters put together from parts, now whole"),
    "blanks": gettext_lazy("Spaces in a row and tabs, now one space"),
    "blank": gettext_lazy("Empty lines"),
    "wordless": gettext_lazy("Lines without a word"),
    "marks": gettext_lazy("Marks of a subhead before a paragraph"),
    "joined": gettext_lazy("Line ends inside paragraphs"),
}


def removed(what: Removed) -> str:
    """What was taken out or changed."""
    return str(_REMOVED.get(what.code, what.code))


def unfit(error: Unfit) -> str:
    """Why a text cannot be taken in, and what to do."""
    said = {
        "nothing": _("No words are left of this. Paste the article’s own words."),
        "characters": _(
            "The text has %(count)s characters; at most %(most)s are taken in. Make several articles of it."
        ),
        "lines": _(
            "The text has %(count)s lines; at most %(most)s are taken in. Make several articles of it."
        ),
        "sentences": _(
            "The text has %(count)s sentences; at most %(most)s are taken in. Make several articles of it."
        ),
        "tags": _(
            "There are %(count)s tags in this; at most %(most)s are read. Copy the words off the page instead."
        ),
    }[error.code]
    return said % {"count": f"{error.count:,}", "most": f"{error.most:,}"}


def unreadable(error: Unreadable) -> str:
    """Why a file cannot be read, and what to do."""
    return {
        "bytes": _(
            "The file is larger than %s million bytes. Make several articles of it, or save its words only."
        )
        % f"{MOST_BYTES / 1_000_000:g}",
        "mark": _("The file does not hold what its first bytes say. Save it as UTF-8 text and try again."),
        "binary": _(
            "This is no plain text: a picture, a PDF or a word processor’s file, perhaps. Copy the words out of it "
            "and paste them, or save it as .txt, .md or .html."
        ),
    }[error.code]


def encoding(name: str, *, guessed: bool) -> str:
    """How a file's bytes were read."""
    if guessed:
        return _("Read as %s. That is a guess: look whether the letters are right.") % name
    return _("Read as %s.") % name
