"""What this room tells the ones above, inside the sender's transaction: a receiver that fails undoes it."""

from django.dispatch import Signal

#: Somebody came into a class, left it, or changed their role. Keywords: `member` (a CohortMember, saved).
cohort_member_changed = Signal()
