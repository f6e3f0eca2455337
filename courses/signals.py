"""What courses announce, each inside the transaction of the verb that did it.

A receiver writes only its own room's rows, and cannot fail on the sender's behalf.
"""

from django.dispatch import Signal

#: sender LessonRevision; `revision`: what learners meet from now on.
lesson_published = Signal()

#: sender Course; `course`: open to learners for the first time.
course_published = Signal()

#: An enrolment began or ended. Keywords: `enrolment`.
enrolment_changed = Signal()
