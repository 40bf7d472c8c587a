"""What a web worker does not load at its start: packages that take much memory and that few requests need."""

from __future__ import annotations

import subprocess
import sys

from tests import servers
from tests.servers import ROOT

HEAVY = ("duckdb", "geopandas", "hypothesis", "pandas", "pyogrio", "pypinyin", "pytest", "scipy")
START = f"""
import sys, silin.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted(set({HEAVY}) & set(sys.modules)))
"""


def test_a_web_worker_begins_without_what_few_need(prepared_db: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=servers.environment(prepared_db),
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == []
