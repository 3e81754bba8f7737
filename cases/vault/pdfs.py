"""Uploaded PDFs: stripped of everything that acts and rewritten, in a child process with hard limits.

A few hundred bytes of PDF can unpack to gigabytes: the child (pdf_child.py) may use so much memory and time and no more,
and a crash of the parser costs one refused upload. Source: trust.md 7.3.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cases.vault.pdf_child import LOCKED, MAX_PAGES, MAX_SECONDS, TOO_LONG, UNREADABLE

__all__ = ["LOCKED", "MAX_PAGES", "TOO_LONG", "UNREADABLE", "PdfRefusedError", "clean_pdf"]

WAIT_SECONDS = 2.0 * MAX_SECONDS  # the child limits its own computing time; this is for a machine under load


class PdfRefusedError(Exception):
    """The PDF was refused; `reason` is LOCKED, TOO_LONG or UNREADABLE."""

    def __init__(self, reason: int) -> None:
        super().__init__(reason)
        self.reason = reason


def clean_pdf(data: bytes) -> bytes:
    """Return the PDF without active content. Errors: PdfRefusedError."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "cases.vault.pdf_child"],
            input=data,
            capture_output=True,
            timeout=WAIT_SECONDS,
            cwd=Path(__file__).resolve().parents[2],
            env={"PYTHONDONTWRITEBYTECODE": "1"},  # no secrets of ours in a process that parses hostile input
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfRefusedError(UNREADABLE) from None
    if child.returncode:
        raise PdfRefusedError(child.returncode if child.returncode in {LOCKED, TOO_LONG} else UNREADABLE)
    return child.stdout
