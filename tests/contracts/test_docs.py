"""What the documents name is there, and what they show works."""

import re
from collections.abc import Iterator
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands
from django.urls import resolve

from articles.skills import TITLES
from courses.bundles.articles import read_article
from courses.bundles.bundle import read_bundle
from courses.bundles.faults import BundleRefused, Faults
from courses.bundles.quizzes import QuizReader
from quizzes.types import all_types

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = ROOT / "fixtures" / "read-it-twice"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "benchmarks" / "README.md"])
ROOMS = ("accounts", "articles", "quizzes", "courses", "integrations", "config")
SKILLS = frozenset(TITLES)
MADE = {
    line.strip("/\n") for line in (ROOT / ".gitignore").read_text().splitlines()
}  # not kept, so not there

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"\.?[\w-]+(\.[\w-]+)*\.(md|py|txt|in|yaml|toml|js|css|html|example)|Makefile")


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text())


def spans(page: Path) -> list[str]:
    """What stands in backticks in the prose, each once."""
    return sorted(set(re.findall(r"`([^`\n]+)`", prose(page))))


def fences(page: Path, language: str) -> list[str]:
    return [body for found, body in FENCE.findall(page.read_text()) if found == language]


def commands(page: Path) -> list[str]:
    """Every line that a reader may type."""
    shell = "".join(body for language in ("sh", "cron") for body in fences(page, language))
    return [*spans(page), *shell.splitlines()]


def code() -> str:
    """All of our code as one text, in which names are looked for."""
    files = [path for room in (*ROOMS, "tests") for path in (ROOT / room).rglob("*.*")]
    kept = [path for path in files if path.suffix in {".py", ".js"} and path != Path(__file__)]
    return "\n".join(path.read_text() for path in [*kept, ROOT / "Makefile", ROOT / ".ci" / "run"])


CODE_WORDS = frozenset(re.findall(r"\w+", code()))


def written(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + r"\Z")


@each_page
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for line in commands(page) for name in re.findall(r"^make (\w+)", line)}
    assert named - targets == set()


@each_page
def test_management_commands_exist(page: Path) -> None:
    named = {name for line in commands(page) for name in re.findall(r"manage\.py (\w+)", line)}
    assert named - set(get_commands()) == set()


@each_page
def test_paths_exist(page: Path) -> None:
    named = [
        span for span in spans(page) if written(r"[\w.<>-]+(/[\w.<>-]*)+").match(span) or FILE.fullmatch(span)
    ]
    missing = [span for span in named if span.strip("/") not in MADE and not is_there(span)]
    assert missing == []


def is_there(path: str) -> bool:
    """In the project or in a bundle; a name in angle brackets stands for any."""
    pattern = re.sub(r"<\w+>", "*", path).rstrip("/")
    return any(any(folder.glob(pattern)) for folder in (ROOT, BUNDLE))


@each_page
def test_addresses_resolve(page: Path) -> None:
    named = [span for span in spans(page) if written(r"/([\w<>-]+/)+").match(span)]
    for address in named:
        resolve(address.replace("<uuid>", "00000000-0000-4000-8000-000000000000"))


@each_page
def test_modules_and_what_they_hold_exist(page: Path) -> None:
    named = [span for span in spans(page) if written(rf"({'|'.join(ROOMS)})(\.\w+)+").match(span)]
    assert [name for name in named if not FILE.fullmatch(name) and not can_be_had(name)] == []


def can_be_had(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    try:
        import_module(name)
    except ModuleNotFoundError:
        return hasattr(import_module(module), attribute)
    return True


@each_page
def test_names_are_those_of_the_code(page: Path) -> None:
    """Variables, settings, constraints, columns, verbs and classes: every name that is spelt as in code."""
    shapes = (r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+(=.*)?", r"[a-z]+(_[a-z0-9]+)+", r"[A-Z][a-z]+([A-Z][a-z]+)+")
    named = [span for span in spans(page) if any(written(shape).match(span) for shape in shapes)]
    assert [span for span in named if span.partition("=")[0] not in CODE_WORDS] == []


def test_every_variable_of_the_site_is_told() -> None:
    settings = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r"""(?:flag|given|listed|environ\.get)\("(\w+)\"""", settings))
    assert set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)) == read
    assert read <= set(spans(ROOT / "docs" / "guides" / "operator.md"))


@each_page
def test_relative_links_resolve(page: Path) -> None:
    assert list(broken_links(page)) == []


def broken_links(page: Path) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        path, _, anchor = target.partition("#")
        if re.match(r"\w+:", target):
            continue
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and anchor not in anchors(found)):
            yield target


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


# Decisions -----------------------------------------------------------------------------------
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PARTS = ["Context", "Decision", "Rejected", "We would change our mind if"]


@pytest.mark.parametrize("record", DECISIONS, ids=lambda record: record.stem)
def test_decision_has_its_four_parts_on_one_page(record: Path) -> None:
    text = record.read_text()
    number = int(record.stem.split("-")[0])
    assert re.match(rf"# {number}\. .+ \((accepted|replaced by \d+), \d{{4}}-\d\d-\d\d\)\n", text)
    assert re.findall(r"^\*\*([^*]+)\*\*", text, re.MULTILINE) == PARTS
    assert len(text.splitlines()) <= 60


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(record.stem.split("-")[0]) for record in DECISIONS] == list(range(1, len(DECISIONS) + 1))


# What is shown works -------------------------------------------------------------------------
def test_every_question_type_has_its_section_and_an_example_that_loads(tmp_path: Path) -> None:
    page = ROOT / "docs" / "question-types.md"
    slugs = sorted(question_type.slug for question_type in all_types())
    assert sorted(re.findall(r"^## (\w+)$", page.read_text(), re.MULTILINE)) == slugs
    (tmp_path / "quizzes").mkdir()
    head = "title: Examples\nmode: practice\nquestions:\n"
    (tmp_path / "quizzes" / "examples.yaml").write_text(head + "".join(fences(page, "yaml")))
    faults = Faults()
    ferry = read_article(BUNDLE, "night-ferry", SKILLS, faults)
    assert ferry is not None
    quiz = QuizReader(tmp_path, SKILLS, {"night-ferry": ferry}, frozenset(), faults).read("examples")
    assert [str(fault) for fault in faults.found] == []
    assert quiz is not None
    assert sorted(question.type for question in quiz.questions) == slugs


@pytest.fixture
def shown(tmp_path: Path) -> Path:
    """The course that the page on bundles shows, as files."""
    text = (ROOT / "docs" / "bundles.md").read_text()
    for name, body in re.findall(
        r"^## (\S+\.(?:yaml|md))\n\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(body)
    return tmp_path


def faults_of(folder: Path) -> str:
    faults = Faults()
    read_bundle(folder, SKILLS, faults)
    return str(BundleRefused(faults)) if faults.found else ""


def shown_output(first_words: str) -> str:
    (found,) = [body for body in fences(ROOT / "docs" / "bundles.md", "text") if body.startswith(first_words)]
    return found.rstrip("\n")


def test_the_bundle_that_is_shown_has_no_fault(shown: Path) -> None:
    assert faults_of(shown) == ""


def test_the_faults_that_are_shown_are_what_slips_give(shown: Path) -> None:
    for name, right, wrong in [
        ("articles/ferry.annotations.yaml", "wants the pier", "wants the peer"),
        ("lessons/closing.yaml", "quiz: closing-quiz", "quiz: first-try"),
        ("quizzes/closing-quiz.yaml", "attempts_allowed", "attempt_allowed"),
        ("quizzes/closing-quiz.yaml", "right: [a]", "right: [c]"),
    ]:
        text = (shown / name).read_text()
        assert text.count(right) == 1
        (shown / name).write_text(text.replace(right, wrong))
    assert faults_of(shown) == shown_output("articles/ferry")


@pytest.mark.django_db
def test_the_bundle_that_is_shown_loads_as_it_says(shown: Path) -> None:
    out = StringIO()
    call_command("load_course", str(shown), stdout=out)
    assert out.getvalue().strip() == shown_output("Loaded")
