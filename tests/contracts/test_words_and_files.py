"""What the files themselves promise: no traces of machines, words that can be translated, one list of settings."""

import ast
import itertools
import re
from html.parser import HTMLParser

import pytest

from tests.contracts.repo_files import ROOT, every_file, every_text

pytestmark = pytest.mark.pure

# Put together here, so that this file does not hold what it looks for.
TRACES = re.compile(
    "|".join(
        [
            r"(?<![\w.@-])/(?:" + "work|root" + r")(?=[/\s\"'`)]|$)",
            "/tmp/" + "plan",
            "pypi" + r"\.org",
            "files" + r"\.pythonhosted",
        ]
    ),
    re.MULTILINE,
)
LEARNERS = ("accounts/templates/", "config/templates/", "courses/templates/", "quizzes/templates/")
#: Names that no language changes.
NAMES = {"Read it", "twice", "· Read it twice", "Home, End", "Ctrl + Home, End", "Delete", "Esc", "Tab"}
SAID = {"aria-label", "alt", "title", "placeholder", "aria-description"}


def traces(text: str) -> list[str]:
    return [found.group() for found in TRACES.finditer(text)]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("cd /" + "work/main", 1, id="a folder"),
        pytest.param("HOME=/" + "root", 1, id="a home"),
        pytest.param("see /tmp/" + "plan/x", 1, id="a plan"),
        pytest.param("https://pypi" + ".org/simple", 1, id="a registry"),
        pytest.param("home/work/x, ./workers, /workers, .github/workflows, :root", 0, id="innocent"),
    ],
)
def test_traces_are_seen(text: str, seen: int) -> None:
    assert len(traces(text)) == seen


def test_no_file_tells_of_the_machine_that_it_was_written_on() -> None:
    files = list(every_text())
    assert len(files) > 200
    assert {name: found for name, text in files if (found := traces(text))} == {}


def test_packages_are_locked_in_one_way() -> None:
    names = {path.name for path in every_file()}
    assert "uv" + ".lock" not in names
    assert {"requirements.in", "requirements.txt", "requirements-dev.in", "requirements-dev.txt"} <= names


# Words -----------------------------------------------------------------------------------------
_TAKEN_OUT = re.compile(
    r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%\s*blocktranslate.*?endblocktranslate\s*%}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SAID or (name.startswith("data-") and " " in (value or "")):
                self._note(value or "")

    def handle_data(self, data: str) -> None:
        for line in data.splitlines():
            self._note(line)

    def _note(self, text: str) -> None:
        said = " ".join(text.split())
        if re.search(r"[^\W\d_]{2}", said) and said not in NAMES:
            self.found.append(said)


def untranslated(template: str) -> list[str]:
    """Words that a reader sees or hears and gettext does not."""
    reader = _Words()
    reader.feed(_TAKEN_OUT.sub("", template))
    reader.close()
    return reader.found


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{% translate 'Hello' %} {{ name }}, 3 · “…”</p>", []),
        ("<p>Hello</p>", ["Hello"]),
        ("<p aria-label='Hello'></p>", ["Hello"]),
        ("<p class='hello there'>{# Hello #}</p>", []),
        ("<p>{% blocktranslate trimmed %}Hello {{ name }}{% endblocktranslate %} you</p>", ["you"]),
        ("<b data-said='Not saved'>{% if x %}</b>", ["Not saved"]),
    ],
)
def test_untranslated_words_are_seen(template: str, found: list[str]) -> None:
    assert untranslated(template) == found


def test_every_word_on_the_screen_can_be_translated() -> None:
    templates = {
        name: text for name, text in every_text() if name.endswith(".html") and name.startswith(LEARNERS)
    }
    assert len(templates) > 50
    assert {name: found for name, text in templates.items() if (found := untranslated(text))} == {}


# Settings --------------------------------------------------------------------------------------
_READERS = {"os.environ.get", "os.getenv"}


def variables_read(source: str) -> set[str]:
    """The names that a module asks the environment for, by itself or through a function of its own."""
    tree = ast.parse(source)
    readers = _READERS | {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and any(reader in ast.unparse(node) for reader in _READERS)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in readers and node.args:
            name = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            name = node.slice
        else:
            continue
        if isinstance(name, ast.Constant):
            found.add(str(name.value))
    return found


def test_variables_are_seen() -> None:
    source = (
        "def own(name): return os.environ.get(name)\n"
        "A = own('A'); B = os.environ['B']; C = os.getenv('C'); D = os.environ.get('D', 'E'); F = str('F')"
    )
    assert variables_read(source) == {"A", "B", "C", "D"}


def test_the_example_lists_exactly_what_the_settings_read() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    entries = [line.partition("=") for line in lines if line.strip() and not line.startswith("#")]
    remarks = [before for before, line in itertools.pairwise(lines) if not line.startswith("#")]
    read = variables_read((ROOT / "config" / "settings.py").read_text(encoding="utf-8"))
    assert sorted(name for name, _, _ in entries) == sorted(read)
    assert [remark for remark in remarks if not remark.startswith("# ")] == []  # one above each, none beside
    assert [name for name, _, value in entries if "#" in value] == []
    assert len(read) > 5


def test_nothing_but_the_settings_reads_the_environment() -> None:
    rooms = ("config/", "accounts/", "articles/", "quizzes/", "courses/")
    readers = {
        name
        for name, text in every_text()
        if name.startswith(rooms) and name.endswith(".py") and variables_read(text)
    }
    assert readers == {"config/settings.py"}


# Docstrings ------------------------------------------------------------------------------------
_NEED_NONE = re.compile(r"__init__\.py$|/apps\.py$|/migrations/|/admin(?:/|\.py$)|/urls\.py$")


def speaks(node: ast.stmt) -> bool:
    """A docstring, or the help of a command."""
    if not isinstance(node, ast.ClassDef | ast.FunctionDef) or node.name.startswith("_"):
        return False
    helps = any(isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "help" for part in node.body)
    return helps or ast.get_docstring(node) is not None


def silent(source: str) -> bool:
    """Whether nothing says what a module is for: neither itself nor any public part of it."""
    tree = ast.parse(source)
    return bool(tree.body) and ast.get_docstring(tree) is None and not any(map(speaks, tree.body))


@pytest.mark.parametrize(
    ("source", "is_silent"),
    [
        ('"""Says."""\nclass A: ...', False),
        ("", False),
        ("x = 1", True),
        ('def f(): ...\ndef _g():\n    """Says."""', True),
        ('class A: ...\nclass B:\n    """Says."""', False),
        ("class Command:\n    help = 'Says.'", False),
    ],
)
def test_silence_is_seen(source: str, is_silent: bool) -> None:
    assert silent(source) is is_silent


def test_every_module_says_what_it_is_for() -> None:
    found = [
        name
        for name, text in every_text()
        if name.endswith(".py") and not name.startswith("tests/") and not _NEED_NONE.search(f"/{name}")
        if silent(text)
    ]
    assert found == []
