"""People, classes and codes: the plainest valid rows. Everybody's password is PASSWORD."""

from functools import lru_cache
from typing import Any

import factory
from django.contrib.auth.hashers import get_hasher, make_password
from factory.django import DjangoModelFactory

from accounts.joining import LETTERS
from accounts.models import (
    Cohort,
    CohortMember,
    ExternalIdentity,
    JoinCode,
    Organisation,
    OrganisationMember,
    User,
)

PASSWORD = "correct horse battery"


@lru_cache
def hashed(password: str, _algorithm: str) -> str:
    """The password as stored: hashed once, because a hash is made to take its time."""
    return make_password(password)


def code(number: int) -> str:
    """The class code of that number, in the letters that codes are made of."""
    letters = ""
    for _letter in range(6):
        number, letter = divmod(number, len(LETTERS))
        letters = LETTERS[letter] + letters
    return letters


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    slug = factory.Sequence("school-{}".format)
    name = factory.Sequence("School {}".format)


class UserFactory(DjangoModelFactory):
    """Somebody who can sign in, and is in no class. `password=` takes the plain one."""

    class Meta:
        model = User

    username = factory.Sequence("reader-{}".format)
    display_name = factory.Sequence("Reader {}".format)
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        kwargs["password"] = hashed(kwargs["password"], get_hasher().algorithm)
        return super()._create(model_class, *args, **kwargs)


LearnerFactory = UserFactory


class PupilFactory(UserFactory):
    """Somebody whom a program of `organisation=` made: without a password, named by `organisation__subject=`,
    else by the user name.
    """

    username = factory.Sequence("pupil-{}".format)
    password = None

    @factory.post_generation
    def organisation(self, create: bool, organisation: Organisation | None, **id: Any) -> None:
        ExternalIdentity.objects.create(
            organisation=organisation or OrganisationFactory(),
            user=self,
            issuer=id.get("issuer", "roster"),
            subject=id.get("subject", self.username),
        )

    class Meta:
        skip_postgeneration_save = True


class StaffFactory(UserFactory):
    """Somebody who may open the admin, with no permission there yet."""

    username = factory.Sequence("staff-{}".format)
    email = factory.Sequence("staff-{}@school.example".format)
    is_staff = True


class OrganisationMemberFactory(DjangoModelFactory):
    class Meta:
        model = OrganisationMember

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)


class CohortFactory(DjangoModelFactory):
    """A class that nobody is in yet."""

    class Meta:
        model = Cohort

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Class {}".format)


class CohortMemberFactory(DjangoModelFactory):
    """A learner's place in a class. `teacher=True` makes it a teacher's."""

    class Meta:
        model = CohortMember

    class Params:
        teacher = factory.Trait(role=CohortMember.Role.TEACHER)
        assistant = factory.Trait(role=CohortMember.Role.ASSISTANT)

    cohort = factory.SubFactory(CohortFactory)
    user = factory.SubFactory(UserFactory)


class TeacherFactory(StaffFactory):
    """A teacher of `cohort`, if one is named."""

    username = factory.Sequence("teacher-{}".format)

    @factory.post_generation
    def cohort(self, create: bool, cohort: Cohort | None, **_: Any) -> None:
        if create and cohort is not None:
            CohortMemberFactory(cohort=cohort, user=self, teacher=True)

    class Meta:
        skip_postgeneration_save = True


class JoinCodeFactory(DjangoModelFactory):
    """A code without an end, for as many as come."""

    class Meta:
        model = JoinCode

    cohort = factory.SubFactory(CohortFactory)
    code = factory.Sequence(lambda number: code(number + 100_000_000))
