"""People: who they are, where they belong, which classes they are in."""

from accounts.models.base import PublicModel, Stamped
from accounts.models.cohort import Cohort, CohortMember, JoinCode
from accounts.models.consent import Consent
from accounts.models.notice import Notice
from accounts.models.organisation import Organisation, OrganisationMember
from accounts.models.user import ExternalIdentity, User

__all__ = [
    "Cohort",
    "CohortMember",
    "Consent",
    "ExternalIdentity",
    "JoinCode",
    "Notice",
    "Organisation",
    "OrganisationMember",
    "PublicModel",
    "Stamped",
    "User",
]
