"""What is read, in the admin: one subject a file."""

from articles.admin import annotations, articles, orphans, permissions, skills

__all__ = ["annotations", "articles", "orphans", "permissions", "skills"]
