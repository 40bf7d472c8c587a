"""Who holds which seats on the way up from a place: one statement, written by hand.

It is asked for each matter that is raised. Through the ORM, putting the statement together took 2.1 of the
5.4 milliseconds that raising took. A test compares what it gives with what the ORM gives.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models

from silin.accounts.models import User
from silin.people.models import Post, PostKind
from silin.places.models import Place

M = TypeVar("M", bound=models.Model)
READ: dict[type[models.Model], tuple[str, tuple[str, ...]]] = {
    Post: ("p", ("id", "kind_id", "place_id", "building_id", "organisation_id", "serial", "telephone")),
    PostKind: ("k", ("code", "title", "title_en", "level", "rank", "capabilities", "reach", "belongs_to")),
    Place: ("pl", ("id", "code", "name", "name_en", "level", "kind", "parent_id", "path")),
    User: ("u", ("id", "name", "phone_hash", "language", "is_active", "is_guest", "is_system")),
}
"""What of each row is read, in the order of its fields; the rest is fetched when somebody asks for it."""
SEATS = """
SELECT {columns}, EXISTS (SELECT 1 FROM people_shift s WHERE s.post_id = p.id)
FROM people_holding h
JOIN people_post p ON p.id = h.post_id
JOIN people_postkind k ON k.code = p.kind_id
JOIN places_place pl ON pl.id = p.place_id
JOIN accounts_user u ON u.id = h.user_id
WHERE p.place_id IN ({places}) AND p.kind_id IN ({kinds})
AND h.valid_from <= %s AND (h.valid_until IS NULL OR h.valid_until > %s)
ORDER BY h.stand_in, h.valid_from
"""


@dataclass(frozen=True)
class Seat:
    """Somebody who holds a post, as it was read; the rows are made of it when they are asked for."""

    values: tuple[Any, ...]

    @cached_property
    def post(self) -> Post:
        """The post, with its kind and its place."""
        post = _row(Post, self.values)
        post.kind, post.place = _row(PostKind, self.values), _row(Place, self.values)
        return post

    @cached_property
    def user(self) -> User:
        """Who holds it."""
        return _row(User, self.values)

    @cached_property
    def post_id(self) -> UUID:
        """The key of the post."""
        return _uuid(self.values[0])

    @property
    def kind_id(self) -> str:
        """The kind of the post."""
        return str(self.values[1])

    @property
    def organisation_id(self) -> UUID | None:
        """Whose post it is."""
        return None if self.values[4] is None else _uuid(self.values[4])

    @property
    def serial(self) -> int:
        """Which of several posts of a kind at the place it is."""
        return int(self.values[5])

    @property
    def is_rostered(self) -> bool:
        """Whether the seat has a roster."""
        return bool(self.values[-1])


def seats(places: Sequence[int], kinds: Collection[str], day: date) -> list[Seat]:
    """The holders, on ``day``, of the posts of these kinds at these places: not those who stand in first."""
    if not places or not kinds:
        return []
    columns = ", ".join(
        f'{alias}."{_column(model, name)}"' for model, (alias, names) in READ.items() for name in names
    )
    sql = SEATS.format(
        columns=columns, places=", ".join(["%s"] * len(places)), kinds=", ".join(["%s"] * len(kinds))
    )
    said = connection.ops.adapt_datefield_value(day)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*places, *sorted(kinds), said, said])
        return [Seat(tuple(row)) for row in cursor.fetchall()]


def _column(model: type[models.Model], name: str) -> str:
    return str(_field(model, name).column)


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name.removesuffix("_id"))


def _row(model: type[M], values: Sequence[Any]) -> M:
    """A row of ``model`` from what was read, as the ORM would make it."""
    at = 0
    for each, (_alias, names) in READ.items():
        if each is model:
            fields = [_field(model, name) for name in names]
            read = [_value(field, value) for field, value in zip(fields, values[at:], strict=False)]
            return model.from_db("default", list(names), read)
        at += len(names)
    raise LookupError(model)


def _value(field: Any, value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    return field.to_python(value)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
