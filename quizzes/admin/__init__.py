"""What is asked and how it was answered, in the admin: one subject a file."""

from quizzes.admin import (
    assignments,
    attempts,
    bank,
    evidence,
    home,
    marking,
    orphans,
    permissions,
    questions,
    quizzes,
    scores,
)

__all__ = [
    "assignments",
    "attempts",
    "bank",
    "evidence",
    "home",
    "marking",
    "orphans",
    "permissions",
    "questions",
    "quizzes",
    "scores",
]
