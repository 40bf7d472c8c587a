"""Two clerks bring files in at the same moment."""

from __future__ import annotations

from functools import partial

from silin.history.models import Entry
from silin.imports.actions import commit, drop, upload
from silin.imports.flow import get_sheet
from silin.imports.models import Batch, BatchState
from silin.imports.tests.files import GRIDS, xlsx
from silin.imports.undoing import undo
from silin.lib.refusal import Changed
from silin.places.models import Place
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build


def sent(town: Town, name: str, number: str = "") -> Batch:
    """A file of one new grid, checked."""
    data = xlsx([GRIDS, [town.community.code, name, number]])
    return upload(get_sheet("grids"), town.city, data, name="网格.xlsx", by=town.zhou, now=MONDAY)


def test_one_batch_brought_in_by_two_is_brought_in_once(live_db: str) -> None:
    town = build()
    for n in range(3, 8):
        batch = sent(town, f"第{n}网格")
        done = at_once([partial(commit, batch, by=each, now=MONDAY) for each in (town.zhou, town.guo)])
        assert [each.state for each in done] == [BatchState.COMMITTED] * 2
        assert Place.objects.filter(name=f"第{n}网格").count() == 1
        assert Entry.objects.filter(subject=batch.subject).count() == 1


def test_two_files_that_say_the_same_write_it_once(live_db: str) -> None:
    town = build()
    batches = [sent(town, "第三网格") for _ in range(2)]
    done = at_once([partial(commit, each, by=town.zhou, now=MONDAY) for each in batches])
    assert sum(isinstance(each, Changed) for each in done) == 1
    assert Place.objects.filter(name="第三网格").count() == 1


def test_one_batch_taken_back_by_two_is_taken_back_once(live_db: str) -> None:
    town = build()
    for n in range(3, 6):
        batch = commit(sent(town, f"第{n}网格"), by=town.zhou, now=MONDAY)
        done = at_once([partial(undo, batch, by=each, now=MONDAY) for each in (town.zhou, town.guo)])
        assert [each.state for each in done] == [BatchState.UNDONE] * 2
        assert not Place.objects.filter(name=f"第{n}网格").exists()
        told = Entry.objects.filter(subject=batch.subject).order_by("seq").values_list("action", flat=True)
        assert list(told) == ["import_batch", "undo_batch"]


def test_brought_in_once_more_and_taken_back_at_once_only_the_undo_counts(live_db: str) -> None:
    town = build()
    batch = commit(sent(town, "第三网格"), by=town.zhou, now=MONDAY)
    at_once([partial(commit, batch, by=town.guo, now=MONDAY), partial(undo, batch, by=town.zhou, now=MONDAY)])
    batch.refresh_from_db()
    assert batch.state == BatchState.UNDONE
    assert not Place.objects.filter(name="第三网格").exists()


def test_brought_in_and_dropped_at_once_only_one_happens(live_db: str) -> None:
    town = build()
    for n in range(3, 8):
        batch = sent(town, f"第{n}网格")
        done = at_once([partial(commit, batch, by=town.zhou, now=MONDAY), partial(drop, batch, now=MONDAY)])
        batch.refresh_from_db()
        assert sum(isinstance(each, Changed) for each in done) == 1
        written = Place.objects.filter(name=f"第{n}网格").exists()
        assert written == (batch.state == BatchState.COMMITTED)
