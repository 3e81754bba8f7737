"""Sending a stored file: always as a download, never interpreted."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from cases.selectors.content import OpenFile


def download(found: OpenFile | None) -> HttpResponse:
    """Answer with the file, or 404. The browser may neither sniff nor run it."""
    if found is None:
        raise Http404
    response = HttpResponse(found.content, content_type=found.mime)
    response.headers["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    response.headers["Content-Security-Policy"] = "sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response
