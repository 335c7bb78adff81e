"""A column of an entry is declared once; what Django and PostgreSQL are told says the same."""

import pytest
from django.db import connection

from thrive_points.ledger.columns import Entry
from thrive_points.models import PointsHistory

ARGUMENTS = """
SELECT argument.name, format_type(argument.type, NULL)
FROM pg_proc, unnest(proargnames, proargtypes::oid[]) AS argument (name, type)
WHERE proname = 'thrive_points_append_many_v1'
"""
COLUMNS = """
SELECT 'p_' || attname, format_type(atttypid, NULL) || '[]'
FROM pg_attribute
WHERE attrelid = 'thrive_points_pointshistory'::regclass AND attnum > 0 AND NOT attisdropped
"""


def test_django_knows_the_columns_in_their_order() -> None:
    assert Entry._fields == tuple(f.column for f in PointsHistory._meta.local_concrete_fields)


@pytest.mark.django_db
def test_the_table_has_the_columns_and_no_others() -> None:
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(
            cursor, "thrive_points_pointshistory"
        )
    assert {column.name for column in table} == {*Entry._fields}


if connection.vendor == "postgresql":

    @pytest.mark.django_db
    def test_the_function_takes_an_array_of_each_columns_type() -> None:
        with connection.cursor() as cursor:
            cursor.execute(COLUMNS)
            columns = dict(cursor.fetchall())
            cursor.execute(ARGUMENTS)
            arguments = dict(cursor.fetchall())
        assert len(columns) == len(Entry._fields)
        assert {name: arguments.get(name) for name in columns} == columns
