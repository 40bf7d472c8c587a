"""How far the book of facts can be read with a bookmark, so that no fact is ever skipped."""

from __future__ import annotations

from silin.facts.models import Fact, SettledFacts
from silin.lib.settling import Book

BOOK = Book(Fact, SettledFacts)
since = BOOK.since
settled_to = BOOK.settled_to
