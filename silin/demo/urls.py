"""The address of the chooser: every process of a demo has it."""

from __future__ import annotations

from django.urls import path

from silin.demo.views import choose, hotline_sheet

everywhere = [
    path("demo/", choose, name="choose"),
    path("demo/hotline.xlsx", hotline_sheet, name="hotline"),
]
