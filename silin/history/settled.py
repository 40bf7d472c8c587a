"""How far the book of deeds can be read with a bookmark, so that no line is ever skipped."""

from __future__ import annotations

from silin.history.models import Entry, Settled
from silin.lib.settling import Book

BOOK = Book(Entry, Settled)
since = BOOK.since
settled_to = BOOK.settled_to
