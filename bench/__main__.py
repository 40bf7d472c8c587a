"""``python -m bench [NAME …]``: measure against the floors and print the table of ``bench/README.md``."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from importlib import import_module

NAMES = ("cube", "handling", "hotline", "inbox", "league", "locating", "nation", "near", "raising", "serving")
HEAD = "| work | against | reached | goal | figures |\n|---|---|---|---|---|"


def main(names: list[str]) -> int:
    """Run the named benchmarks (all when none is named) on a database of their own."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "SILIN_HOME": home,
            "DJANGO_SETTINGS_MODULE": "silin.settings",
            "SILIN_LOG_LEVEL": "warning",
        }
        os.environ.pop("SILIN_DATABASE_URL", None)
        _prepare()
        print(
            f"{datetime.now(UTC).date().isoformat()}, {os.cpu_count()} cores, {platform.machine()}, "
            f"Python {platform.python_version()}\n"
        )
        print(HEAD)
        for name in names or NAMES:
            for line in import_module(f"bench.{name}").run():
                print(line, flush=True)
    return 0


def _prepare() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
