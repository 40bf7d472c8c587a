"""Finding rows by a part of their name, by its pinyin or by its initials, the same way on both databases.

A row has a few keys in a table beside it (decision 8). The keys of a public name are its endings: whatever
part of the name somebody types is the beginning of one of them, and beginnings are a range of an ordinary
index. The keys of a person are whole words under a keyed hash: whoever reads the table reads no name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from django.db import connection, models, transaction

from silin.lib.personal import keyed_hash
from silin.lib.pinyin import Sound, name_sounds, plain, sounds, units

LONGEST = 24
BATCH = 500
MANY = 1000  # keys under one word that are gathered before rows are looked at one by one
END = "\U0010ffff"
TAIL = re.compile(
    r"(?<=.)(?:街道|镇|乡|社区|小区|新区|家园|花园|村)?(?:办事处|居民委员会|居委会|村?村民委员会|村?村委会)?$"
)
"""What so many names end with that nobody looks for the middle of it."""

T = TypeVar("T", bound=models.Model)

if TYPE_CHECKING:
    CharField = models.CharField[str, str]
    Lookup = models.Lookup[bool]
else:
    CharField, Lookup = models.CharField, models.Lookup


class KeyField(CharField):
    """A key; ``__begins`` is a range of its index in any collation."""


@KeyField.register_lookup
class Begins(Lookup):
    """Rows whose key begins with some words, compared sign by sign."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Plain comparison, which SQLite does sign by sign."""
        return self._between(compiler, connection, ">=", "<")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The operators of ``varchar_pattern_ops``, which know no language."""
        return self._between(compiler, connection, "~>=~", "~<~")

    def _between(self, compiler: Any, connection: Any, least: str, less: str) -> tuple[str, tuple[Any, ...]]:
        column, first = self.process_lhs(compiler, connection)
        words = str(self.rhs)[:LONGEST]
        return f"({column} {least} %s AND {column} {less} %s)", (*first, words, *first, words + END)


class SearchKey(models.Model):
    """A key under which a row is found. A table of keys adds ``row``, a cascading foreign key."""

    key = KeyField(max_length=LONGEST)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key


def key_index(name: str) -> models.Index:
    """The index of a table of keys."""
    return models.Index(fields=["key", "row"], opclasses=["varchar_pattern_ops", ""], name=name)


class SearchedQuerySet(models.QuerySet[T], Generic[T]):
    """Rows whose keys follow their names, also when they are written many at once."""

    def bulk_create(self, objs: Iterable[T], *args: Any, **kwargs: Any) -> list[T]:
        """As Django's, with the keys."""
        with transaction.atomic(using=self.db):
            rows = super().bulk_create(objs, *args, **kwargs)
            write_keys(rows, fresh=True)
        return rows

    def bulk_update(self, objs: Iterable[T], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        """As Django's, with the keys where a name changes."""
        rows, names = list(objs), list(fields)
        with transaction.atomic(using=self.db):
            changed = super().bulk_update(rows, names, *args, **kwargs)
            if rows and set(_names(self.model)).intersection(names):
                write_keys(rows)
        return changed

    def update(self, **kwargs: Any) -> int:
        """As Django's, with the keys where a name changes."""
        if not set(_names(self.model)).intersection(kwargs):
            return super().update(**kwargs)
        with transaction.atomic(using=self.db):
            keys = list(self.values_list("pk", flat=True))
            changed = super().update(**kwargs)
            write_keys(list(self.model._default_manager.filter(pk__in=keys)))
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def of_name(self, words: str) -> Self:
        """The people whose name has these ``words``, each a whole run of it; their keys are hashed."""
        found, table = self, _table(self.model)._default_manager
        for key in map(query_key, words.split()):
            found = found.filter(pk__in=table.filter(key__in=hashed({key})).values("row"))
        return found if query_key(words) else self.none()

    def called(self, *words: str) -> Self:
        """The rows with a name that has one of ``words`` in it, as signs, pinyin or initials."""
        begins = models.Q()
        for key in filter(None, map(query_key, words)):
            begins |= models.Q(key__begins=key)
        keys = _table(self.model)._default_manager.filter(begins)
        return self.filter(pk__in=keys.values("row")) if begins else self.none()

    def has_many_called(self, word: str) -> bool:
        """Whether ``word`` is so usual that its keys alone are many, whatever these rows are narrowed to."""
        key = query_key(word)
        keys = _table(self.model)._default_manager.filter(key__begins=key)
        return bool(key) and keys[MANY : MANY + 1].exists()

    def called_one_by_one(self, word: str) -> Self:
        """As ``called``, by the keys of each of these rows: for few rows and a usual word.

        One value of each row is asked for: PostgreSQL would gather all keys of the word for an ``EXISTS``.
        """
        own = _table(self.model)._default_manager.filter(row=models.OuterRef("pk"))
        said = own.filter(key__begins=query_key(word)).values("key")[:1]
        return self.alias(said=models.Subquery(said)).filter(said__isnull=False)


class Searched(models.Model):
    """A row that is found by the fields in ``searched_by``; its keys go with it."""

    searched_by: ClassVar[tuple[str, ...]] = ("name",)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's, with the keys."""
        named, fresh = kwargs.get("update_fields"), self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if named is None or set(self.searched_by).intersection(named):
                write_keys([self], fresh=fresh)

    def search_words(self) -> set[str]:
        """The keys under which the row is found."""
        return {key for name in self.searched_by for key in public_keys(str(getattr(self, name) or ""))}


def write_keys(rows: Sequence[models.Model], *, fresh: bool = False) -> None:
    """Write the keys of rows of one table anew; ``fresh`` rows have none yet."""
    if not rows:
        return
    table = _table(type(rows[0]))
    if not fresh:
        for at in range(0, len(rows), BATCH):
            table._default_manager.filter(row__in=rows[at : at + BATCH]).delete()
    column = table._meta.get_field("row")
    assert isinstance(column, models.ForeignKey)
    pairs: list[tuple[str, Any]] = []
    for row in rows:
        if isinstance(row, Searched):
            pk = column.get_db_prep_value(row.pk, connection)
            pairs += [(key, pk) for key in row.search_words()]
    pairs.sort()  # in the order of the index, so that many land on the page that is at hand
    _insert(table, column, pairs)


def _insert(table: type[models.Model], column: models.ForeignKey[Any], pairs: list[tuple[str, Any]]) -> None:
    """Add rows to a table of keys; PostgreSQL takes them as two arrays, in one statement."""
    quote = connection.ops.quote_name
    into = f"INSERT INTO {quote(table._meta.db_table)} ({quote('key')}, {quote(column.attname)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = f"SELECT * FROM unnest(%s::varchar[], %s::{column.db_type(connection)}[])"
            cursor.execute(f"{into} {arrays}", [[key for key, _pk in pairs], [pk for _key, pk in pairs]])
        else:
            cursor.executemany(f"{into} VALUES (%s, %s)", pairs)


def query_key(words: str) -> str:
    """What somebody typed, as keys are written: ``Xing Fu`` is ``xingfu``."""
    return "".join(each.sign for each in sounds(words))[:LONGEST]


def heard(text: str) -> str:
    """How ``text`` sounds, and its initials: ``路灯`` is ``ludeng ld``; nothing without a Chinese sign."""
    spoken = sounds(text)
    if all(each.sign == each.said for each in spoken):
        return ""
    return f"{_said(spoken)} {_initials(spoken)}"


def public_keys(name: str) -> set[str]:
    """Every ending of ``name``, of its pinyin and of its initials; of a usual tail only the signs."""
    spoken = sounds(name)
    core = len(units(TAIL.sub("", plain(name)))) or len(spoken)
    keys = {_signs(spoken[at:]) for at in range(min(core + 1, len(spoken)))}
    for at in range(core):
        keys |= {_said(spoken[at:]), _initials(spoken[at:])}
    return {key[:LONGEST] for key in keys}


def person_keys(name: str) -> set[str]:
    """Every run of signs of a person's name, of its syllables and (from two on) of its initials.

    With the surname as a surname and, for whoever does not know better, as the everyday word.
    """
    keys: set[str] = set()
    for spoken in (name_sounds(name), sounds(name)):
        runs = [spoken[a:b] for a in range(len(spoken)) for b in range(a + 1, len(spoken) + 1)]
        keys.update(_signs(run)[:LONGEST] for run in runs)
        keys.update(_said(run)[:LONGEST] for run in runs)
        keys.update(_said(run).replace("v", "u")[:LONGEST] for run in runs if _has_v(run))
        keys.update(_initials(run)[:LONGEST] for run in runs if len(run) > 1)
    return keys


def _has_v(run: Sequence[Sound]) -> bool:
    """Whether a syllable has the ``ü`` that some type as ``v`` and others as ``u``: 吕 is lv and lu."""
    return any(each.said[1:2] == "v" and each.sign != each.said for each in run)


def hashed(keys: Collection[str]) -> set[str]:
    """``keys`` as they are written about people: nobody reads a name out of them."""
    return {keyed_hash("search", key)[:LONGEST] for key in keys}


def _signs(spoken: Sequence[Sound]) -> str:
    return "".join(each.sign for each in spoken)


def _said(spoken: Sequence[Sound]) -> str:
    return "".join(each.said for each in spoken)


def _initials(spoken: Sequence[Sound]) -> str:
    return "".join(each.initial for each in spoken)


def _names(model: type[models.Model]) -> tuple[str, ...]:
    return model.searched_by if issubclass(model, Searched) else ()


def _table(model: type[models.Model]) -> type[models.Model]:
    table = model._meta.get_field("search_keys").related_model
    assert isinstance(table, type)
    return table
