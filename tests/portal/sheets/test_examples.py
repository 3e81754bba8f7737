"""The examples in the documentation of the sheet reader and the import are true."""

from __future__ import annotations

import doctest

import pytest

from portal.register import columns, duplicates
from portal.sheets import delimited, headers


@pytest.mark.parametrize(
    "module", [delimited, headers, columns, duplicates], ids=lambda module: module.__name__
)
def test_examples_are_true(module):
    failed, tried = doctest.testmod(module)
    assert (failed, tried > 0) == (0, True)
