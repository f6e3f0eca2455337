"""The short way: from an article's annotations to a running exercise, on one page."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import roles
from accounts.models import Organisation
from articles import publishing
from articles.models import AnnotationSet, Article, ArticleRevision
from courses.models import Course, Lesson, LessonRevision
from quizzes.models import Question, QuestionKey, QuestionRevision, Quiz, QuizRevision
from tests.admin.pages import address, page_of, said
from tests.admin.staff import with_role
from tests.factories.accounts import OrganisationFactory, OrganisationMemberFactory, StaffFactory
from tests.factories.articles import AnnotationFactory, ArticleRevisionFactory, SkillFactory
from tests.factories.courses import CourseFactory, LessonFactory

pytestmark = pytest.mark.django_db
ALL_MADE = (Course, Lesson, LessonRevision, Quiz, QuizRevision, Question, QuestionRevision)
LINK = "Make an exercise from this article"


def annotated(organisation, *, published=True, **fields):
    """A revision of two paragraphs with a required annotation in the first."""
    revision = ArticleRevisionFactory(article__organisation=organisation)
    AnnotationFactory(set__revision=revision, **fields)
    if published:
        publishing.publish(revision=revision)
    return revision


@pytest.fixture
def school():
    return OrganisationFactory(name="Northfield")


def works_as(client, organisation, *given):
    user = StaffFactory()
    for role in given:
        with_role(user, role)
    OrganisationMemberFactory(organisation=organisation, user=user)
    client.force_login(user)
    return user


@pytest.fixture
def author(client, school):
    """Who writes, and may not publish."""
    return works_as(client, school, roles.AUTHOR)


@pytest.fixture
def reviewer(client, school):
    """Who writes and publishes."""
    return works_as(client, school, roles.AUTHOR, roles.REVIEWER)


def url(revision):
    return address(Course, "exercise", revision.pk)


def filled(client, revision, **other):
    """The form as it is offered, as a browser would send it back."""
    form = client.get(url(revision)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None} | other


def make(client, revision, button="_publish", **other):
    return client.post(url(revision), filled(client, revision, **other) | {button: "1"})


def errors(response):
    assert response.status_code == 200
    found = response.context["form"].errors
    return {name: list(texts) for name, texts in found.items()}


def made():
    return [model.objects.count() for model in ALL_MADE]


# Made ------------------------------------------------------------------------------------------
def test_an_exercise_is_published_with_a_course_of_its_own(client, reviewer, school):
    revision = annotated(school)
    response = make(client, revision)
    lesson = LessonRevision.objects.get()
    assert response["Location"] == address(Course, "exercise_made", lesson.pk)
    course = lesson.lesson.course
    assert (course.organisation, course.title, course.published_at is None) == (
        school,
        "The night ferry",
        False,
    )
    assert (lesson.title, lesson.lesson.published, lesson.minutes) == ("The night ferry", lesson, 5)
    practice, reading = lesson.steps.order_by("position")
    assert (practice.kind, practice.quiz.mode, practice.quiz.published.title) == (
        "practice",
        "practice",
        "The night ferry",
    )
    assert (reading.kind, reading.article, reading.first_line, reading.last_line, reading.skill.slug) == (
        "read",
        revision.article,
        1,
        2,
        "attribution",
    )


def test_the_question_quotes_the_article_and_copies_its_key(client, reviewer, school):
    revision = annotated(school)
    make(client, revision)
    question = QuestionRevision.objects.get()
    assert (question.type, question.article_revision, question.start, question.end) == (
        "mark_spans",
        revision,
        0,
        len(revision.text),
    )
    assert [skill.slug for skill in question.skills.all()] == ["attribution"]
    key = QuestionKey.objects.get()
    assert (key.origin_set, key.key["spans"][0]["rationale"]) == (
        AnnotationSet.objects.get(),
        "It names nobody who could know.",
    )


def test_each_skill_has_a_question_and_the_reading_then_shows_all(client, reviewer, school):
    revision = annotated(school, published=False)
    second = SkillFactory(slug="checkability")
    AnnotationFactory(set=revision.annotation_sets.get(), skill=second, start=28, end=67)
    publishing.publish(revision=revision)
    both = [SkillFactory().pk, second.pk]
    make(client, revision, skills=both)
    lesson = LessonRevision.objects.get()
    assert lesson.minutes == 8
    slots = lesson.steps.get(kind="practice").quiz.published.slots.order_by("position")
    assert [slot.question.published.skills.get().slug for slot in slots] == ["attribution", "checkability"]
    assert lesson.steps.get(kind="read").skill is None


def test_drafts_are_what_no_learner_meets(client, reviewer, school):
    make(client, annotated(school), "_draft")
    assert [model.objects.filter(published_at=None).count() for model in (LessonRevision, QuizRevision)] == [
        1,
        1,
    ]
    assert (QuestionRevision.objects.get().is_draft, Course.objects.get().published_at) == (True, None)


def test_drafts_can_be_published_together_afterwards(client, reviewer, school):
    make(client, annotated(school), "_draft")
    lesson = LessonRevision.objects.get()
    client.post(address(LessonRevision, "together", lesson.pk))
    lesson.refresh_from_db()
    assert (lesson.is_draft, QuestionRevision.objects.get().is_draft) == (False, False)


def test_who_may_not_publish_makes_drafts_whatever_is_sent(client, author, school):
    revision = annotated(school)
    assert "_publish" not in client.get(url(revision)).content.decode()
    make(client, revision, "_publish")
    assert LessonRevision.objects.get().is_draft
    assert (
        "You write drafts; a reviewer publishes them."
        in client.get(address(Course, "exercise_made", LessonRevision.objects.get().pk)).content.decode()
    )


def test_a_lesson_comes_last_in_the_course_that_was_chosen(client, reviewer, school):
    first = LessonFactory(module__course__organisation=school)
    make(client, annotated(school), course=first.course.pk)
    lesson = Lesson.objects.exclude(pk=first.pk).get()
    assert (lesson.course, lesson.module, lesson.position > first.position) == (
        first.course,
        first.module,
        True,
    )
    assert lesson.published is not None


def test_the_history_says_what_was_made(client, reviewer, school):
    make(client, annotated(school))
    made_of = LogEntry.objects.values_list("content_type__model", flat=True)
    assert sorted(made_of) == ["course", "lesson", "question", "quiz"]
    assert {entry.get_change_message() for entry in LogEntry.objects.all()} == {
        "Made from an article. Published."
    }


def test_a_long_passage_takes_longer_and_is_not_offered_whole(client, reviewer, school):
    text = "\n".join(f"Part {name} " + "word " * 140 + "end." for name in "ABCD")
    revision = ArticleRevisionFactory(article__organisation=school, text=text)
    AnnotationFactory(set__revision=revision, start=len(text) // 2, end=len(text) // 2 + 40)
    publishing.publish(revision=revision)
    offered = filled(client, revision)
    assert (offered["first"], offered["last"]) == (3, 4)
    make(client, revision, first=1)
    steps = LessonRevision.objects.get().steps.order_by("position")
    assert list(steps.values_list("minutes", flat=True)) == [6, 4]


# Refused, all of it -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"title": " "}, {"title": ["This field is required."]}),
        ({"skills": []}, {"skills": ["Choose at least one skill."]}),
        ({"first": "x"}, {"first": ["Enter a whole number."]}),
        ({"first": "2", "last": "1"}, {"last": ["This must not come before the first paragraph."]}),
        (
            {"last": "9"},
            {"last": ["The article has 2 paragraphs, so it has no paragraph 9."]},
        ),
        (
            {"course": "²"},
            {"course": ["Choose a course of your own organisation that is not archived."]},
        ),
        (
            {"course": "999999"},
            {"course": ["Choose a course of your own organisation that is not archived."]},
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(client, reviewer, school, sent, told):
    revision = annotated(school)
    assert errors(make(client, revision, **sent)) == told
    assert made() == [0] * len(ALL_MADE)


def test_paragraphs_without_anything_to_find_are_refused(client, reviewer, school):
    revision = annotated(school)
    title = SkillFactory().title
    assert errors(make(client, revision, first="2")) == {
        "__all__": [
            f"For “{title}” there is nothing to find in these paragraphs. Choose others, or another skill."
        ]
    }
    assert made() == [0] * len(ALL_MADE)


def test_a_key_that_cannot_be_published_is_told_and_nothing_is_made(client, reviewer, school):
    revision = annotated(school, skill=SkillFactory(slug="loaded-language"), start=0, end=9)
    assert errors(make(client, revision)) == {
        "__all__": [
            "“The board”: wording that must be found needs two readings; else make it acceptable."
            " Mend it in a new revision of the article; or make drafts, and mend the question."
        ]
    }
    assert made() == [0] * len(ALL_MADE)
    assert make(client, revision, "_draft").status_code == 302


def test_another_schools_course_is_no_choice(client, reviewer, school):
    theirs = CourseFactory(organisation=OrganisationFactory())
    assert list(errors(make(client, annotated(school), course=theirs.pk))) == ["course"]


# Who, and of what --------------------------------------------------------------------------------
def test_only_what_is_in_force_makes_an_exercise(client, reviewer, school):
    draft = annotated(school, published=False)
    response = client.get(url(draft), follow=True)
    assert response.redirect_chain == [(page_of(draft), 302)]
    assert said(response) == [
        "An exercise is made from what is published. Publish this draft, or open the newer revision."
    ]


def test_who_keys_the_text_blind_is_not_shown_its_key(client, reviewer, school):
    revision = annotated(school)
    AnnotationSet.objects.create(revision=revision, purpose="blind", keyer=reviewer)
    response = client.get(url(revision), follow=True)
    assert said(response) == [
        "You are keying this text blind. Close your own reading first; then its key is shown."
    ]


def test_an_article_without_anything_to_find_says_so(client, reviewer, school):
    response = client.get(url(annotated(school, kind="foil")))
    assert "Nothing is annotated as “to find” in this article yet." in response.content.decode()


def test_another_schools_article_is_not_there(client, reviewer):
    theirs = annotated(OrganisationFactory())
    addresses = [url(theirs), address(Course, "exercise", "x"), address(Course, "exercise_made", "x")]
    assert [client.get(one).status_code for one in addresses] == [404] * 3


def test_a_shared_article_makes_an_exercise_of_ones_own(client, reviewer, school):
    make(client, annotated(Organisation.objects.shared()))
    assert {model.objects.get().organisation for model in (Course, Quiz, Question)} == {school}


@pytest.mark.parametrize(
    ("role", "status"), [(roles.TEACHER, 403), (roles.AUTHOR, 200), (roles.SITE_ADMIN, 200)]
)
def test_only_writers_make_exercises(client, school, role, status):
    works_as(client, school, role)
    revision = annotated(school)
    assert client.get(url(revision)).status_code == status
    if status == 403:
        assert client.post(url(revision), {}).status_code == 403


def test_the_page_of_what_was_made_is_its_schools(client, reviewer, school):
    make(client, annotated(school))
    works_as(client, OrganisationFactory(), roles.AUTHOR, roles.REVIEWER)
    assert client.get(address(Course, "exercise_made", LessonRevision.objects.get().pk)).status_code == 404


# Found, and what comes next ---------------------------------------------------------------------
@pytest.mark.parametrize("model", [Article, ArticleRevision])
def test_the_pages_of_a_published_article_lead_here(client, reviewer, school, model):
    revision = annotated(school)
    row = revision if model is ArticleRevision else revision.article
    page = client.get(page_of(row)).content.decode()
    assert f'href="{url(revision)}"' in page
    assert LINK in page


def test_a_draft_and_who_may_not_write_have_no_such_link(client, author, school):
    assert LINK not in client.get(page_of(annotated(school, published=False))).content.decode()
    revision = annotated(school)
    works_as(client, school, roles.TEACHER)
    assert LINK not in client.get(page_of(revision)).content.decode()


def test_what_comes_next_is_a_look_and_a_class(client, reviewer, school):
    make(client, annotated(school))
    lesson = LessonRevision.objects.get()
    page = client.get(address(Course, "exercise_made", lesson.pk)).content.decode()
    assert "in the course “The night ferry”. It takes about 5 minutes." in page
    assert address(LessonRevision, "preview", lesson.pk) in page
    assert "Ask a site admin to give the course “The night ferry” to your class." in page
    site_admin = StaffFactory(display_name="Olu")
    with_role(site_admin, roles.SITE_ADMIN)
    OrganisationMemberFactory(organisation=school, user=site_admin)
    page = client.get(address(Course, "exercise_made", lesson.pk)).content.decode()
    assert "Ask Olu to give the course “The night ferry” to your class." in page


def test_who_gives_courses_to_classes_is_led_there(client, school):
    works_as(client, school, roles.AUTHOR, roles.REVIEWER, roles.SITE_ADMIN)
    make(client, annotated(school))
    page = client.get(address(Course, "exercise_made", LessonRevision.objects.get().pk)).content.decode()
    assert f'/admin/courses/cohortcourse/add/?course={Course.objects.get().pk}"' in page


def test_the_pages_take_as_many_queries_for_many_annotations(client, reviewer, school):
    revision = annotated(school, published=False)
    publishing.publish(revision=revision)
    many = annotated(school, published=False)
    for place in range(3, 8):
        AnnotationFactory(set=many.annotation_sets.get(), start=place * 8, end=place * 8 + 4)
    publishing.publish(revision=many)
    client.get(url(revision))
    counts = []
    for one in (revision, many):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(one)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 20
