"""The language of indicators: parsed by Python's own parser against a whitelist, never run as Python.

``count(name[, condition])``, ``sum``, ``hours``, ``grades``, ``last`` (of stocks), numbers, ``+ - * /`` and
parentheses; at the top also ``passing(expression >= number)``. A condition knows column names, enum words,
numbers, ``and or not in == != < <= > >=``. What is written is checked against the vocabulary as it is read.

A division by zero and what follows from it has no value (NaN).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import add, mul, sub

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from silin.facts.conditions import Condition, parse_condition
from silin.facts.parsing import (
    NotRead,
    dotted,
    known_word,
    located,
    no_such_function,
    number_of,
    tree_of,
    unreadable,
)

Figures = NDArray[np.float64]
FUNCTIONS = ("count", "sum", "hours", "grades", "last")
STOCKS = ("stock.", "circle.")
NEEDS = {"hours": "hours", "grades": "grade"}
OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


@dataclass(frozen=True)
class Term:
    """One sum over the book: ``function`` of the facts ``name`` for which ``condition`` holds."""

    function: str
    name: str
    condition: Condition | None = None

    @property
    def is_stock(self) -> bool:
        """Whether it says how many there are at the end of a period, not what happened in it."""
        return self.function == "last"


@dataclass(frozen=True)
class Operation:
    """Two expressions and what is done with them: ``+ - * /``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Passing:
    """The share of the units right below that reach ``at_least``; a community is its own only one."""

    expression: Node
    at_least: float


Node = float | Term | Operation
Expression = Node | Passing


def parse(text: str) -> Expression:
    """The expression that ``text`` says. Raises ``NotRead`` with row, column and what was expected."""
    try:
        body = tree_of(text)
        whole = isinstance(body, ast.Call) and isinstance(body.func, ast.Name) and body.func.id == "passing"
        return _passing(body) if whole and isinstance(body, ast.Call) else _node(body)
    except NotRead as error:
        raise located(error, text) from None


def terms_in(expression: Expression) -> Iterator[Term]:
    """Every sum that it takes, from left to right."""
    if isinstance(expression, Term):
        yield expression
    elif isinstance(expression, Operation):
        yield from terms_in(expression.left)
        yield from terms_in(expression.right)
    elif isinstance(expression, Passing):
        yield from terms_in(expression.expression)


def evaluate(node: Node, sums: Mapping[Term, Figures]) -> Figures:
    """Its value from the sums of its terms, all of one shape; NaN where something is divided by zero."""
    if isinstance(node, Term):
        return sums[node]
    if isinstance(node, Operation):
        left, right = evaluate(node.left, sums), evaluate(node.right, sums)
        return divide(left, right) if node.operator == "/" else DOES[node.operator](left, right)
    return np.full(1, node)


def divide(left: Figures, right: Figures) -> Figures:
    """The quotient, NaN where ``right`` is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(right == 0, np.nan, left / right)


DOES: dict[str, Callable[[Figures, Figures], Figures]] = {"+": add, "-": sub, "*": mul}


def _passing(call: ast.Call) -> Passing:
    [compared] = call.args if len(call.args) == 1 else [None]
    one = isinstance(compared, ast.Compare) and len(compared.ops) == 1 and not call.keywords
    if not one or not isinstance(compared, ast.Compare) or not isinstance(compared.ops[0], ast.GtE):
        raise NotRead("passing", _("passing() needs one comparison: passing(expression >= number)."), call)
    return Passing(_node(compared.left), number_of(compared.comparators[0]))


def _node(node: ast.expr) -> Node:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return Operation(OPERATORS[type(node.op)], _node(node.left), _node(node.right))
    if isinstance(node, ast.Call):
        return _term(node)
    if isinstance(node, ast.Constant | ast.UnaryOp):
        return number_of(node)
    raise unreadable(node, _("a number, or one of count, sum, hours, grades, last"))


def _term(call: ast.Call) -> Term:
    if not isinstance(call.func, ast.Name):
        raise unreadable(call, _("one of count, sum, hours, grades, last"))
    function = call.func.id
    if function == "passing":
        raise NotRead("passing", _("passing() can only be the whole expression."), call)
    if function not in FUNCTIONS:
        raise no_such_function(call.func, FUNCTIONS)
    if len(call.args) not in (1, 2) or call.keywords or any(isinstance(a, ast.Starred) for a in call.args):
        raise NotRead(
            "arguments",
            _("%(function)s() takes a name and, if you like, a condition.") % {"function": function},
            call,
        )
    name = dotted(call.args[0])
    word = known_word(name, call.args[0])
    _check_use(function, name, word.columns, call)
    condition = parse_condition(call.args[1], name, word) if len(call.args) == 2 else None
    return Term(function, name, condition)


def _check_use(function: str, name: str, columns: frozenset[str], call: ast.Call) -> None:
    """Stocks are asked for their last standing, all else for sums; only what has hours adds up hours."""
    said = {"function": function, "name": name}
    if (function == "last") != name.startswith(STOCKS):
        if function == "last":
            raise NotRead("not_a_stock", _("%(name)s is not a stock: use count or sum.") % said, call)
        raise NotRead("a_stock", _("%(name)s is a stock: use last(%(name)s).") % said, call)
    needed = NEEDS.get(function)
    if needed and needed not in columns:
        raise NotRead(
            "no_column", _("%(name)s has no %(column)s to add up.") % {**said, "column": needed}, call
        )
