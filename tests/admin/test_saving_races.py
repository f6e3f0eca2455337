"""Two authors who press “Save” at the same moment, on either database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from articles.models import ArticleRevision
from articles.publishing import Incomplete, publish
from quizzes import placing
from quizzes.models import QuestionOrphan, QuestionRevision
from tests.admin.pages import form_data, page_of
from tests.factories.accounts import StaffFactory
from tests.factories.articles import ArticleRevisionFactory
from tests.factories.courses import LessonRevisionFactory
from tests.factories.quizzes import QuizRevisionFactory
from tests.quizzes.test_placing import GONE, QUOTES, TEXT
from tests.quizzes.test_requoting import drafted, edit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
ROUNDS = 4


def at_once(*calls):
    """What each call returned, started together in a thread of its own."""
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def author():
    client = Client()
    client.force_login(StaffFactory(is_superuser=True))
    return client


@pytest.mark.parametrize("factory", [ArticleRevisionFactory, QuizRevisionFactory, LessonRevisionFactory])
def test_of_two_who_save_one_draft_at_once_the_second_is_told(factory):
    draft = factory()
    one, other = author(), author()
    for _round in range(ROUNDS):
        data = form_data(one.get(page_of(draft)))
        titles = ["The first of them", "The second of them"]
        answers = at_once(*[
            lambda client=client, sent=data | {"title": title}: client.post(page_of(draft), sent)
            for client, title in zip((one, other), titles, strict=True)
        ])  # fmt: skip
        assert sorted(answer.status_code for answer in answers) == [200, 302]
        saved = next(
            title for answer, title in zip(answers, titles, strict=True) if answer.status_code == 302
        )
        (told,) = [answer for answer in answers if answer.status_code == 200]
        form = told.context["adminform"].form
        assert " saved this draft at " in form.non_field_errors()[0]
        assert form["title"].value() == (set(titles) - {saved}).pop()
        draft.refresh_from_db()
        assert draft.title == saved


def put(orphan, of, words):
    start = orphan.article_revision.text.index(words)
    try:
        return placing.place(orphan=orphan, of=of, start=start, end=start + len(words), words=words)
    except Incomplete as refused:
        return refused


def test_words_are_placed_while_their_text_is_edited():
    """The question fits the text, or is listed; neither waits for the other for ever."""
    for round_ in range(ROUNDS):
        unpublished = ArticleRevisionFactory(text=TEXT)
        draft = drafted(unpublished, quotes=QUOTES)
        edit(unpublished, TEXT.replace("council met", "mayors sat"))
        orphan = QuestionOrphan.objects.get(article_revision=unpublished)
        wanted = placing.look(orphan).wanted
        text = f"Round {round_}.\n{GONE}"
        at_once(
            lambda orphan=orphan, of=wanted.exact: put(orphan, of, "The mayors sat on Monday"),
            lambda revision=unpublished, text=text: edit(revision, text),
        )
        draft = QuestionRevision.objects.select_related("article_revision").get(pk=draft.pk)
        listed = QuestionOrphan.objects.filter(question=draft.question, resolved_at=None)
        assert draft.article_revision.text == text
        assert placing.fits(draft) != listed.exists()


def test_a_draft_that_is_published_while_it_is_saved_is_saved_whole_or_not_at_all():
    for _round in range(ROUNDS):
        draft, client = ArticleRevisionFactory(), author()
        data = form_data(client.get(page_of(draft))) | {"title": "Mine"}
        revision = ArticleRevision.objects.get(pk=draft.pk)
        answer, _published = at_once(
            lambda client=client, draft=draft, data=data: client.post(page_of(draft), data),
            lambda revision=revision: publish(revision=revision),
        )
        draft.refresh_from_db()
        assert not draft.is_draft
        assert (answer.status_code, draft.title == "Mine") in {(302, True), (200, False), (403, False)}
