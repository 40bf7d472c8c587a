"""The address of the chooser: every process of a demo has it."""

from __future__ import annotations

from django.urls import path

from silin.demo.views import choose, hears, hotline_sheet

everywhere = [
    path("demo/", choose, name="choose"),
    path("demo/hears/", hears, name="hears"),
    path("demo/hotline.xlsx", hotline_sheet, name="hotline"),
]
