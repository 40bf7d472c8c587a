"""The book as Parquet files: one a day, without what stays at home; the engine finds the same cube in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from django.db import transaction
from hypothesis import given, settings

from silin.facts.actions import FactRow, write
from silin.facts.duck import cells_in, quoted
from silin.facts.exporting import Said, Unit, export, read_said
from silin.facts.folding import fold
from silin.facts.models import Cell, Fact
from silin.facts.rebuilding import rebuild_from
from silin.facts.settled import settled_to
from silin.facts.tests.books import as_cells, facts, kept, summed
from silin.facts.tests.test_cube import quiet, random_story, taken_back
from silin.lib.refusal import Refused

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
UNITS = [Unit("990102", "county", "9901", "甲县", None, date(2026, 7, 1))]


def closed(days: int = 0, **columns: object) -> FactRow:
    now = NOW + timedelta(days=days)
    return FactRow.of("matter.closed", now=now, unit="990102001001", subject="matter:1", **columns)


def exported(folder: Path) -> tuple[Said, int]:
    return export(folder, UNITS, quiet)


def read(path: Path) -> list[tuple[object, ...]]:
    return duckdb.execute(f"SELECT * FROM read_parquet({quoted(path)})").fetchall()


def without_needs(rows: Iterable[Fact]) -> Iterable[Fact]:
    """The facts as an export has them."""
    for row in rows:
        if row.name.startswith("care."):
            row.category = ""
        yield row


@settings(random_story, max_examples=8)
@given(facts(least=1), facts(), facts())
def test_the_engine_finds_the_same_cube(
    db: None, early: list[Fact], more: list[Fact], late: list[Fact]
) -> None:
    with tempfile.TemporaryDirectory() as name, taken_back():
        folder = Path(name, "out")
        before = settled_to()
        Fact.objects.bulk_create(early)
        exported(folder)
        Fact.objects.bulk_create(more)
        exported(folder)
        ours = Fact.objects.filter(number__gt=before).all
        assert as_cells(cells_in(folder / "facts")) == summed(without_needs(ours()))
        Fact.objects.bulk_create(late)
        while fold():
            pass
        assert rebuild_from(folder, quiet) == 0
        right = kept()
        Cell.objects.filter(kind="").delete()
        Cell.objects.update(n=7)
        rebuild_from(folder, quiet)
        assert kept() == right == summed(ours())


def test_what_stays_at_home(db: None, tmp_path: Path) -> None:
    needs = FactRow.of(
        "care.contact", now=NOW, unit="990102001001", subject="visit:1", category="blind", on_time=False
    )
    write([needs, closed(hours=1.5, category="light")])
    exported(tmp_path)
    [care, matter] = read(tmp_path / "facts" / "20261120.parquet")
    assert care[:7] == ("care.contact", 20261120, 202611, "990102001001", "", "", "")
    assert care[10:] == (None, False, None, 1, 1, "person")
    assert (matter[6], matter[10:13]) == ("light", (None, None, 1.5))
    words = [str(row) for row in (care, matter)]
    assert not [word for word in words if "visit:1" in word or str(needs.id) in word]
    assert read(tmp_path / "units.parquet") == [("990102", "county", "9901", "甲县", None, date(2026, 7, 1))]


def test_again_only_days_of_which_facts_have_come_are_written(db: None, tmp_path: Path) -> None:
    write([closed(), closed(1)])
    assert exported(tmp_path)[1] == 2
    files = [tmp_path / "facts" / f"202611{day}.parquet" for day in (20, 21)]
    times = [file.stat().st_mtime_ns for file in files]
    said, written = exported(tmp_path)
    assert (said.facts, written) == (2, 0)
    write([closed(1), closed(2)])
    said, written = exported(tmp_path)
    assert (said.facts, written) == (4, 2)
    assert [file.stat().st_mtime_ns == at for file, at in zip(files, times, strict=True)] == [True, False]
    files[0].unlink()
    assert exported(tmp_path)[1] == 1
    assert len(read(files[0])) == 1


def test_killed_in_the_middle_the_next_one_goes_on(live_db: str, tmp_path: Path) -> None:
    write([closed(), closed(1), closed(2)])
    done, out = list[int](), tmp_path / "out"

    def dies(day: int, _total: int, _what: str) -> None:
        done.append(day)
        if day == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(out, UNITS, dies)
    assert exported(out)[0].facts == 3
    assert len(list((out / "facts").iterdir())) == 3


def test_the_facts_of_another_database_are_not_mixed_in(db: None, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no_export"):
        read_said(tmp_path)
    with transaction.atomic():
        write([closed()])
        exported(tmp_path)
        transaction.set_rollback(True)
    with pytest.raises(Refused, match="another_book"):
        exported(tmp_path)
    (tmp_path / "export.json").write_text("[")
    with pytest.raises(Refused, match="no_export"):
        exported(tmp_path)


def test_a_folder_with_other_things_is_left_alone(db: None, tmp_path: Path) -> None:
    (tmp_path / "照片.jpg").write_text("")
    with pytest.raises(Refused, match="taken"):
        exported(tmp_path)
    assert os.listdir(tmp_path) == ["照片.jpg"]
