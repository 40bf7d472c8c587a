"""What stands on paper leads to the page, through the host that the operator named."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from silin.lib.addresses import as_code, whole


@pytest.mark.parametrize(
    ("origins", "there"),
    [
        ([], "http://testserver/m/K7P2M9QX/"),
        (["https://silin.example", "https://other.example"], "https://silin.example/m/K7P2M9QX/"),
        (["https://silin.example/"], "https://silin.example/m/K7P2M9QX/"),
    ],
)
def test_an_address_has_the_operators_host(settings: Settings, origins: list[str], there: str) -> None:
    settings.CSRF_TRUSTED_ORIGINS = origins
    assert whole(RequestFactory().get("/somewhere/"), "/m/K7P2M9QX/") == there


def test_a_code_is_a_drawing_of_the_address() -> None:
    small, large = (as_code("https://silin.example/m/K7P2M9QX/", scale=scale) for scale in (2, 4))
    assert small.startswith("<svg")
    assert 'width="74"' in small
    assert 'width="148"' in large
