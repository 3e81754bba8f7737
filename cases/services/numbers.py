"""Case numbers (编号): the next serial of a day, taken in a short transaction of its own."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from cases.rules.numbering import compose_digits


@transaction.atomic
def next_number(*, day: date) -> str:
    """Return the digits of the next case number of `day`. Gaps are allowed, doubles are not.

    Call it before the act's transaction, so that nobody waits for the serial while a case is being written.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_dayserial (day, last) VALUES (%s, 1)"
            " ON CONFLICT (day) DO UPDATE SET last = cases_dayserial.last + 1 RETURNING last",
            [day],
        )
        (serial,) = cursor.fetchone()
    return compose_digits(day, serial)
