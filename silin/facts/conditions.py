"""Conditions on the columns of a fact: read from an expression, written as SQL that every engine reads alike.

The cube knows no NULL, so a condition is true or false and ``not`` turns one into the other: ``not on_time``
also holds for what had no deadline. A comparison of ``grade`` holds only for what was graded.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from django.utils.translation import gettext as _

from silin.facts.parsing import NotRead, did_you_mean, is_enum_word, number_of, unreadable
from silin.facts.vocabulary import CHANNELS, LEVELS, ORIGINS, Word

DIMENSIONS = frozenset(["kind", "category", "channel", "outcome", "level", "grade", "on_time", "origin"])
MANY = (ast.In, ast.NotIn)
COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


@dataclass(frozen=True)
class Compared:
    """A column and one value: ``=``, ``<>``, ``<``, ``<=``, ``>`` or ``>=``."""

    column: str
    operator: str
    value: str | float

    @property
    def sql(self) -> str:
        """It as a condition on the cube."""
        if isinstance(self.value, str):
            return f"{self.column} {self.operator} '{self.value}'"
        return f"({self.column} >= 0 AND {self.column} {self.operator} {self.value:g})"


@dataclass(frozen=True)
class OneOf:
    """A column and the words that it may be."""

    column: str
    values: tuple[str, ...]

    @property
    def sql(self) -> str:
        """It as a condition on the cube."""
        words = ", ".join(f"'{value}'" for value in self.values)
        return f"{self.column} IN ({words})"


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    part: Condition

    @property
    def sql(self) -> str:
        """It as a condition on the cube."""
        return f"NOT ({self.part.sql})"


@dataclass(frozen=True)
class Joined:
    """Conditions of which all hold (``AND``) or any (``OR``)."""

    how: str
    parts: tuple[Condition, ...]

    @property
    def sql(self) -> str:
        """It as a condition on the cube."""
        return "(" + f" {self.how} ".join(part.sql for part in self.parts) + ")"


Condition = Compared | OneOf | Not | Joined


def parse_condition(node: ast.expr, name: str, word: Word) -> Condition:
    """The condition on the facts ``name``. Raises ``NotRead`` for columns and words that it does not have."""
    if isinstance(node, ast.BoolOp):
        parts = tuple(parse_condition(part, name, word) for part in node.values)
        return Joined("AND" if isinstance(node.op, ast.And) else "OR", parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Not(parse_condition(node.operand, name, word))
    if isinstance(node, ast.Name):
        if _column(node, name, word) != "on_time":
            raise unreadable(node, _("a comparison, such as %(column)s == …") % {"column": node.id})
        return Compared("on_time", "=", 1)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _comparison(node, name, word)
    raise unreadable(node, _("a comparison, such as kind == report"))


def _comparison(node: ast.Compare, name: str, word: Word) -> Condition:
    column, operator, right = _column(node.left, name, word), node.ops[0], node.comparators[0]
    if column == "on_time":
        raise unreadable(node, _("on_time alone, or not on_time"))
    if isinstance(operator, MANY):
        if column == "grade" or not isinstance(right, ast.Tuple) or not right.elts:
            raise unreadable(right, _("words in parentheses with commas: (report, finding)"))
        words = OneOf(column, tuple(_value(each, column, word) for each in right.elts))
        return Not(words) if isinstance(operator, ast.NotIn) else words
    if type(operator) not in COMPARED:
        raise unreadable(node, "== != < <= > >= in")
    if column == "grade":
        return Compared(column, COMPARED[type(operator)], number_of(right))
    if not isinstance(operator, ast.Eq | ast.NotEq):
        raise unreadable(node, _("== or != or in: only grades are more or less"))
    return Compared(column, COMPARED[type(operator)], _value(right, column, word))


def _column(node: ast.expr, name: str, word: Word) -> str:
    has = (word.columns & DIMENSIONS) | {"origin"}
    if not isinstance(node, ast.Name):
        raise unreadable(node, _("a column: %(columns)s") % {"columns": ", ".join(sorted(has))})
    if node.id not in has:
        message = _("`%(column)s` is not a column of %(name)s.") % {"column": node.id, "name": name}
        raise NotRead("no_column", message + did_you_mean(node.id, has), node)
    return node.id


def _value(node: ast.expr, column: str, word: Word) -> str:
    if not isinstance(node, ast.Name) or not is_enum_word(node.id):
        raise unreadable(node, _("a word, such as report"))
    closed = {"channel": CHANNELS, "level": LEVELS, "origin": ORIGINS, "outcome": word.outcomes}
    allowed = closed.get(column)
    if allowed and node.id not in allowed:
        message = _("`%(word)s` is no %(column)s.") % {"word": node.id, "column": column}
        raise NotRead("no_value", message + did_you_mean(node.id, allowed), node)
    return node.id
