"""What a load balancer or a watchman asks: is this process alive, and is this installation ready?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from silin.lib.jobs import last_heartbeat
from silin.lib.upgrading import is_migrating, is_of_another_version

LONGEST_SILENCE = timedelta(minutes=2)
LEAST_SPACE = 100 * 1024 * 1024


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Everyone: ``/healthz``, 200 as long as this process answers, also while ``silin migrate`` runs."""
    word = "upgrading" if is_migrating() else "ok"
    return HttpResponse(f"{word}\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Everyone: ``/readyz``, each part as ``ok`` or what is wrong with it; 503 when one is not ready."""
    parts = dict(_parts())
    well = all(word == "ok" for word in parts.values())
    return JsonResponse(parts, status=200 if well else 503)


def _parts() -> Iterator[tuple[str, str]]:
    try:
        with connection.cursor() as cursor:  # a kept connection may be broken without knowing it
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        yield "database", "away"
    else:
        yield "database", "ok"
        yield "migrations", _migrations()
        yield "jobs", "ok" if _jobs_run() else "silent"
    free = shutil.disk_usage(settings.SILIN_HOME).free
    yield "disk", "ok" if free >= LEAST_SPACE else "full"


def _migrations() -> str:
    """Whether the rows are those of this code: being brought there, waiting for that, or ahead of it."""
    if is_migrating():
        return "running"
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "waiting"
    return "ahead" if is_of_another_version() else "ok"


def _jobs_run() -> bool:
    beat = last_heartbeat()
    return beat is not None and timezone.now() - beat < LONGEST_SILENCE
