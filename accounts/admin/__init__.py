"""People in the admin: one subject a file."""

from accounts.admin import cohorts, join_codes, organisations, permissions, second_factors, users

__all__ = ["cohorts", "join_codes", "organisations", "permissions", "second_factors", "users"]
