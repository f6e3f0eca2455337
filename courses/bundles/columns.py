"""What was read, as the columns that hold it."""

from collections.abc import Mapping
from typing import Any

from articles import publishing
from articles.models import AnnotationSet, Skill
from articles.text.positions import selector
from courses.bundles.articles import ArticleContent
from courses.bundles.lessons import LessonContent
from courses.bundles.quizzes import QuizContent
from quizzes.publishing import From


def article_columns(content: ArticleContent) -> dict[str, Any]:
    return {
        **content.front.model_dump(exclude={"sentences"}),
        "text": content.text,
        "blocks": list(content.blocks),
        **publishing.cut(content.text),
        "sentences": [list(span) for span in content.sentences],
    }


def annotation_rows(content: ArticleContent, skills: Mapping[str, Skill]) -> list[dict[str, Any]]:
    """The columns of each annotation; `skills` are those there are, by slug."""
    return [
        {
            "ref": placed.ref,
            "skill": skills[placed.skill],
            "kind": placed.kind,
            "start": placed.start,
            "end": placed.end,
            **selector(content.text, placed.start, placed.end)._asdict(),
            "rationale": placed.rationale,
            "instead": placed.instead,
            "minority": placed.minority,
            "readings": placed.readings,
            "party": placed.party,
            "fact_checked_on": placed.fact_checked_on,
        }
        for placed in content.annotations or ()
    ]


def lesson_columns(content: LessonContent) -> dict[str, Any]:
    file = content.file
    return {"title": file.title, "summary": unblocked(file.summary), "minutes": file.minutes}


def quiz_columns(content: QuizContent) -> dict[str, Any]:
    """Without `feedback` and `pinned_article`, which follow from other rows."""
    file = content.file
    return {
        "title": file.title,
        "instructions": unblocked(file.instructions),
        "time_limit_s": file.time_limit_seconds or 60 * (file.time_limit_minutes or 0) or None,
        "attempts_allowed": file.attempts_allowed,
        "shuffle_items": file.shuffle_questions,
        "shuffle_options": file.shuffle_options,
    }


def place_columns(passage: From | None) -> dict[str, Any]:
    revision, start, end = passage or (None, None, None)
    return {"article_revision": revision, "start": start, "end": end}


def unblocked(text: str) -> str:
    """A text without the line end that a block of YAML closes with."""
    return text.removesuffix("\n")


def key_of(row: AnnotationSet | None) -> int | None:
    return row.pk if row else None
