"""People in the admin: one subject a file."""

from accounts.admin import (
    audit,
    cohorts,
    join_codes,
    organisations,
    permissions,
    records,
    second_factors,
    users,
)

__all__ = [
    "audit",
    "cohorts",
    "join_codes",
    "organisations",
    "permissions",
    "records",
    "second_factors",
    "users",
]
