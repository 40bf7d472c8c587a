"""What a system that comes in with a key may do with matters: what its post allows, and nowhere else."""

from __future__ import annotations

import pytest

from silin.lib.refusal import NotAllowed
from silin.matters.deeds import By
from silin.matters.raising import Report, raise_matter
from silin.people.clients import AboutClient, make_client
from tests.town import MONDAY, Town, build


@pytest.fixture
def here(db: None) -> Town:
    return build()


def test_a_hotline_notes_down_for_callers_and_reads_its_own_place_only(here: Town) -> None:
    about = AboutClient("12345 热线平台", "hotline", here.community, ("read", "raise"))
    system = make_client(about, actor=None, now=MONDAY)[0].user
    said = Report("路灯不亮", here.lamp, place=here.grid, channel="hotline", on_behalf=True, raiser=here.chen)
    matter = raise_matter("report", By(system, MONDAY), said)
    assert matter.raiser == here.chen
    assert system.has_perm("matters.see", matter)
    assert not system.has_perm("matters.name", matter)
    elsewhere = Report("路灯不亮", here.lamp, place=here.other_grid, channel="hotline", on_behalf=True)
    with pytest.raises(NotAllowed):
        raise_matter("report", By(system, MONDAY), elsewhere)
