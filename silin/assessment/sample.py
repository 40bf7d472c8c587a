"""The sample catalogue that the product brings: 4 types, 16 tasks, 48 items, 133 indicators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from silin.assessment.models import Catalogue, Heading, Indicator, PeerGroup

SAMPLE = Path(__file__).parent / "data"
FILES = ("safe", "convenient", "beautiful", "happy")
BEGINNING = 200001  # the sample holds for every month until a city publishes its own


@transaction.atomic
def load_sample(folder: Path = SAMPLE, now: datetime | None = None) -> int:
    """Write the sample as version 1, and the groups of peers, where there is none yet.

    Gives the number of its indicators. A city that has a catalogue keeps it.
    """
    now = now or timezone.now()
    _groups(folder / "groups.yaml")
    if Catalogue.objects.exists():
        return 0
    catalogue = Catalogue.objects.create(number=1, effective_from=BEGINNING, sample=True, made_at=now)
    headings, indicators = rows_of(_read(folder / f"{name}.yaml") for name in FILES)
    for heading in headings:
        heading.catalogue = catalogue
    for indicator in indicators:
        indicator.catalogue = catalogue
    Heading.objects.bulk_create(headings)
    Indicator.objects.bulk_create(indicators)
    catalogue.digest, catalogue.published_at = catalogue.digest_of_rows(), now
    catalogue.save(update_fields=["digest", "published_at"])
    return len(indicators)


def rows_of(documents: Iterator[Any]) -> tuple[list[Heading], list[Indicator]]:
    """The rows that documents of types say, in their order, not yet written."""
    headings: list[Heading] = []
    indicators: list[Indicator] = []
    for document in documents:
        kept = {"aim": document["aim"], "weight": document["weight"], "code": document["type"]}
        headings.append(_heading({**document, **kept}, Heading.Level.TYPE))
        for task in document["tasks"]:
            headings.append(_heading(task, Heading.Level.TASK))
            for item in task["items"]:
                headings.append(_heading(item, Heading.Level.ITEM))
                indicators += [_indicator(row) for row in item["indicators"]]
    for order, row in enumerate((*headings, *indicators)):
        row.order = order
    return headings, indicators


def _read(path: Path) -> Any:
    with path.open("rb") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)


def _groups(path: Path) -> None:
    for order, row in enumerate(_read(path)):
        PeerGroup.objects.get_or_create(code=row.pop("code"), defaults={**row, "order": order})


def _heading(row: Any, level: Heading.Level) -> Heading:
    return Heading(
        code=row["code"],
        level=level,
        title_zh=row["title"]["zh"],
        title_en=row["title"]["en"],
        aim=row.get("aim", ""),
        lead=row.get("lead", ""),
        weight=row.get("weight", 0),
    )


def _indicator(row: Any) -> Indicator:
    named = {name: row[name] for name in Indicator.ROW if name in row}
    title, light = row["title"], row["light"]
    return Indicator(
        **named,
        scoring=row["score"],
        title_zh=title["zh"],
        title_en=title["en"],
        red=light["red"],
        yellow=light["yellow"],
    )
