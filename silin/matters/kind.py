"""What a kind of matter declares. A kind is data over the one engine: it brings no state of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from silin.lib.refusal import Words

if TYPE_CHECKING:
    from silin.accounts.models import User
    from silin.matters.bookkeeping import Rule
    from silin.matters.deeds import Deed
    from silin.matters.forms import ActForm
    from silin.matters.models import Matter
    from silin.matters.table import Action
    from silin.people.models import Post

Hook = Callable[["Deed"], None]
Shows = Callable[["Matter", "User", datetime], Mapping[str, Any]]
Takes = Callable[["Matter", "Post"], bool]
Tick = Callable[["Matter", datetime], None]
Until = Callable[["Matter"], "date | None"]


@dataclass(frozen=True)
class Kind:
    """The declaration of a kind.

    ``ladder`` names the kinds of post that may have it in hand, the nearest first. ``proof`` says whether a
    photo of afterwards is needed to answer, ``verified_by`` who may verify (``raiser``, ``post``; empty:
    nobody, then an answer closes it), ``lapses`` that the clock closes what nobody objects to, ``in_league``
    that its keeping of time counts in the league. ``may`` holds hooks asked before an action (they refuse),
    ``on`` hooks run after it in the same transaction, before its notices; both by name of the action.
    ``form``, ``panel`` and ``row`` are template names.

    ``actions`` are rows of its own beside those of the engine's table, over the same seven states, ``leaves``
    the facts that each of these leaves (see ``bookkeeping``), ``forms`` their forms; ``without`` names rows
    of the engine that it does not know. ``shows`` gives its ``panel`` what it needs. ``confined``: nobody
    reads it but whoever raised it, has it in hand or sits at a desk over it, and it is never public.
    ``limits`` names the numbers that say in how many working days it is done (``handle_days``) and within how
    many working hours its raiser is spoken with (``contact_hours``), where it is not as for others. ``flag``
    stands beside it in lists. ``takes`` says whether a post may be sent it, where not every one may that
    handles matters. ``tick`` is called by the clock when ``Matter.own_due`` is past. ``set_by`` leads from a
    matter to the post that set it as a task (``"rectification__setter"``): that post reads it and stands
    above whoever has it, in place of the desk above. ``until`` gives the last day that was set for one.
    """

    key: str
    title: Words
    ladder: tuple[str, ...]
    raised_by: frozenset[str] = frozenset({"anyone"})
    proof: bool = False
    verified_by: frozenset[str] = frozenset({"raiser", "post"})
    reviewed: bool = False
    lapses: bool = True
    in_league: bool = False
    may: Mapping[str, Hook] = field(default_factory=dict)
    on: Mapping[str, Hook] = field(default_factory=dict)
    form: str = ""
    panel: str = ""
    row: str = ""
    actions: tuple[Action, ...] = ()
    leaves: Mapping[str, Rule] = field(default_factory=dict)
    forms: tuple[type[ActForm], ...] = ()
    without: frozenset[str] = frozenset()
    shows: Shows | None = None
    confined: bool = False
    limits: Mapping[str, str] = field(default_factory=dict)
    flag: Words = ""
    takes: Takes | None = None
    tick: Tick | None = None
    set_by: str = ""
    until: Until | None = None
