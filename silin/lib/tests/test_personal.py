"""Personal data: unreadable in the column, readable with the key, found by a keyed hash."""

from __future__ import annotations

import base64

import pytest
from cryptography.fernet import InvalidToken
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps
from pytest_django import Settings

from silin.lib.keyring import decrypt, encrypt
from silin.lib.personal import PersonalCharField, keyed_hash, phone_hash, read_phone, tail_hash
from silin.lib.refusal import Refused

OLD, NEW = (base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))


def field() -> PersonalCharField:
    return PersonalCharField(purpose="call-back", basis="consent", owner="the person", keep_days=30)


def test_the_column_cannot_be_read() -> None:
    stored = field().get_prep_value("13812341234")
    assert "13812341234" not in stored
    assert field().from_db_value(stored) == "13812341234"
    assert stored != field().get_prep_value("13812341234")
    assert field().get_prep_value("") == ""
    assert field().from_db_value(None) is None


def test_the_first_key_writes_and_all_read(settings: Settings) -> None:
    settings.SILIN_DATA_KEYS = [OLD]
    under_old = encrypt("刘桂兰")
    settings.SILIN_DATA_KEYS = [NEW, OLD]
    assert decrypt(under_old) == "刘桂兰"
    under_new = encrypt("刘桂兰")
    settings.SILIN_DATA_KEYS = [NEW]
    assert decrypt(under_new) == "刘桂兰"
    with pytest.raises(InvalidToken):
        decrypt(under_old)


def test_reason_and_end_go_into_the_migration() -> None:
    options = field().deconstruct()[3]
    assert options == {"purpose": "call-back", "basis": "consent", "owner": "the person", "keep_days": 30}


@isolate_apps("silin.lib")
def test_a_search_in_the_column_is_refused_instead_of_finding_nothing() -> None:
    class Neighbour(models.Model):
        phone = field()

        class Meta:
            app_label = "lib"

    with pytest.raises(FieldError, match="exact"):
        Neighbour._default_manager.filter(phone="13812341234")
    assert "IS NOT NULL" in str(Neighbour._default_manager.filter(phone__isnull=False).query)


@isolate_apps("silin.lib")
@pytest.mark.django_db
def test_a_row_comes_back_as_it_went() -> None:
    class Neighbour(models.Model):
        phone = field()

        class Meta:
            app_label = "lib"

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE lib_neighbour (id integer PRIMARY KEY, phone text NOT NULL)")
        Neighbour._default_manager.create(id=1, phone="13812341234")
        cursor.execute("SELECT phone FROM lib_neighbour")
        assert "1381234" not in cursor.fetchone()[0]
    assert Neighbour._default_manager.get().phone == "13812341234"


def test_hashes_are_keyed_and_parted_by_purpose(settings: Settings) -> None:
    before = phone_hash("13812341234")
    assert before == phone_hash("13812341234") == keyed_hash("phone", "13812341234")
    assert len({before, phone_hash("13812341235"), keyed_hash("code", "13812341234")}) == 3
    assert tail_hash("13812341234") == tail_hash("13999991234") != tail_hash("13812341235")
    settings.SECRET_KEY_FOR_HASHES = "another"
    assert phone_hash("13812341234") != before


@pytest.mark.parametrize(
    "typed",
    [
        "13812341234",
        " 138 1234 1234 ",
        "138-1234-1234",
        "138‑1234–1234",
        "+86 138 1234 1234",
        "+86-13812341234",
        "008613812341234",
        "8613812341234",
        "（138）12341234",
        "１３８１２３４１２３４",
    ],
)
def test_ways_to_type_a_phone_number(typed: str) -> None:
    assert read_phone(typed) == "13812341234"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1381234123",
        "138123412345",
        "12812341234",
        "0917-3261234",
        "1381234123a",
        "١٣٨١٢٣٤١٢٣٤",
        "+1 3812341234",
    ],
)
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        read_phone(typed)
    assert (refused.value.code, refused.value.field) == ("bad_phone", "phone")
