"""How many rows there are of several sorts, asked in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def count_each(querysets: Mapping[str, QuerySet[Any]], at_most: int | None = None) -> dict[str, int]:
    """How many rows each has, none counted beyond ``at_most``, all in one statement."""
    parts: list[str] = []
    params: list[Any] = []
    for rows in querysets.values():
        try:
            sql, more = rows.order_by().values_list("pk")[:at_most].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")
        params += more
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        row = cursor.fetchone()
    return dict(zip(querysets, row, strict=True))
