"""What is taught, in the admin: one subject a file."""

from courses.admin import classroom, cohorts, courses, enrolments, home, lessons, permissions, steps

__all__ = ["classroom", "cohorts", "courses", "enrolments", "home", "lessons", "permissions", "steps"]
