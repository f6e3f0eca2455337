"""What articles say to the rooms above, inside the sender's own transaction.

A receiver writes only its own room's rows.
"""

from django.dispatch import Signal

#: A revision of an article came into force. Arguments: `revision`, `previous` (the one before it, or None), `by`.
article_published = Signal()
#: A draft got another text, or other sentences. Arguments: `revision`, locked; `before` (`text`, `words` and
#: `sentences` as they were), `by`.
article_edited = Signal()
