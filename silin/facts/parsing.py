"""Reading what somebody wrote as Python's grammar, and saying where and why it could not be read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from difflib import get_close_matches

from django.utils.translation import gettext as _

from silin.facts.vocabulary import WORDS, Word, find

LONGEST = 1000
DEEPEST = 40
GREATEST = 1e12
IN_MIND = ast.expr | None


class NotRead(ValueError):
    """An expression that cannot be read: ``code`` for programs, ``message`` for people, ``row``, ``column``.

    Rows and columns count from 1, in characters.
    """

    def __init__(self, code: str, message: str, at: IN_MIND = None, *, row: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.at = at
        self.row = at.lineno if at is not None else row
        self.column = column


def tree_of(text: str) -> ast.expr:
    """The tree of ``text``; nothing of it is run. Raises ``NotRead``, also where it is too long or deep."""
    if len(text) > LONGEST:
        raise NotRead("too_long", _("An expression has at most %(n)s characters.") % {"n": LONGEST})
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        row, column = error.lineno or 1, error.offset or 1
        raise NotRead("syntax", _("This cannot be read here."), row=row, column=max(column, 1)) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise NotRead("syntax", _("This cannot be read.")) from error
    _check_depth(tree.body)
    return tree.body


def _check_depth(body: ast.expr) -> None:
    """Refuse what is nested so deep that nobody could have meant it."""
    level: list[ast.AST] = [body]
    for _depth in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise NotRead("too_deep", _("This is nested too deep."))


def located(error: NotRead, text: str) -> NotRead:
    """The same error with its column in characters: Python counts the bytes of UTF-8."""
    if error.at is not None:
        line = text.splitlines()[error.at.lineno - 1] if text.splitlines() else ""
        error.column = len(line.encode()[: error.at.col_offset].decode(errors="replace")) + 1
    return error


def unreadable(node: ast.expr, expected: str) -> NotRead:
    """What stands here is not part of the language; ``expected`` says what would be."""
    return NotRead("unexpected", _("Expected here: %(expected)s.") % {"expected": expected}, node)


def number_of(node: ast.expr) -> float:
    """A number as it is written, also a negative one. Raises ``NotRead``."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -number_of(node.operand)
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        raise unreadable(node, _("a number"))
    if not isinstance(node.value, int | float):
        raise unreadable(node, _("a number"))
    if not abs(node.value) <= GREATEST:
        raise NotRead("too_great", _("This number is too great."), node)
    return float(node.value)


def dotted(node: ast.expr) -> str:
    """A name with dots, such as ``matter.closed``. Raises ``NotRead``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    raise unreadable(node, _("a name of the book of facts, such as matter.closed"))


def known_word(name: str, node: ast.expr) -> Word:
    """The word of the vocabulary that ``name`` is. Raises ``NotRead`` with the nearest one."""
    word = find(name)
    if word is None:
        message = _("`%(name)s` is not in the book of facts.") % {"name": name}
        raise NotRead("no_word", message + did_you_mean(name, WORDS), node)
    return word


def no_such_function(node: ast.Name, functions: Iterable[str]) -> NotRead:
    """There is no function of that name."""
    message = _("There is no function `%(name)s`.") % {"name": node.id}
    return NotRead("no_function", message + did_you_mean(node.id, functions), node)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question with the nearest of ``known``, or nothing."""
    near = get_close_matches(name, sorted(known), n=1)
    return " " + _("Did you mean `%(name)s`?") % {"name": near[0]} if near else ""


def is_enum_word(text: str) -> bool:
    """Whether it may stand in a condition as the word of an enum."""
    return re.fullmatch(r"[A-Za-z0-9_]{1,40}", text) is not None
