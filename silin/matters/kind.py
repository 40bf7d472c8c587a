"""What a kind of matter declares. A kind is data over the one engine: it brings no state of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from silin.lib.refusal import Words

if TYPE_CHECKING:
    from silin.matters.deeds import Deed

Hook = Callable[["Deed"], None]


@dataclass(frozen=True)
class Kind:
    """The declaration of a kind.

    ``ladder`` names the kinds of post that may have it in hand, the nearest first. ``proof`` says whether a
    photo of afterwards is needed to answer, ``verified_by`` who may verify (``raiser``, ``post``; empty:
    nobody, then an answer closes it), ``lapses`` that the clock closes what nobody objects to, ``in_league``
    that its keeping of time counts in the league. ``may`` holds hooks asked before an action (they refuse),
    ``on`` hooks run after it in the same transaction, before its notices; both by name of the action.
    ``form``, ``panel`` and ``row`` are template names.
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
