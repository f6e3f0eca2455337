"""What is taught, in the admin: one subject a file."""

from courses.admin import cohorts, courses, enrolments, home, lessons, permissions, steps

__all__ = ["cohorts", "courses", "enrolments", "home", "lessons", "permissions", "steps"]
