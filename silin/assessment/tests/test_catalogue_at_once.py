"""Files against files, against an edit on the page, against the publishing of the draft: real threads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from silin.assessment.drafting import open_draft, publish, set_row
from silin.assessment.models import Catalogue, Indicator
from silin.assessment.periods import Period
from silin.assessment.sample import load_sample
from silin.assessment.tests.test_catalogue_sheet import ON_TIME, one
from silin.history.models import Entry
from silin.history.queries import check
from silin.history.rows import mark
from silin.imports.actions import commit, upload
from silin.imports.flow import get_sheet
from silin.imports.models import Batch, BatchState
from silin.imports.tests.files import xlsx
from silin.lib.refusal import Changed
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build

DECEMBER = Period.parse("2026-12")


def here() -> Town:
    """The town with the sample catalogue, committed."""
    town = build()
    load_sample()
    return town


def sent(town: Town, code: str, red: float) -> Batch:
    """A file that moves one red light, checked."""
    data = xlsx([["指标编码", "红灯线"], [code, red]])
    return upload(get_sheet("indicators"), town.city, data, name="指标.xlsx", by=town.zhou, now=MONDAY)


def committed(town: Town, batch: Batch) -> Callable[[], Any]:
    return partial(commit, batch, by=town.zhou, now=MONDAY)


def edited(town: Town, red: float) -> Callable[[], Any]:
    """Somebody who looks at the row now moves its red light on the page."""
    row = one()
    seen, row.red = mark(row), red
    return partial(set_row, row, actor=town.zhou, now=MONDAY, seen=seen)


def published(town: Town, draft: Catalogue) -> Callable[[], Any]:
    by: dict[str, Any] = {"actor": town.zhou, "now": MONDAY}
    seen = draft.digest_of_rows()
    return partial(publish, draft, effective_from=DECEMBER, note="", seen=seen, **by)


def test_two_files_begin_one_draft_and_both_are_in_it(live_db: str) -> None:
    town = here()
    batches = [sent(town, ON_TIME, 85), sent(town, "S1.1.1", 88)]
    done = at_once([committed(town, each) for each in batches])
    assert [each.state for each in done] == [BatchState.COMMITTED] * 2
    draft = Catalogue.objects.get(published_at=None)
    assert [draft.indicators.get(code=code).red for code in (ON_TIME, "S1.1.1")] == [85, 88]
    assert Entry.objects.filter(subject="catalogue:2", action="draft_opened").count() == 1
    assert check("catalogue:2") == []


def test_of_two_files_about_one_line_the_second_is_shown_anew(live_db: str) -> None:
    town = here()
    for red in (85.0, 86.0, 87.0):
        batches = [sent(town, ON_TIME, red), sent(town, ON_TIME, red + 0.5)]
        done = at_once([committed(town, each) for each in batches])
        assert sorted(isinstance(each, Changed) for each in done) == [False, True]
        [late] = Batch.objects.filter(state=BatchState.CHECKED)
        [cell] = late.shown["changes"][0]["cells"]
        assert float(cell["old"]) == one().red
        commit(late, by=town.zhou, now=MONDAY)
        assert float(cell["new"]) == one().red


def test_a_file_against_an_edit_on_the_page_one_of_them_looks_again(live_db: str) -> None:
    town = here()
    open_draft(actor=town.zhou, now=MONDAY)
    for n in range(4):
        lines = Entry.objects.filter(subject=f"indicator:{one().pk}").count()
        batch = sent(town, ON_TIME, 85 + n)
        done = at_once([committed(town, batch), edited(town, 75 + n)])
        assert sum(isinstance(each, Changed) for each in done) == 1
        assert one().red == (75 + n if isinstance(done[0], Changed) else 85 + n)
        assert Entry.objects.filter(subject=f"indicator:{one().pk}").count() == lines + 1
        assert check(f"indicator:{one().pk}") == []


def test_a_file_against_the_publishing_never_changes_what_counts(live_db: str) -> None:
    town = here()
    draft = open_draft(actor=town.zhou, now=MONDAY)
    edited(town, 85)()
    batch = sent(town, ON_TIME, 90)
    done = at_once([committed(town, batch), published(town, draft)])
    draft.refresh_from_db()
    if isinstance(done[1], Changed):
        assert (draft.published_at, one().red) == (None, 90)
        return
    assert draft.digest == draft.digest_of_rows()
    assert draft.indicators.get(code=ON_TIME).red == 85
    batch.refresh_from_db()
    assert batch.state == BatchState.COMMITTED
    assert (one().catalogue.number, one().red) == (3, 90)


def test_after_the_publishing_the_lines_of_a_file_are_compared_again(live_db: str) -> None:
    town = here()
    batch = sent(town, ON_TIME, 90)
    draft = open_draft(actor=town.zhou, now=MONDAY)
    edited(town, 85)()
    published(town, draft)()
    [told] = at_once([committed(town, batch)])
    assert isinstance(told, Changed)
    assert not Catalogue.objects.filter(published_at=None).exists()
    batch.refresh_from_db()
    assert batch.shown["changes"][0]["cells"] == [{"title": "红灯线", "old": "85", "new": "90"}]
    assert "第 3 版" in batch.shown["notes"][0]
    commit(batch, by=town.zhou, now=MONDAY)
    assert one().catalogue.number == 3
    assert Indicator.objects.filter(code=ON_TIME, red=90).count() == 1
    draft.refresh_from_db()
    assert draft.digest == draft.digest_of_rows()
