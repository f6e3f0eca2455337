"""What is read, in the admin: one subject a file."""

from articles.admin import annotations, articles, hidden, home, orphans, permissions, skills

__all__ = ["annotations", "articles", "hidden", "home", "orphans", "permissions", "skills"]
