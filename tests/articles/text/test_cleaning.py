"""What is left of a text that comes in, and what is told of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.cleaning import MOST_CHARACTERS, MOST_TAGS, Unfit, clean
from articles.text.decoding import MOST_BYTES, Unreadable, decode
from articles.text.words import words

pytestmark = pytest.mark.pure


def told(source: str, kind: str, **how: bool) -> tuple[str, dict[str, int]]:
    """The lines with subheads marked, and how often each thing was removed."""
    cleaned = clean(source, kind, **how)
    return cleaned.marked, {one.code: one.times for one in cleaned.removed}


@pytest.mark.parametrize(
    ("source", "left", "removed"),
    [
        pytest.param("One.\n\nTwo.", "One.\nTwo.", {"blank": 1}, id="empty lines"),
        pytest.param("One.\r\nTwo.\rThree.\u2028Four.", "One.\nTwo.\nThree.\nFour.", {}, id="line ends"),
        pytest.param("a\0b\x1b c\ud800", "ab c", {"control": 3}, id="control characters and halves"),
        pytest.param("a\u200bb\ufeff c\u00ad", "ab c", {"invisible": 3}, id="nobody sees them"),
        pytest.param(
            "می\u200cخواهم a\u200d b", "می\u200cخواهم a b", {"invisible": 1}, id="a joiner that is needed"
        ),
        pytest.param("Cafe\u0301.", "Café.", {"composed": 1}, id="not NFC"),
        pytest.param("a  b\tc", "a b c", {"blanks": 2}, id="blanks"),
        pytest.param("10\u00a0000 people", "10\u00a0000 people", {}, id="a no-break space stays"),
        pytest.param("One.\n* * *\nTwo.", "One.\nTwo.", {"wordless": 1}, id="no word"),
        pytest.param("## Head\nOne.", "## Head\nOne.", {}, id="a subhead"),
        pytest.param("<p>a &amp; b</p>", "<p>a &amp; b</p>", {}, id="text is no HTML"),
    ],
)
def test_plain_text_is_cleaned(source, left, removed):
    assert told(source, "text") == (left, removed)


def test_wrapped_lines_are_joined_up_to_an_empty_one():
    assert told("One two\nthree.\n\nFour\nfive.", "text", joined=True) == (
        "One two three.\nFour five.",
        {"joined": 2},
    )


@pytest.mark.parametrize(
    ("source", "left", "removed"),
    [
        pytest.param("<h1>A</h1><p>One.<p>Two.", "## A\nOne.\nTwo.", {}, id="unclosed"),
        pytest.param("<p>x<script>alert('<p>y</p>')</script> z", "x z", {"scripts": 1}, id="script"),
        pytest.param("<style>p{}</style>x", "x", {"styles": 1}, id="style"),
        pytest.param("x<!-- y --><!--[if IE]><p>z</p><![endif]-->", "x", {"comments": 2}, id="comments"),
        pytest.param("a &amp; b &#8217;&hellip; c", "a & b ’… c", {"entities": 3}, id="entities"),
        pytest.param(
            "<a href='http://x/'>who</a> <b>said</b>", "who said", {"links": 1, "tags": 1}, id="links"
        ),
        pytest.param("<img alt='A cat' src=x>one", "one", {"images": 1}, id="images"),
        pytest.param("a<table><tr><td>1</table>b", "a\nb", {"tables": 1}, id="a table parts paragraphs"),
        pytest.param("a<br>b<ul><li>c<li>d</ul>", "a\nb\nc\nd", {}, id="lines of a list"),
        pytest.param(
            "<details><summary>Sum of it</summary>More words.</details><dialog>Said.</dialog>",
            "Sum of it\nMore words.\nSaid.",
            {},
            id="what folds",
        ),
        pytest.param(
            "One <x-tip>word</x-tip>, two<y-tip>three</y-tip>four.<o:p>Five</o:p>",
            "One word, two three four. Five",
            {"tags": 3},
            id="elements nobody knows",
        ),
        pytest.param(
            "a<canvas>Drawn</canvas><datalist><option>One</option></datalist><option>Two</option>b",
            "ab",
            {"embedded": 1, "furniture": 2},
            id="what is drawn or chosen",
        ),
        pytest.param("<p>## ## One</p><h2>## Two</h2>", "One\n## ## Two", {"marks": 1}, id="no subhead"),
        pytest.param("<nav>Home</nav><form>Search</form>a", "a", {"furniture": 2}, id="furniture"),
        pytest.param("<iframe src=x>y</iframe><video>z</video>a", "a", {"embedded": 2}, id="embedded"),
        pytest.param("<script>a</script", "", None, id="nothing left"),
        pytest.param("a &lt;b&gt; c", "a <b> c", {"entities": 2}, id="what looks like a tag"),
    ],
)
def test_html_is_cleaned(source, left, removed):
    if removed is None:
        with pytest.raises(Unfit, match="nothing"):
            clean(source, "html")
    else:
        assert told(source, "html") == (left, removed)


def test_markdown_is_read_as_commonmark():
    source = "# Head\n\nOne *two*\nthree [four](http://x).\n\n- a\n- b\n\n<script>x</script>\n"
    assert told(source, "markdown") == (
        "## Head\nOne two three four.\na\nb",
        {"tags": 1, "links": 1, "scripts": 1},
    )


@pytest.mark.parametrize(
    ("source", "kind", "code"),
    [
        pytest.param("", "text", "nothing", id="nothing"),
        pytest.param("… ***", "text", "nothing", id="no word"),
        pytest.param("a" * (MOST_CHARACTERS + 1), "text", "characters", id="characters"),
        pytest.param("a\n" * 5001, "text", "lines", id="lines"),
        pytest.param("A b. " * 6001, "text", "sentences", id="sentences"),
        pytest.param("<div>" * (MOST_TAGS + 1), "html", "tags", id="tags"),
    ],
)
def test_what_is_too_much_or_nothing_is_refused(source, kind, code):
    with pytest.raises(Unfit) as refused:
        clean(source, kind)
    assert refused.value.code == code


def test_five_thousand_sentences_are_taken():
    source = "\n".join("The board met on day one. The mayor came late." for _pair in range(2500))
    assert len(clean(source, "text").lines) == 2500


@given(st.text(max_size=60), st.sampled_from(["text", "markdown", "html"]))
def test_clean_text_is_clean_whatever_comes(source, kind):
    try:
        cleaned = clean(source, kind)
    except Unfit:
        return
    assert all(line == line.strip() and words(line) for line in cleaned.lines)
    assert len(cleaned.lines) == len(cleaned.blocks)
    cleaned.text.encode()


RUSSIAN = "Мэр сказал, что трамвай пойдёт в мае."


@pytest.mark.parametrize(
    ("data", "text", "encoding", "guessed"),
    [
        pytest.param("Café".encode(), "Café", "UTF-8", False, id="UTF-8"),
        pytest.param(b"\xef\xbb\xbfhi", "hi", "UTF-8", False, id="UTF-8 with a mark"),
        pytest.param("Café".encode("utf-16"), "Café", "UTF-16", False, id="UTF-16"),
        pytest.param(
            "The mayor".encode("utf-16-be"), "The mayor", "UTF-16", True, id="UTF-16 without a mark"
        ),
        pytest.param(RUSSIAN.encode("cp1251"), RUSSIAN, "Windows-1251", True, id="Windows-1251"),
        pytest.param(
            "“Café” – naïve".encode("cp1252"), "“Café” – naïve", "Windows-1252", True, id="Windows-1252"
        ),
        pytest.param(b"", "", "UTF-8", False, id="empty"),
    ],
)
def test_bytes_are_read(data, text, encoding, guessed):
    assert decode(data) == (text, encoding, guessed)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "binary", id="a picture"),
        pytest.param(b"%PDF-1.4\n1 0 obj", "binary", id="a document to print"),
        pytest.param(b"{\\rtf1 x}", "binary", id="a document with its looks"),
        pytest.param(b"PK\x03\x04" + b"\x00\x01\x02\x03" * 99, "binary", id="a word processor's file"),
        pytest.param(b"\xff\xfea", "mark", id="half a character"),
        pytest.param(b"\xef\xbb\xbf\xff\xff", "mark", id="not what it says"),
        pytest.param(b"a" * (MOST_BYTES + 1), "bytes", id="too large"),
    ],
)
def test_what_is_no_text_is_refused(data, code):
    with pytest.raises(Unreadable) as refused:
        decode(data)
    assert refused.value.code == code
