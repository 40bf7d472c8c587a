"""Two people act at once through the pages: the second reads what happened meanwhile and keeps every word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from silin.matters import acts, raisers
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.tests.pages import in_hand, make_town, sent, signed_in
from silin.matters.triage import comment
from tests.town import Town

MINE = "我写了两行字，不想再写一遍。"
THEIRS = "电工明天上午来"
AT_THE_DESK = sorted({form.do for forms in acts.FORMS.values() for form in forms})
OF_THE_RAISER = sorted(do for do, form in raisers.FORMS.items() if form.base_fields["version"].required)


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


def moved_on(town: Town) -> tuple[Matter, Matter]:
    """A matter as somebody saw it, and as it stands after Guo of the street has written."""
    seen = in_hand(town)
    return seen, comment(seen, By(town.guo, timezone.now(), words=THEIRS))


@pytest.mark.parametrize("do", AT_THE_DESK)
def test_every_form_of_the_desk_comes_back_with_what_happened(do: str, here: Town) -> None:
    seen, stands = moved_on(here)
    told = signed_in(here.li).post(f"/desk/m/{seen.number}/", sent(seen, do, words=MINE))
    page = told.content.decode()
    assert told.status_code == 409
    assert page.index("您看过以后发生的事") < page.index(THEIRS)
    form = acts.form_named(do, seen.declared)
    assert form is not None
    assert "words" not in form.base_fields or MINE in page
    stands.refresh_from_db()
    assert stands.version == seen.version + 1


@pytest.mark.parametrize("do", OF_THE_RAISER)
def test_every_form_of_the_raiser_does_too(do: str, here: Town) -> None:
    seen, _stands = moved_on(here)
    told = signed_in(here.chen).post(f"/m/{seen.number}/", sent(seen, do, words=MINE))
    page = told.content.decode()
    assert told.status_code == 409
    assert page.index("您看过以后发生的事") < page.index(THEIRS)
    assert "words" not in raisers.FORMS[do].base_fields or MINE in page


def test_whoever_looked_at_the_present_version_reads_no_such_list(here: Town) -> None:
    _seen, stands = moved_on(here)
    page = signed_in(here.li).post(f"/desk/m/{stands.number}/", sent(stands, "supervise", words=MINE))
    assert page.status_code == 400
    assert "您看过以后发生的事" not in page.content.decode()


def test_a_matter_nobody_took_says_which_clock_ran_out(here: Town) -> None:
    """Its last day is far away: what is over is the time in which somebody should have taken it."""
    seen, _stands = moved_on(here)
    Matter.objects.filter(pk=seen.pk).update(
        state="assigned", colour="warn", responded_at=None, respond_due=timezone.now() - timedelta(9)
    )
    for address in ("/desk/?tab=going", f"/desk/m/{seen.number}/"):
        assert "没人接，超" in signed_in(here.li).get(address).content.decode()
