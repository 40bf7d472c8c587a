"""The guide to Open311 is true: its examples run in order against the demo city."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from silin.history.models import Entry
from silin.matters.models import Matter, State
from silin.people.clients import AboutClient, make_client
from silin.people.models import Organisation
from silin.places.queries import root
from tests.operations import worked
from tests.servers import ROOT

GUIDE = ROOT / "docs/open311.md"


def keys() -> dict[str, str]:
    """The keys of an app and of a bureau's system, and a matter that the bureau has to do."""
    city, now = root(), timezone.now()
    assert city is not None
    app = AboutClient("示例应用", "public_app", city, ("read", "raise"))
    theirs = Matter.objects.filter(holder__organisation__kind=Organisation.Kind.BUREAU)
    called = theirs.filter(state__in=(State.ASSIGNED, State.IN_HAND))
    called = called.select_related("holder__organisation__place")
    matter = called.order_by("pk")[0]
    assert matter.holder is not None
    body = matter.holder.organisation
    assert body is not None
    system = AboutClient("示例部门系统", "bureau_system", body.place or city, ("read", "act"), body)
    return {
        "KEY": make_client(app, actor=None, now=now)[1],
        "BUREAU_KEY": make_client(system, actor=None, now=now)[1],
        "CALLED": matter.number,
    }


def test_every_example_runs(demo_server: str, tmp_path: Path) -> None:
    given = keys()
    said = worked.run(GUIDE.read_text(), tmp_path, {"BASE": f"{demo_server}/open311/v2", **given})
    assert "Street light out" in said
    assert '"code": "403"' not in said
    assert "<code>403</code>" in said
    put = Entry.objects.filter(action="raise", actor__name="示例应用").order_by("pk")
    matters = [Matter.objects.get(pk=line.subject.removeprefix("matter:")) for line in put]
    assert [matter.words for matter in matters] == ["楼前的路灯不亮，一连黑了三盏。", "树枝挡住了路灯。"]
    told = Entry.objects.get(actor__name="示例部门系统", words__isnull=False)
    assert told.subject == Matter.objects.get(number=given["CALLED"]).subject


def test_a_block_that_fails_is_named_by_its_line(tmp_path: Path) -> None:
    text = "a\n```sh\nA=1\n```\n\n```python\nimport os\nassert os.environ['A'] == '2'\n```\n"
    named = [(line, language) for line, language, _block in worked.examples(text)]
    assert named == [(2, "sh"), (6, "python")]
    with pytest.raises(AssertionError, match=r"^line 6"):
        worked.run(text, tmp_path, {})
