"""What this room tells the ones above, inside the sender's transaction: a receiver that fails undoes it."""

from django.dispatch import Signal

#: Somebody came into a class, left it, or changed their role. Keywords: `member` (a CohortMember, saved).
cohort_member_changed = Signal()

#: The same of many at once, where a statement for each would take too long. Keywords: `members` (a list). Who hears
#: one of the two hears the other too.
cohort_members_changed = Signal()

#: A class has another time zone than before. Keywords: `cohort` (saved).
cohort_zone_changed = Signal()
