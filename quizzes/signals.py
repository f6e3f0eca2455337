"""What quizzes say to the rooms above, inside the sender's own transaction.

A receiver writes only its own room's rows.
"""

from django.dispatch import Signal

#: A revision of a quiz, or of a question, came into force. Arguments: `revision`. A receiver that raises Incomplete
#: refuses it.
quiz_published = Signal()
question_published = Signal()
#: An attempt was handed in and scored. Arguments: `attempt`.
attempt_submitted = Signal()
#: A score was recorded. Arguments: `attempt`, `scores` (the new ones, in item order).
score_recorded = Signal()
#: A quiz was given to learners. Arguments: `assignment`, `learners` (primary keys of those who are new to it).
assignment_given = Signal()
#: Marks that were waiting can be seen from now on. Arguments: `attempts` (their learners are loaded).
grades_released = Signal()
