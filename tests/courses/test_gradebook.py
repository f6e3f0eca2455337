"""The marks of a class on its teacher's pages, on the learner's own, and in files."""

import csv
import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts import erasing
from accounts.models import CohortMember, User
from courses.gradebook import Choice, book_of
from courses.mark_pages import own_lines
from quizzes import grades
from quizzes.grades import State
from quizzes.models import AssignmentLearner, Attempt, GradeEntry
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.courses import LessonFactory, ModuleFactory
from tests.factories.quizzes import AccommodationFactory, AssignmentFactory, QuestionFactory, QuizFactory
from tests.statements import Statements

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def attempt(
    assignment: Any, learner: User, fraction: float | None, *, number: int = 1, **fields: Any
) -> Attempt:
    """Handed in at noon on 1 March, with this score."""
    at = NOW - 9 * DAY
    row = {"started_at": at, "submitted_at": at, "submit_cause": "learner", "seed": 1, **fields}
    made: Attempt = Attempt.objects.create(
        learner=learner,
        quiz=assignment.quiz,
        quiz_revision=assignment.quiz.published,
        cohort=assignment.cohort,
        assignment=assignment,
        number=number,
        fraction=fraction,
        **row,
    )
    return made


@pytest.fixture
def world() -> SimpleNamespace:
    """A class of two, three assignments: of the lesson “Who says so?”, of no lesson, for Ann alone."""
    cohort = CohortFactory(name="9b")
    teacher = TeacherFactory(cohort=cohort)
    ann, bob = (
        CohortMemberFactory(
            cohort=cohort,
            user__display_name=name,
            user__username=name.lower(),
            real_name=real,
            joined_at=NOW - 30 * DAY,
        ).user
        for name, real in (("Ann", "=Zoë"), ("Bob", ""))
    )
    quizzes = [QuizFactory(revision__title=title) for title in ("First", "Second", "Third")]
    for quiz in quizzes:
        quiz.refresh_from_db()
    steps = [{"key": "quiz", "kind": "quiz", "title": "Quiz", "quiz": quizzes[0]}]
    LessonFactory(module=ModuleFactory(), revision__steps=steps)
    first, second, third = (
        AssignmentFactory(cohort=cohort, quiz=quiz, due_at=NOW + days * DAY, everyone=days != 3)
        for quiz, days in zip(quizzes, (-5, 2, 3), strict=True)
    )
    AssignmentLearner.objects.create(assignment=third, learner=ann)
    return SimpleNamespace(
        cohort=cohort, teacher=teacher, ann=ann, bob=bob, first=first, second=second, third=third
    )


def states(book: Any) -> dict[str, list[str | None]]:
    return {row.name: [mark and str(mark.state) for mark in row.marks] for row in book.rows}


def test_book_has_a_line_a_learner_and_a_column_an_assignment(world: SimpleNamespace) -> None:
    attempt(world.first, world.ann, 0.75)
    book = book_of(world.cohort, now=NOW)
    assert [(column.title, column.lesson, column.points) for column in book.columns] == [
        ("First", "Who says so?", 1.0),
        ("Second", "", 1.0),
        ("Third", "", 1.0),
    ]
    assert states(book) == {
        "=Zoë (Ann)": ["graded", "not_due", "not_due"],
        "Bob": ["missing", "not_due", None],
    }
    assert [row.total.fraction for row in book.rows] == [0.75, 0.0]
    assert [mean.fraction for mean in book.means()] == [0.75, None, None]


def test_choice_leaves_missing_work_out(world: SimpleNamespace) -> None:
    book = book_of(world.cohort, Choice(missing_counts=False), now=NOW)
    assert [row.total.fraction for row in book.rows] == [None, None]


def test_book_counts_what_was_granted_and_what_a_teacher_said(world: SimpleNamespace) -> None:
    AccommodationFactory(cohort=world.cohort, learner=world.bob, extra_days=7)
    grades.enter(
        assignment=world.first,
        learner=world.ann,
        kind="override",
        fraction=1.0,
        reason="Oral.",
        by=world.teacher,
    )
    assert states(book_of(world.cohort, now=NOW)) == {
        "=Zoë (Ann)": ["override", "not_due", "not_due"],
        "Bob": ["not_due", "not_due", None],
    }


def test_the_newest_word_on_a_mark_holds(world: SimpleNamespace) -> None:
    said = {"assignment": world.first, "learner": world.bob, "by": world.teacher}
    grades.enter(**said, kind="excused", reason="Ill.")
    grades.enter(**said, kind="override", fraction=0.5, reason="Came and told me.")
    assert states(book_of(world.cohort, now=NOW))["Bob"][0] == "override"
    grades.enter(**said, kind="none", reason="It was somebody else.")
    assert states(book_of(world.cohort, now=NOW))["Bob"][0] == "missing"


def test_work_due_before_somebody_came_is_not_missing(world: SimpleNamespace) -> None:
    CohortMember.objects.filter(user=world.bob).update(joined_at=NOW - 4 * DAY)
    book = book_of(world.cohort, now=NOW)
    bob = next(row for row in book.rows if row.name == "Bob")
    assert [mark and str(mark.state) for mark in bob.marks] == ["elsewhere", "not_due", None]
    assert (bob.total.fraction, bob.total.counted) == (None, 0)
    late = attempt(world.first, world.bob, 0.5)
    assert states(book_of(world.cohort, now=NOW))["Bob"][0] == "graded"
    late.delete()
    CohortMember.objects.filter(user=world.bob).update(joined_at=NOW - 5 * DAY)
    assert states(book_of(world.cohort, now=NOW))["Bob"][0] == "missing"


def test_pages_say_that_work_was_due_outside_their_time_in_the_class(
    world: SimpleNamespace, teaching: Client
) -> None:
    CohortMember.objects.filter(user=world.bob).update(joined_at=NOW - 4 * DAY)
    said = "It was due before the first day in this class, or after the last: it does not count in the total."
    assert said in teaching.get(page("marks_of", world, learner=world.bob.uuid)).content.decode()
    assert ">not in class</a>" in teaching.get(page("gradebook", world)).content.decode()
    assert (
        "what was due before a pupil came into the class"
        in teaching.get(page("gradebook", world)).content.decode()
    )


def test_previews_and_who_left_are_not_in_the_book(world: SimpleNamespace) -> None:
    attempt(world.first, world.bob, 0.5, is_preview=True)
    assert states(book_of(world.cohort, now=NOW))["Bob"][0] == "missing"
    CohortMember.objects.filter(user=world.bob).update(left_at=timezone.now())
    assert [row.username for row in book_of(world.cohort, now=NOW).rows] == ["ann"]


# Pages -----------------------------------------------------------------------------------------
@pytest.fixture
def teaching(world: SimpleNamespace, client: Client) -> Client:
    client.force_login(world.teacher)
    client.get(reverse("courses:progress"))  # what a session does once is no part of a page
    return client


def page(name: str, world: SimpleNamespace, **kwargs: Any) -> str:
    return reverse(f"courses:{name}", kwargs={"uuid": world.cohort.uuid, **kwargs})


def test_cells_say_how_a_mark_stands(world: SimpleNamespace, teaching: Client) -> None:
    world.first.late_percent, world.first.late_policy = 10, "percent"
    world.first.save()
    attempt(world.first, world.ann, 0.5, submitted_at=NOW - 4.5 * DAY)
    text = teaching.get(page("gradebook", world)).content.decode()
    ann, bob = world.ann.uuid, world.bob.uuid
    assert f'<td class="num"><a href="{ann}/#m1">45</a> <small>late</small></td>' in text
    assert f'<td class="num said missing"><a href="{bob}/#m1">missing</a></td>' in text
    assert text.count('<span class="hush">not given</span>') == 1
    assert "=Zoë (Ann)" in text


def test_names_are_escaped(world: SimpleNamespace, teaching: Client) -> None:
    CohortMember.objects.filter(user=world.bob).update(real_name="<b>B</b>")
    for name in (page("gradebook", world), page("marks_of", world, learner=world.bob.uuid)):
        text = teaching.get(name).content.decode()
        assert "&lt;b&gt;B&lt;/b&gt;" in text
        assert "<b>B</b>" not in text


@pytest.mark.parametrize(
    ("query", "total", "cell"),
    [
        pytest.param("", "50", "100", id="plain"),
        pytest.param("?drop=1", "100", "100", id="lowest dropped"),
        pytest.param("?missing=out", "100", "100", id="missing left out"),
        pytest.param("?show=points", "50", "1", id="points"),
        pytest.param("?drop=-1&missing=x", "50", "100", id="nonsense"),
    ],
)
def test_choice_is_in_the_address(
    world: SimpleNamespace, teaching: Client, query: str, total: str, cell: str
) -> None:
    AssignmentLearner.objects.all().delete()
    world.second.due_at = NOW - DAY
    world.second.save()
    attempt(world.first, world.ann, 1.0)
    text = teaching.get(page("gradebook", world) + query).content.decode()
    assert f'<td class="num total">{total}</td>' in text
    assert f'#m1">{cell}</a>' in text


def test_a_learners_page_says_how_each_mark_came_to_be(world: SimpleNamespace, teaching: Client) -> None:
    for number, fraction in enumerate((0.5, 0.8), start=1):
        attempt(world.first, world.ann, fraction, number=number)
    grades.enter(assignment=world.first, learner=world.ann, kind="excused", reason="Ill.", by=world.teacher)
    response = teaching.get(page("marks_of", world, learner=world.ann.uuid))
    line, form = response.context["lines"][0]
    assert line.steps == [
        "The best of 2 tries counts, try 2: 80\u00a0%.",
        "Excused by the teacher: it does not count in the total.",
    ]
    assert [entry.reason for entry in line.entries] == ["Ill."]
    assert len(line.attempts) == 2
    assert form is not None


def enter(client: Client, world: SimpleNamespace, **sent: str) -> Any:
    data = {"assignment": str(world.first.uuid), "kind": "override", "percent": "", "reason": "Oral.", **sent}
    return client.post(page("marks_of", world, learner=world.bob.uuid), data)


@pytest.mark.parametrize(
    ("typed", "fraction"), [("80", 0.8), ("66,5 %", 0.665), ("0", 0.0), ("100", 1.0), (" 12.5", 0.125)]
)
def test_a_teacher_sets_a_mark_by_hand(
    world: SimpleNamespace, teaching: Client, typed: str, fraction: float
) -> None:
    response = enter(teaching, world, percent=typed)
    assert response.status_code == 302
    entry = GradeEntry.objects.get()
    assert (entry.learner, entry.kind, entry.fraction, entry.reason, entry.by) == (
        world.bob,
        "override",
        pytest.approx(fraction),
        "Oral.",
        world.teacher,
    )


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"percent": "101"}, "percent"),
        ({"percent": "-1"}, "percent"),
        ({"percent": "many"}, "percent"),
        ({"percent": "NaN"}, "percent"),
        ({"percent": ""}, "percent"),
        ({"percent": "50", "reason": " "}, "reason"),
        ({"kind": "raised"}, "kind"),
        ({"kind": "none"}, "kind"),
    ],
)
def test_what_was_typed_is_kept_where_it_is_refused(
    world: SimpleNamespace, teaching: Client, sent: dict[str, str], field: str
) -> None:
    response = enter(teaching, world, **sent)
    assert response.status_code == 200
    form = next(form for _line, form in response.context["lines"] if form.is_bound)
    assert list(form.errors) == [field]
    assert f'value="{sent["percent"]}"' in response.content.decode() if sent.get("percent") else True
    assert not GradeEntry.objects.exists()


def test_an_excuse_needs_no_number(world: SimpleNamespace, teaching: Client) -> None:
    enter(teaching, world, kind="excused", percent="50")
    assert (GradeEntry.objects.get().kind, GradeEntry.objects.get().fraction) == ("excused", None)


@pytest.mark.parametrize("named", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_form_about_no_assignment_of_the_class_is_not_found(
    world: SimpleNamespace, teaching: Client, named: str
) -> None:
    assert enter(teaching, world, assignment=named).status_code == 404
    assert enter(teaching, world, assignment=str(AssignmentFactory().uuid)).status_code == 404


def test_an_assistant_looks_and_changes_nothing(world: SimpleNamespace, client: Client) -> None:
    client.force_login(CohortMemberFactory(cohort=world.cohort, assistant=True).user)
    shown = client.get(page("marks_of", world, learner=world.bob.uuid))
    assert {form for _line, form in shown.context["lines"]} == {None}
    assert enter(client, world, percent="50").status_code == 404
    assert not GradeEntry.objects.exists()


# The learner's own page ------------------------------------------------------------------------
def test_learners_see_their_own_marks_and_none_that_is_held(world: SimpleNamespace, client: Client) -> None:
    attempt(world.first, world.ann, 0.75)
    attempt(world.first, world.bob, 0.125)
    attempt(world.second, world.ann, 0.625)
    world.second.release = "held"
    world.second.save()
    grades.enter(
        assignment=world.third, learner=world.ann, kind="excused", reason="A private thing.", by=world.teacher
    )
    client.force_login(world.ann)
    response = client.get(reverse("courses:my_marks"))
    text = response.content.decode()
    assert [line.mark.state for line in response.context["lines"]] == [
        State.GRADED,
        State.HELD,
        State.EXCUSED,
    ]
    assert response.context["lines"][1].steps == ["Your teacher has not shown the marks yet."]
    assert "75\u00a0%" in text
    for hidden in ("62.5", "12.5", "A private thing", "=Zoë", "Bob"):
        assert hidden not in text


def test_what_has_not_opened_is_not_told_of(world: SimpleNamespace, client: Client) -> None:
    later = timezone.now() + DAY
    world.second.opens_at, world.second.due_at = later, later
    world.second.save()
    client.force_login(world.bob)
    lines = client.get(reverse("courses:my_marks")).context["lines"]
    assert [line.column.title for line in lines] == ["First"]


# Files -----------------------------------------------------------------------------------------
def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    workbook = load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.values) for sheet in workbook}


def test_csv_is_what_a_spreadsheet_reads(world: SimpleNamespace, teaching: Client) -> None:
    attempt(world.first, world.ann, 2 / 3)
    response = teaching.get(page("gradebook_csv", world))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="9b-20')
    assert response.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert lines == [
        ["Name", "User name", "Who says so? · First (%)", "Second (%)", "Third (%)", "Total (%)", "Counted"],
        ["'=Zoë (Ann)", "ann", "66.67", "missing", "missing", "22.22", "3"],
        ["Bob", "bob", "missing", "missing", "", "0.0", "2"],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_a_csv_is_a_formula(world: SimpleNamespace, teaching: Client, name: str) -> None:
    CohortMember.objects.filter(user=world.bob).update(real_name=name)
    text = teaching.get(page("gradebook_csv", world)).content.decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    assert f"'{name} (Bob)" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []


def test_workbook_has_numbers_and_an_explanation(world: SimpleNamespace, teaching: Client) -> None:
    attempt(world.first, world.ann, 0.75)
    CohortMember.objects.filter(user=world.bob).update(real_name="B\x0bob")
    response = teaching.get(page("gradebook_xlsx", world) + "?drop=1")
    found = sheets(response.content)
    assert list(found) == ["Marks", "How they came to be"]
    assert found["Marks"][1] == ("=Zoë (Ann)", "ann", 75, "missing", "missing", 37.5, 2)
    assert found["Marks"][2][0] == "Bob (Bob)"
    workbook = load_workbook(io.BytesIO(response.content))
    assert [workbook["Marks"].cell(2, column).data_type for column in (1, 3)] == ["s", "n"]
    told = found["How they came to be"]
    assert "Lowest marks dropped: 1." in [line[0] for line in told]
    line = ("=Zoë (Ann)", "Who says so? · First", "graded", 75, None, "One try: 75\u00a0%.")
    assert line in told


# What it costs ---------------------------------------------------------------------------------
def bulk(world: SimpleNamespace, learners: int, columns: int) -> None:
    """So many more learners and assignments, with an attempt for each pair, and some words of the teacher."""
    users = User.objects.bulk_create(
        [
            User(username=f"bulk-{n}", username_key=f"bulk-{n}", display_name=f"Bulk {n}", password="!")
            for n in range(learners)
        ]
    )
    CohortMember.objects.bulk_create([CohortMember(cohort=world.cohort, user=user) for user in users])
    question = QuestionFactory()
    quizzes = [QuizFactory(revision__questions=[question]) for _number in range(columns)]
    at = NOW - DAY
    for quiz in quizzes:
        quiz.refresh_from_db()
        assignment = AssignmentFactory(cohort=world.cohort, quiz=quiz, due_at=NOW - 2 * DAY)
        Attempt.objects.bulk_create(
            [
                Attempt(
                    learner=user,
                    quiz=quiz,
                    quiz_revision=quiz.published,
                    cohort=world.cohort,
                    assignment=assignment,
                    number=1,
                    seed=1,
                    started_at=at,
                    submitted_at=at,
                    submit_cause="learner",
                    fraction=0.5,
                )
                for user in users
            ]
        )
    if users:
        AccommodationFactory(cohort=world.cohort, learner=users[0], extra_days=3)


PAGES = ("gradebook", "gradebook_csv", "gradebook_xlsx", "marks_of")


def cost(client: Client, world: SimpleNamespace, name: str) -> int:
    kwargs = {"learner": world.ann.uuid} if name == "marks_of" else {}
    with Statements() as statements:
        assert client.get(page(name, world, **kwargs)).status_code == 200
    return len(statements.asked)


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_marks_cost_the_same_for_few_and_many(
    world: SimpleNamespace, teaching: Client, name: str
) -> None:
    few = cost(teaching, world, name)
    bulk(world, learners=7, columns=5)
    assert cost(teaching, world, name) == few
    assert few <= (16 if name == "marks_of" else 12)


def test_book_of_500_by_60_takes_at_most_12_queries(world: SimpleNamespace, teaching: Client) -> None:
    bulk(world, learners=498, columns=57)
    assert cost(teaching, world, "gradebook") <= 12
    book = book_of(world.cohort)
    assert (len(book.rows), len(book.columns)) == (500, 60)
    assert (
        sum(mark is not None and mark.fraction == 0.5 for row in book.rows for mark in row.marks) == 498 * 57
    )


def test_own_marks_cost_the_same_for_few_and_many(world: SimpleNamespace, client: Client) -> None:
    client.force_login(world.ann)
    client.get(reverse("courses:progress"))
    counts = []
    for columns in (0, 5):
        bulk(world, learners=0, columns=columns)
        with Statements() as statements:
            client.get(reverse("courses:my_marks"))
        counts.append(len(statements.asked))
    assert counts[0] == counts[1] <= 12


# What was handed in stays, with its marks -----------------------------------------------------------


def taken_back(world: SimpleNamespace) -> None:
    world.first.archived_at = NOW
    world.first.save()


def to_bob(world: SimpleNamespace) -> None:
    world.first.everyone = False
    world.first.save()
    AssignmentLearner.objects.create(assignment=world.first, learner=world.bob)


def class_over(world: SimpleNamespace) -> None:
    world.cohort.archived_at = NOW
    world.cohort.save()


@pytest.mark.parametrize("do", [taken_back, to_bob, class_over])
def test_what_was_handed_in_stays_with_its_marks(world: SimpleNamespace, teaching: Client, do: Any) -> None:
    attempt(world.first, world.ann, 0.8)
    do(world)
    [row] = [row for row in book_of(world.cohort, now=NOW).rows if row.pk == world.ann.pk]
    assert [mark.fraction for mark in row.marks if mark and mark.state is State.GRADED] == [0.8]
    mine = [line for line in own_lines(world.ann) if line.column.assignment == world.first]
    assert [line.mark.fraction for line in mine] == [0.8]
    page = reverse("courses:marks_of", kwargs={"uuid": world.cohort.uuid, "learner": world.ann.uuid})
    said = {"assignment": str(world.first.uuid), "kind": "override", "percent": "90", "reason": "Oral."}
    assert teaching.post(page, said).status_code == 302
    assert book_of(world.cohort, now=NOW).rows[0].marks[0].fraction == 0.9  # type: ignore[union-attr]


def test_what_was_taken_back_is_missing_for_nobody(world: SimpleNamespace) -> None:
    attempt(world.first, world.ann, 0.8)
    taken_back(world)
    book = book_of(world.cohort, now=NOW)
    assert [column.title for column in book.columns] == ["First (taken back)", "Second", "Third"]
    [bob] = [row for row in book.rows if row.pk == world.bob.pk]
    assert bob.marks[0] is None
    Attempt.objects.all().delete()
    assert [column.title for column in book_of(world.cohort).columns] == ["Second", "Third"]
    assert world.first not in [line.column.assignment for line in own_lines(world.bob)]


def test_what_was_said_of_marks_is_not_shown_twice(world: SimpleNamespace) -> None:
    grades.enter(assignment=world.first, learner=world.bob, kind="excused", reason="Ill.", by=world.teacher)
    taken_back(world)
    assert len(book_of(world.cohort).columns) == 3
    AssignmentFactory(cohort=world.cohort, quiz=world.first.quiz)
    assert len(book_of(world.cohort).columns) == 3


@pytest.mark.parametrize("how", ["left", "erased"])
def test_who_goes_leaves_the_means_as_they_were(client: Client, world: SimpleNamespace, how: str) -> None:
    attempt(world.first, world.ann, 1.0)
    attempt(world.first, world.bob, 0.5)
    idle = CohortMemberFactory(cohort=world.cohort)
    before = book_of(world.cohort, now=NOW)
    assert [mean.fraction for mean in before.means()] == [0.75, None, None]
    idle.left_at = timezone.now()
    idle.save()
    if how == "left":
        CohortMember.objects.filter(user=world.ann).update(left_at=timezone.now())
    else:
        erasing.erase(person=world.ann)
    book = book_of(world.cohort, now=NOW)
    assert list(states(book)) == ["Bob"]
    assert [mean.fraction for mean in book.means()] == [0.75, None, None]
    assert book.mean_of_totals() == 0.75
    client.force_login(world.teacher)
    page = client.get(reverse("courses:gradebook", args=[world.cohort.uuid])).content.decode()
    assert "with 1 who left" in page
