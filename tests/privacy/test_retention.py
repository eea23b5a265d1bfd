"""The published table of what is kept how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from luisterlijn.privacy.retention import (
    EPOCH,
    ROWS,
    RULES,
    SEALED,
    RetentionClass,
    key_goes,
    period_start,
)

from .conftest import NIGHT


def test_every_class_is_kept_as_long_as_was_promised() -> None:
    promised = {
        RetentionClass.AT_CLOSE: (None, timedelta(hours=1)),
        RetentionClass.DAY_1: (timedelta(hours=24), timedelta(hours=1)),
        RetentionClass.WEEK_1: (timedelta(days=7), timedelta(days=1)),
        RetentionClass.WEEKS_2: (timedelta(days=14), timedelta(days=1)),
        RetentionClass.DAYS_30: (timedelta(days=30), timedelta(days=1)),
        RetentionClass.MONTHS_18: (timedelta(days=549), timedelta(days=1)),
        RetentionClass.ACCOUNT: (None, timedelta(days=30)),
    }

    assert {name: (rule.lasts, rule.period) for name, rule in RULES.items()} == promised


def test_no_column_or_table_is_listed_twice() -> None:
    columns = [column.purpose for column in SEALED]
    tables = [row.table for row in ROWS]

    assert len(set(columns)) == len(columns)
    assert len(set(tables)) == len(tables)


SHORTER = {"audit.subject": RetentionClass.WEEK_1}
"""What nobody can open any more while its row still counts in a chain."""


def test_a_sealed_column_lives_as_long_as_its_row_or_is_listed_as_shorter() -> None:
    rows = {row.table: row.retention for row in ROWS}

    assert {column.purpose: column.retention for column in SEALED} == {
        column.purpose: SHORTER.get(column.purpose, rows[column.table]) for column in SEALED
    }


@pytest.mark.parametrize("retention", RetentionClass)
def test_a_period_begins_at_or_before_each_moment_in_it(retention: RetentionClass) -> None:
    start = period_start(retention, NIGHT)

    assert start <= NIGHT < start + RULES[retention].period
    assert (start - EPOCH) % RULES[retention].period == timedelta()
    assert period_start(retention, start) == start


@pytest.mark.parametrize("retention", RetentionClass)
def test_no_key_goes_while_its_period_lasts(retention: RetentionClass) -> None:
    start = period_start(retention, NIGHT)

    assert not key_goes(retention, start, start, used=False)
    assert not key_goes(retention, start, start + RULES[retention].period, used=False)
