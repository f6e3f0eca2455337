"""What the roles may do with people and classes."""

from django.contrib.admin.models import LogEntry

from accounts import roles
from accounts.admin import audit, scope
from accounts.models import (
    Cohort,
    CohortMember,
    Consent,
    ExternalIdentity,
    JoinCode,
    Notice,
    Organisation,
    OrganisationMember,
    User,
)

#: Whose pages start a class, and so are its teacher from then on.
for _role in (roles.TEACHER, roles.SITE_ADMIN):
    roles.grant(_role, "start", Cohort)

# A teacher's "change" of a user is the nickname and the password of a pupil: see `authority.may_change_person`.
roles.grant(roles.TEACHER, "view", Cohort, CohortMember, JoinCode, User)
roles.grant(roles.TEACHER, "change", User)
for _role in (roles.AUTHOR, roles.REVIEWER):
    roles.grant(_role, "view", Organisation)
roles.grant(
    roles.SITE_ADMIN,
    "view",
    Cohort,
    CohortMember,
    ExternalIdentity,
    JoinCode,
    Organisation,
    OrganisationMember,
    User,
)
roles.grant(roles.SITE_ADMIN, "add", Cohort, CohortMember, JoinCode, OrganisationMember, User)
roles.grant(
    roles.SITE_ADMIN, "change", Cohort, CohortMember, JoinCode, Organisation, OrganisationMember, User
)
roles.grant(roles.SITE_ADMIN, "delete", OrganisationMember)
for _role in roles.WRITERS:
    roles.grant(_role, "view", LogEntry)

scope.follow(Consent, "user", User)
scope.follow(Notice, "user", User)
roles.grant(roles.SITE_ADMIN, "view", Consent, Notice)

audit.register("organisation", Cohort, OrganisationMember, is_content=False)
audit.register("cohort__organisation", CohortMember, JoinCode, is_content=False)
audit.register("organisation_memberships__organisation", User, is_content=False)
audit.register("pk", Organisation, is_content=False)
