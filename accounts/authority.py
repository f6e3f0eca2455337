"""Whom somebody looks after, and whose account they may change: one rule for the admin, class pages and programs."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Cohort, CohortMember, ExternalIdentity, Organisation, OrganisationMember, User
from accounts.models.organisation import owned_by


def runs_organisations(user: User) -> bool:
    """Whether they look after their whole organisations, and not only the classes that they teach."""
    return user.has_perm("accounts.change_cohort")


def cohorts(user: User) -> "QuerySet[Cohort]":
    """Classes that they teach, or whose organisation they run. Not those in which they learn."""
    taught = Q(pk__in=Cohort.objects.taught_by(user).order_by().values("pk"))
    return Cohort.objects.filter(taught | owned_by(user) if runs_organisations(user) else taught)


def people(user: User) -> "QuerySet[User]":
    """Themselves, and whoever has a live place in such a class or works for such an organisation."""
    places = CohortMember.objects.filter(cohort__in=cohorts(user).order_by(), left_at=None)
    seen = Q(pk=user.pk) | Q(pk__in=places.order_by().values("user"))
    if runs_organisations(user):
        colleagues = OrganisationMember.objects.filter(owned_by(user))
        seen |= Q(pk__in=colleagues.values("user"))
    found: QuerySet[User] = User.objects.filter(seen)
    return found


def may_change_person(by: User, person: User) -> bool:
    """Whether `by` may edit the account of `person`, which they see, and set its password.

    Nobody changes an account that can do more than their own, or works where they do not.
    """
    if person.erased_at is not None:
        return False
    if by.is_superuser:
        return True
    if person.is_superuser or person.pk == by.pk or person.kind != User.Kind.PERSON:
        return False
    employers = set(person.organisation_memberships.values_list("organisation", flat=True))
    classes = set(Cohort.objects.taught_by(person).order_by().values_list("pk", flat=True))
    if not (person.is_staff or employers or classes):
        return runs_organisations(by) or any(
            pupils_of(cohort).filter(pk=person.pk).exists()
            for cohort in Cohort.objects.taught_by(by).active().order_by()
        )
    return (
        runs_organisations(by)
        and bool(employers or classes)
        and employers <= set(Organisation.objects.of(by).order_by().values_list("pk", flat=True))
        and classes <= set(cohorts(by).order_by().values_list("pk", flat=True))
        and person.get_all_permissions() <= by.get_all_permissions()
    )


def pupils_of(cohort: Cohort) -> "QuerySet[User]":
    """Who learns in `cohort` now and is nothing but a pupil anywhere: those whose account its teachers
    may change. Nobody's of a class that is over. An account belongs to the school in whose class its
    pupil sat first, while they have a place in one of its open classes: a code of another school's class
    does not hand it over.
    """
    place = CohortMember.objects.filter(user=OuterRef("pk"), left_at=None)
    here = CohortMember.objects.filter(
        user=OuterRef("user"), cohort__organisation=cohort.organisation_id
    ).order_by("pk")
    elsewhere = place.filter(
        role=CohortMember.Role.LEARNER, cohort__archived_at=None, pk__lt=Subquery(here.values("pk")[:1])
    ).exclude(cohort__organisation=cohort.organisation_id)
    teaching = place.filter(role__in=[CohortMember.Role.TEACHER, CohortMember.Role.ASSISTANT])
    works = OrganisationMember.objects.filter(user=OuterRef("pk"))
    open_here = Q() if cohort.archived_at is None else Q(pk__in=[])
    found: QuerySet[User] = (
        User.objects.people()
        .filter(open_here)
        .filter(Exists(place.filter(cohort=cohort, role=CohortMember.Role.LEARNER)))
        .filter(is_superuser=False, is_staff=False)
        .exclude(Exists(teaching))
        .exclude(Exists(works))
        .exclude(Exists(elsewhere))
    )
    return found


def kept_by(organisation: Organisation) -> "QuerySet[User]":
    """Whose account the programs of `organisation` may change: it has an id of theirs and no password.

    Whoever has a password signs in by themselves, and chose their nickname. Nobody who has rights or
    works for a school, and nobody whom another organisation names or has in a class.
    """
    ids = ExternalIdentity.objects.filter(user=OuterRef("pk")).exclude(organisation=organisation)
    elsewhere = CohortMember.objects.filter(user=OuterRef("pk"), left_at=None).exclude(
        cohort__organisation=organisation
    )
    return (
        _named_by(organisation)
        .filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .exclude(Exists(ids))
        .exclude(Exists(elsewhere))
    )


def launched_by(organisation: Organisation) -> "QuerySet[User]":
    """Whom the programs of `organisation` may sign in: pupils, and nothing else, whom it names by an id.

    Whoever ever taught is none, also when that place has ended: what they graded and wrote stays theirs.
    An account belongs to the school that knew it first, while they have a place in one of its open
    classes; a program of another one does not get in by an id of its own.
    """
    live = CohortMember.objects.filter(user=OuterRef("pk"), left_at=None)
    taught = CohortMember.objects.filter(user=OuterRef("pk")).exclude(role=CohortMember.Role.LEARNER)
    places = CohortMember.objects.filter(user=OuterRef("user"), cohort__organisation=organisation)
    ids = ExternalIdentity.objects.filter(user=OuterRef("user"), organisation=organisation)
    here = Coalesce(
        Subquery(places.order_by("joined_at").values("joined_at")[:1]),
        Subquery(ids.order_by("created_at").values("created_at")[:1]),
    )
    earlier = live.filter(cohort__archived_at=None, joined_at__lt=here).exclude(
        cohort__organisation=organisation
    )
    return _named_by(organisation).filter(is_active=True).exclude(Exists(taught)).exclude(Exists(earlier))


def _named_by(organisation: Organisation) -> "QuerySet[User]":
    """People whom `organisation` names by an id, and who may do nothing but be in classes."""
    ids = ExternalIdentity.objects.filter(user=OuterRef("pk"), organisation=organisation)
    works = OrganisationMember.objects.filter(user=OuterRef("pk"))
    found: QuerySet[User] = (
        User.objects.people()
        .filter(Exists(ids), is_superuser=False, is_staff=False, groups=None, user_permissions=None)
        .exclude(Exists(works))
    )
    return found
