"""What the API announces, inside the transaction of a write."""

from django.dispatch import Signal

#: A program changed a row. Keywords: `grant`, `request` (DRF's), `scope`, `row`, `before` and `after` (as the API
#: shows the row; None where there was, or is, none).
written = Signal()
