"""What is asked and how it was answered, in the admin: one subject a file."""

from quizzes.admin import attempts, bank, evidence, home, orphans, permissions, questions, quizzes, scores

__all__ = ["attempts", "bank", "evidence", "home", "orphans", "permissions", "questions", "quizzes", "scores"]
