"""The rows of a long list, read as columns instead of eight model instances each: a third of the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from silin.lib.ids import show_number
from silin.lib.paging import Page, page_by_key
from silin.lib.refusal import Words
from silin.lib.remembering import Remembered
from silin.matters.models import Category, CategoryTerms, Colour, MatterQuerySet, State, flags_of
from silin.people.models import PostKind
from silin.places.models import building_name, short_name

OWN = (
    "pk",
    "number",
    "kind",
    "title",
    "state",
    "colour",
    "channel",
    "spot",
    "raised_at",
    "respond_due",
    "responded_at",
    "handle_due",
    "provisional",
    "verify_due",
    "answered_at",
    "closed_at",
    "asked",
    "supervised_by_id",
    "watched_by_id",
    "deferred_at",
)
JOINED = (
    "category_id",
    "terms_id",
    "holder__kind_id",
    "place__name",
    "place__name_en",
    "building__estate__name",
    "building__number",
)

categories = Remembered(lambda: {row.pk: row for row in Category.objects.all()})
"""Every category and group by its code."""
_terms = Remembered(lambda: {row.pk: row for row in CategoryTerms.objects.all()})
_post_kinds = Remembered(lambda: {row.pk: row for row in PostKind.objects.all()})


@dataclass(frozen=True, slots=True)
class ListRow:
    """What a list shows of a matter."""

    pk: UUID
    number: str
    kind: str
    title: str
    state: str
    colour: str
    channel: str
    spot: str
    raised_at: datetime
    respond_due: datetime | None
    responded_at: datetime | None
    handle_due: datetime | None
    provisional: bool
    verify_due: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    asked: str
    supervised_by_id: UUID | None
    watched_by_id: UUID | None
    deferred_at: datetime | None
    category: Category | CategoryTerms
    holder_kind: PostKind | None
    grid: str
    building: str

    @property
    def shown_number(self) -> str:
        """The number as people read it."""
        return show_number(self.number)

    @property
    def on_time(self) -> bool:
        """Whether the answer kept the deadline, where there is one of each."""
        return self.colour != Colour.LATE

    @property
    def flags(self) -> list[Words]:
        """What the level above has to do with it, in a word each."""
        return flags_of(self)

    @property
    def state_words(self) -> str:
        """The state, in words."""
        return str(State(self.state).label)


def page_of(rows: MatterQuerySet, order: Sequence[str], after: str, size: int) -> Page[ListRow]:
    """One page of ``rows`` in ``order``, by one statement. Raises ``Refused`` as ``page_by_key`` does."""
    page = page_by_key(cast(Any, rows.values_list(*OWN, *JOINED, named=True)), order, after, size)
    called, kinds = Called(categories(), _terms()), _post_kinds()
    return Page([_row(each, called, kinds) for each in cast(Any, page.rows)], page.next, page.previous)


@dataclass(frozen=True)
class Called:
    """What each category is called today, and what it was called when a matter was given it."""

    today: dict[str, Category]
    then: dict[int, CategoryTerms]

    def of(self, category: str, terms: int | None) -> Category | CategoryTerms:
        """By which name a row goes."""
        return self.today[category] if terms is None else self.then.get(terms, self.today[category])


def _row(each: Any, called: Called, kinds: dict[str, PostKind]) -> ListRow:
    plain: Sequence[Any] = each[: -len(JOINED)]
    category, terms, kind, place, place_en, estate, number = each[-len(JOINED) :]
    names = (short_name(place, place_en), building_name(estate, number) if estate else "")
    make: Callable[..., ListRow] = ListRow
    return make(*plain, called.of(category, terms), kinds.get(kind), *names)
