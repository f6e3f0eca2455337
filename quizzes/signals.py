"""What quizzes say to the rooms above, inside the sender's own transaction.

A receiver writes only its own room's rows.
"""

from django.dispatch import Signal

#: An attempt was handed in and scored. Arguments: `attempt`.
attempt_submitted = Signal()
#: A score was recorded. Arguments: `attempt`, `scores` (the new ones, in item order).
score_recorded = Signal()
