"""What is taught, in the admin: one subject a file."""

from courses.admin import cohorts, courses, enrolments, lessons, permissions, steps

__all__ = ["cohorts", "courses", "enrolments", "lessons", "permissions", "steps"]
