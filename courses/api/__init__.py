"""Courses over the API: what programs read and import, and what a learner meets, as the pages show it."""
