"""Reading the cube: what it says of a period, and by what one knows later that it says the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection

from silin.facts.models import Cell, Month
from silin.facts.statement import COLUMNS
from silin.lib.canonical import digest as canonical_digest

NOTHING = hashlib.sha256().hexdigest()
"""Of a month that had cells and has none any more: it says what a month says that never had any."""


def digest(yms: Collection[int]) -> str:
    """64 hexadecimal digits for all cells of these months (YYYYMM): other cells, other digits.

    The same on every database. The digest of each month is kept until one of its cells changes: one
    statement, and for every month that has changed since somebody asked, the reading of its cells.
    """
    kept = Month.objects.in_bulk(sorted({*yms}))
    said = [[ym, kept[ym].digest or _digest_now(kept[ym])] for ym in sorted(kept)]
    return canonical_digest([each for each in said if each[1] != NOTHING])


def _digest_now(month: Month) -> str:
    """Read first how often it has changed, then its cells: only what still holds then is kept."""
    rows = sorted(Cell.objects.filter(ym=month.ym).values_list(*COLUMNS))
    said = hashlib.sha256()
    for row in rows:
        said.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    Month.objects.filter(pk=month.pk, changes=month.changes).update(digest=said.hexdigest())
    return said.hexdigest()
