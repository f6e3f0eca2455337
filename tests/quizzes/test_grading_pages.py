"""The pages on which a teacher grades, and what learners see of it, when."""

import json
import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quizzes import attempts, marking
from quizzes.models import Assignment, GradingDraft, SavedComment
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.quizzes import AssignmentFactory, AttemptFactory, QuestionFactory, QuizFactory
from tests.statements import Statements

pytestmark = pytest.mark.django_db

TEXT = "The council paid for a bench."
JSON = {"Accept": "application/json"}


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


@pytest.fixture
def question():
    return QuestionFactory(revision__type="rewrite", revision__title="The bench")


@pytest.fixture
def quiz(question):
    return QuizFactory(revision__questions=[question])


@pytest.fixture
def made(quiz, cohort):
    return [handed_in(quiz, cohort, number) for number in range(3)]


def handed_in(quiz, cohort, number=0):
    learner = CohortMemberFactory(cohort=cohort, real_name=f"Sam {number} Lindqvist").user
    attempt = AttemptFactory(quiz=quiz, cohort=cohort, learner=learner)
    item = attempt.items.select_related("revision").get()
    attempts.save_response(item=item, sequence=1, data={"text": TEXT})
    return attempts.submit(attempt=attempt)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def browser(teacher):
    return signed_in(teacher)


def address(question, attempt):
    return reverse("quizzes:grading-answer", kwargs={"uuid": question.uuid, "attempt": attempt.uuid})


def seen(client, where):
    """A page without the token that is another each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", client.get(where).content.decode())


def overview(question):
    return reverse("quizzes:grading-question", kwargs={"uuid": question.uuid})


def form(edition=0, do="save", comment="", **levels):
    chosen = {f"level-{ref}": str(level) for ref, level in levels.items()}
    return {"edition": edition, "do": do, "comment": comment, **chosen}


def test_the_queue_says_how_much_waits(browser, question, made):
    page = browser.get(reverse("quizzes:grading")).content.decode()
    assert "<h1>3 answers to read</h1>" in page
    assert "About 4 minutes in all." in page
    assert f'href="{overview(question)}"' in page


def test_names_stay_hidden_until_an_answer_is_graded(browser, question, made, teacher):
    graded = made[0]
    browser.post(address(question, graded), form(do="next", facts=1, wording=1))
    page = browser.get(overview(question)).content.decode()
    assert "Sam 0 Lindqvist" in page
    assert "Sam 1 Lindqvist" not in page
    assert "Lindqvist" not in browser.get(address(question, made[1])).content.decode()
    browser.post(reverse("quizzes:grading-names", kwargs={"uuid": question.uuid}), {"show": "1"})
    assert "Sam 1 Lindqvist" in browser.get(overview(question)).content.decode()
    assert "Sam 1 Lindqvist" in browser.get(address(question, made[1])).content.decode()
    browser.post(reverse("quizzes:grading-names", kwargs={"uuid": question.uuid}), {"show": "0"})
    assert "Sam 1 Lindqvist" not in browser.get(overview(question)).content.decode()


def test_done_goes_to_the_next_answer_until_none_is_left(browser, question, made):
    answer = browser.post(reverse("quizzes:grading-next", kwargs={"uuid": question.uuid}))
    seen = []
    for _answer in made:
        seen.append(answer.url)
        answer = browser.post(answer.url, form(do="next", facts=2, wording=1))
    assert set(seen) == {address(question, attempt) for attempt in made}
    assert answer.url == overview(question)
    assert GradingDraft.objects.filter(done=True).count() == 3


def test_an_answer_without_levels_is_left_for_later(browser, question, made):
    answer = browser.post(address(question, made[0]), form(do="next"))
    assert answer.url in {address(question, attempt) for attempt in made[1:]}
    assert not GradingDraft.objects.filter(done=True).exists()
    assert GradingDraft.objects.get(item__attempt=made[0]).holder is None


def test_back_goes_to_the_answer_before(browser, question, made):
    order = sorted(made, key=lambda attempt: (attempt.seed, attempt.pk))
    answer = browser.post(address(question, order[1]), form(do="previous", facts=1))
    assert answer.url == address(question, order[0])
    assert browser.post(answer.url, form(do="previous")).url == answer.url
    assert GradingDraft.objects.get(item__attempt=order[1]).levels == {"facts": 1}


def test_what_is_not_complete_says_what_is_missing_and_loses_nothing(browser, question, made):
    answer = browser.post(address(question, made[0]), form(do="next", facts=1, comment="Which day?"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "choose a level for “Wording”" in page
    assert 'name="level-facts" value="1" checked' in page
    assert "Which day?</textarea>" in page


def test_saving_by_script_tells_the_edition(browser, question, made):
    answer = browser.post(address(question, made[0]), form(facts=1), headers=JSON)
    assert answer.json() == {"edition": 1}
    answer = browser.post(address(question, made[0]), form(edition=1, facts=2), headers=JSON)
    assert answer.json() == {"edition": 2}


def test_what_another_saved_meanwhile_stands_beside_ones_own(browser, question, made, cohort, clock):
    other = signed_in(TeacherFactory(cohort=cohort, display_name="Ms. Berg"))
    other.post(address(question, made[0]), form(facts=0, comment="Thin."))
    clock.forward(301)
    mine = form(facts=2, comment="All there.")
    assert browser.post(address(question, made[0]), mine, headers=JSON).status_code == 409
    answer = browser.post(address(question, made[0]), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ms. Berg has saved this:" in page
    assert "“Thin.”" in page
    assert "All there.</textarea>" in page
    assert 'name="level-facts" value="2" checked' in page
    assert 'name="edition" value="1"' in page
    browser.post(address(question, made[0]), mine | {"edition": 1})
    assert GradingDraft.objects.get().comment == "All there."


def test_an_answer_that_another_has_open_is_shown_and_cannot_be_graded(browser, question, made, cohort):
    colleague = TeacherFactory(cohort=cohort, display_name="Ms. Berg")
    marking.claim(item=made[0].items.select_related("revision").get(), by=colleague)
    page = browser.get(address(question, made[0])).content.decode()
    assert "Ms. Berg has this answer open" in page
    assert "<fieldset" not in page
    answer = browser.post(address(question, made[0]), form(facts=1))
    assert answer.status_code == 409
    assert GradingDraft.objects.get().levels == {}


def test_comments_are_kept_inserted_and_removed_without_losing_what_is_typed(browser, question, made):
    where = address(question, made[0])
    browser.post(where, form(do="keep", facts=1, comment="Keep the number."))
    saved = SavedComment.objects.get()
    assert f'value="insert:{saved.uuid}"' in browser.get(where).content.decode()
    browser.post(where, form(edition=1, do=f"insert:{saved.uuid}", facts=1, comment="Hm."))
    assert GradingDraft.objects.get().comment == "Hm. Keep the number."
    browser.post(where, form(edition=2, do=f"archive:{saved.uuid}", facts=1, comment="Hm."))
    assert "insert:" not in browser.get(where).content.decode()
    assert GradingDraft.objects.get().comment == "Hm."
    answer = browser.post(where, form(edition=3, do="keep", facts=2))
    assert (answer.status_code, "Write the comment first" in answer.content.decode()) == (422, True)


def test_another_teachers_saved_comment_is_not_ones_own(browser, question, made):
    theirs = marking.keep_comment(by=TeacherFactory(), text="Theirs.", question=question)
    where = address(question, made[0])
    browser.post(where, form(do=f"insert:{theirs.uuid}"))
    browser.post(where, form(edition=1, do=f"archive:{theirs.uuid}"))
    theirs.refresh_from_db()
    assert (GradingDraft.objects.get().comment, theirs.archived_at) == ("", None)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"edition": "x", "level-facts": "many", "do": "fly"},
        {"edition": "9" * 30, "level-facts": "9" * 30, "do": "insert:none"},
        {"edition": "-1", "level-facts": "²", "do": "archive:"},
    ],
)
def test_what_makes_no_sense_is_no_error(browser, question, made, sent):
    assert browser.post(address(question, made[0]), sent).status_code in {302, 409, 422}


def test_the_pages_take_as_many_queries_for_one_answer_as_for_many(browser, question, quiz, cohort):
    counts = []
    first = handed_in(quiz, cohort)
    for more in (0, 6):
        for number in range(more):
            handed_in(quiz, cohort, number)
        for where in (reverse("quizzes:grading"), overview(question), address(question, first)):
            browser.get(where)
            with Statements() as statements:
                browser.get(where)
            counts.append(len(statements.asked))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 11


def test_a_learner_sees_nothing_of_a_draft_and_all_of_what_is_released(browser, question, made):
    attempt = made[0]
    learner = signed_in(attempt.learner)
    pages = [
        reverse("quizzes:attempt", kwargs={"uuid": attempt.uuid}),
        attempt.items.get().get_absolute_url(),
    ]
    programs = [
        reverse("api:attempt-detail", kwargs={"uuid": attempt.uuid}),
        reverse("api:attempt-items", kwargs={"uuid": attempt.uuid}),
    ]
    before = [seen(learner, where) for where in (*pages, *programs)]
    browser.post(address(question, attempt), form(do="next", facts=1, wording=1, comment="One fact is gone."))
    assert [seen(learner, where) for where in (*pages, *programs)] == before
    browser.post(reverse("quizzes:grading-release", kwargs={"uuid": question.uuid}))
    result, item = (learner.get(where).content.decode() for where in pages)
    assert "Right in part" in result
    assert "Your teacher has read this one." in item
    assert "One fact is gone." in item
    assert "1 of 2 points" in item
    assert "One fact is missing." in item


def test_release_says_how_many_and_that_nothing_is_left(browser, question, made):
    browser.post(address(question, made[0]), form(do="next", facts=1, wording=1))
    assert "Release 1 mark<" in browser.get(overview(question)).content.decode()
    answer = browser.post(reverse("quizzes:grading-release", kwargs={"uuid": question.uuid}))
    assert [str(message) for message in get_messages(answer.wsgi_request)][-1] == "1 mark is released."
    assert "Release " not in browser.get(overview(question)).content.decode()


def test_marks_of_a_held_assignment_are_recorded_and_said_to_be_kept(browser, question, quiz, cohort):
    AssignmentFactory(quiz=quiz, cohort=cohort, release="held")
    attempt = handed_in(quiz, cohort)
    browser.post(address(question, attempt), form(do="next", facts=1, wording=1))
    kept = "are kept until you release the assignment"
    before = browser.get(overview(question)).content.decode()
    assert ("Record 1 mark<" in before, "pupils see" in before, kept in before) == (True, False, True)
    answer = browser.post(reverse("quizzes:grading-release", kwargs={"uuid": question.uuid}))
    assert [str(message) for message in get_messages(answer.wsgi_request)][-1:] == [
        "1 mark is recorded, and kept until you release its assignment."
    ]
    after = browser.get(overview(question)).content.decode()
    work = reverse("courses:work", kwargs={"uuid": cohort.uuid})
    assert (kept in after, f'href="{work}"' in after) == (True, True)
    Assignment.objects.update(released_at=timezone.now())
    assert kept not in browser.get(overview(question)).content.decode()


def test_what_waits_stands_on_the_teachers_first_page(browser, made):
    page = browser.get(reverse("courses:classes")).content.decode()
    assert "3 answers to read, about 4 min." in page


def test_a_problem_for_programs_says_what_is_wrong(browser, question, made):
    answer = browser.post(address(question, made[0]), form(facts=7), headers=JSON)
    assert (answer.status_code, json.loads(answer.content)["detail"]) == (422, "“facts” has no level 7.")
