"""What people are called on the pages of those who teach them; nobody else sees a real name."""

from accounts.models import Cohort, CohortMember


def with_real_name(real_name: str, nickname: str) -> str:
    """ "Sam Lindqvist (Blue Heron)"; the nickname alone where no real name was typed, or it is the same."""
    return f"{real_name} ({nickname})" if real_name and real_name != nickname else nickname


def names_in(cohort: Cohort) -> dict[int, str]:
    """User's primary key to what a teacher of `cohort` sees, for whoever learns or has learnt in it. One query."""
    places = (
        CohortMember.objects.filter(cohort=cohort, role=CohortMember.Role.LEARNER)
        .select_related("user")
        .order_by("joined_at", "pk")
    )
    names: dict[int, str] = {}
    typed: dict[int, str] = {}
    for place in places:
        typed[place.user_id] = place.real_name or typed.get(place.user_id, "")
        names[place.user_id] = with_real_name(typed[place.user_id], str(place.user))
    return names
