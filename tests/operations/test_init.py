"""Another city is begun by one command; a second time it says what is there."""

from __future__ import annotations

import pytest

from silin.accounts.models import User
from silin.assessment.models import Catalogue
from silin.cli import main
from silin.history.models import Entry
from silin.matters.models import Category
from silin.operation.models import SettingUp
from silin.people.administrators import KINDS
from silin.people.models import Holding, Post
from silin.places.models import Place

PASSWORD = "eleven-lamps-in-the-lane"
WORDS = ["--email", "lin@example.org", "--name", "林海"]


@pytest.fixture(autouse=True)
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _: PASSWORD)


def test_a_city_is_begun_once(live_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--city", "三沙", *WORDS]) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "/desk/set-up/" in said
    assert "Lost keys are lost phone numbers" in said
    city = Place.objects.get(parent=None)
    assert (city.code, city.name, city.level) == ("460300000000", "三沙市", "city")
    assert Place.objects.filter(level="community").count() == 10
    assert Category.objects.exists()
    assert SettingUp.objects.get().opened_at is None
    lin = Holding.objects.get(post__kind="city_admin").user
    assert lin.has_perm("city.set_up", city)
    assert sorted(Post.objects.filter(holdings=None).values_list("kind", flat=True)) == sorted(KINDS)
    assert "/desk/administrators/" in said
    assert not lin.has_perm("system.run")
    places, lines = Place.objects.count(), Entry.objects.count()
    assert main(["init", "--city", "4603", *WORDS]) == 0
    assert "三沙市 is here already" in capsys.readouterr().out
    assert (Place.objects.count(), Entry.objects.count()) == (places, lines)
    Catalogue.objects.all().delete()  # as in a city that was begun before there was an assessment
    assert main(["init", "--city", "4603", *WORDS]) == 0
    assert "133 indicators" in capsys.readouterr().out
    assert Catalogue.objects.get().indicators.count() == 133


def test_the_three_are_three_people_on_the_command_line_too(
    live_db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--city", "三沙", *WORDS]) == 0
    for kind in KINDS:
        mail = f"{kind}@example.org"
        assert main(["createadmin", "--email", mail, "--kind", kind]) == 0, capsys.readouterr().err
        assert main(["createadmin", "--email", mail, "--kind", "auditor"]) == 1
    lin = User.objects.get(email=WORDS[1])
    assert not lin.has_perm("people.edit")
    assert User.objects.get(email="system_admin@example.org").has_perm("system.run")
    assert Post.objects.filter(kind__in=KINDS).count() == len(KINDS)


def test_two_cities_do_not_mix(live_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--city", "三沙", *WORDS]) == 0
    assert main(["init", "--city", "嘉峪关", *WORDS]) == 1
    assert "This database holds 三沙市 already" in capsys.readouterr().err
    assert not Place.objects.filter(code="620200000000").exists()


def test_a_city_that_nobody_knows(live_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--city", "临川国", *WORDS]) == 1
    assert capsys.readouterr().err
    assert not Place.objects.exists()
