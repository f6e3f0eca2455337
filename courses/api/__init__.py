"""Courses over the API: what a learner meets of them, as the pages show it."""
