"""What the tests of staff pages share: the town as of some weeks ago, and forms as a browser sends them."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from silin.accounts.models import User
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from tests.town import Town, build

BEGUN = timezone.now() - timedelta(days=40)


def make_town() -> Town:
    """The town of the stories, set up some weeks before the present."""
    return build(BEGUN)


def signed_in(user: User) -> Client:
    """A browser in which ``user`` has signed in."""
    client = Client()
    client.force_login(user)
    return client


def raised(
    town: Town, words: str = "三楼楼道灯不亮。", *, now: datetime | None = None, **more: Any
) -> Matter:
    """A report by Chen, sent to Wang."""
    where = more or {"building": town.building}
    by = By(more.pop("by", None) or town.chen, now or timezone.now())
    return raise_matter("report", by, Report(words, town.lamp, **where))


def in_hand(town: Town, words: str = "三楼楼道灯不亮。") -> Matter:
    """A report that Wang has taken."""
    return accept(raised(town, words), By(town.wang, timezone.now()))


def answered(town: Town, words: str = "三楼楼道灯不亮。") -> Matter:
    """A report that Wang says is explained."""
    by = By(town.wang, timezone.now(), words="跟住户说清楚了")
    return answer(in_hand(town, words), by, outcome="advised")


def sent(matter: Matter, do: str, **more: Any) -> dict[str, Any]:
    """The fields of a form about ``matter`` as the page shows it."""
    fields = {"do": do, "version": matter.version, "client_id": str(uuid4())}
    return fields | more


def picture(colour: str = "green") -> SimpleUploadedFile:
    """A small photo, as it is uploaded."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile(f"{colour}.jpg", out.getvalue(), content_type="image/jpeg")


def kept(page: str, name: str) -> str:
    """The value of a hidden input."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None, f"no {name} on the page"
    return found[1]
