"""A small copy of the large city in a database of its own, built once for this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from portal.benchmarks.large import cloning, database

CASES = 200


@pytest.fixture(scope="session")
def said() -> list[str]:
    """What building the city said."""
    return []


@pytest.fixture(scope="session")
def built(django_db_blocker, said) -> Iterator[None]:
    """The city exists; databases of these tests are dropped at the end."""
    with django_db_blocker.unblock():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cloning, "FEW", 0)  # by processes, as a million are
            patch.setattr(cloning, "CHUNK", 50)
            with database.large_city(CASES, halls=1, say=said.append):
                pass
        yield
        connection.close()
        database._forget_older(f"{database.PREFIX}_")


@pytest.fixture
def small_city(built, django_db_blocker) -> Iterator[None]:
    """Be in it."""
    with django_db_blocker.unblock(), database.large_city(CASES, halls=1):
        yield
