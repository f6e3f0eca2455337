"""The lists of the admin find words whatever the case of their letters, in every script."""

import pytest

from accounts.models import Cohort, CohortMember, Organisation, User
from articles.models import Annotation, Article, ArticleRevision
from courses.models import CohortCourse, Course, Enrolment, Lesson, LessonRevision, Module
from quizzes.models import Question, QuestionRevision, Quiz, QuizRevision
from tests.admin.pages import rows_shown
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.factories.articles import AnnotationFactory, ArticleFactory, ArticleRevisionFactory
from tests.factories.courses import (
    CohortCourseFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonRevisionFactory,
    ModuleFactory,
)
from tests.factories.quizzes import QuestionRevisionFactory, QuizRevisionFactory

pytestmark = pytest.mark.django_db
NAMED = "Ночной паром: час Пик"
#: A row of each table that a search finds by the words of a person.
ROWS = {
    User: lambda: UserFactory(display_name=NAMED),
    Organisation: lambda: OrganisationFactory(name=NAMED),
    Cohort: lambda: CohortFactory(name=NAMED),
    CohortMember: lambda: CohortMemberFactory(real_name=NAMED),
    Article: lambda: ArticleFactory(revision__title=NAMED),
    ArticleRevision: lambda: ArticleRevisionFactory(title=NAMED),
    Annotation: lambda: AnnotationFactory(rationale=NAMED),
    Question: lambda: QuestionRevisionFactory(title=NAMED).question,
    QuestionRevision: lambda: QuestionRevisionFactory(title=NAMED),
    Quiz: lambda: QuizRevisionFactory(title=NAMED).quiz,
    QuizRevision: lambda: QuizRevisionFactory(title=NAMED),
    Course: lambda: CourseFactory(title=NAMED),
    Module: lambda: ModuleFactory(title=NAMED),
    Lesson: lambda: LessonRevisionFactory(title=NAMED).lesson,
    LessonRevision: lambda: LessonRevisionFactory(title=NAMED),
    CohortCourse: lambda: CohortCourseFactory(course__title=NAMED),
    Enrolment: lambda: EnrolmentFactory(course__title=NAMED),
}


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model._meta.label)
def test_a_list_is_searched_in_any_case(head, model):
    row = ROWS[model]()
    for words in ("ПАРОМ ЧАС", "паром пик", "ноЧной", "Час Пик"):
        assert rows_shown(head, model, f"?q={words}") == [row], words
    assert rows_shown(head, model, "?q=пассажир") == []
