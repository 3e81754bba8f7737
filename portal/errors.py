"""Error pages in plain Chinese: what happened, what is safe, what to do, whom to call, and the request's number."""

from __future__ import annotations

import math
import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from portal.opening.state import remembered_city
from portal.shell import Shell

# status → heading, what is safe, what to do
PAGES: dict[int, tuple[str, str, str]] = {
    400: ("这个请求看不懂", "可能是网址不完整，或者浏览器发来的内容有误。", "请返回上一页再试一次。"),
    403: (
        "您的岗位没有此权限",
        "这个页面只给有相应岗位的人使用。",
        "如果您需要它，请联系系统管理员；也可以回到自己的工作台。",
    ),
    404: ("没有这个页面", "网址可能写错了，或者您不能查看它。", "请检查网址，或者从首页重新进入。"),
    405: ("这个页面不能这样打开", "请不要直接输入提交表单的网址。", "请回到上一页，用页面上的按钮操作。"),
    409: (
        "刚刚有了新的进展",
        "另一位同事先办了一步，您的内容没有提交。",
        "请打开这件事看看最新情况，再决定怎么办。",
    ),
    413: ("内容太大", "上传的文件超过了允许的大小，没有保存。", "请减少文件，或把照片缩小后再传。"),
    429: ("试得太频繁了", "为了保护大家的信息，查询次数有限制。", "请过一会儿再试，或者打电话、到窗口问。"),
    500: (
        "系统出了问题",
        "不是您的操作造成的。已经提交成功的内容不会丢。",
        "请稍后再试；着急的话请打电话，或者到窗口。",
    ),
    503: ("系统正忙", "刚才没有办成，已保存的内容不会丢。", "请过一会儿再试；着急的话请打电话或到窗口。"),
}

STALE_FORM = (
    "页面放得太久了",
    "这次没有提交。如果每次都这样，可能是浏览器没有开启 Cookie。",
    "请返回上一页，刷新后再提交一次。",
)


def error_page(
    request: HttpRequest,
    status: int,
    *,
    detail: str = "",
    words: tuple[str, str, str] | None = None,
    retry_after: int | None = None,
) -> HttpResponse:
    """Render the page of one status.

    `detail` replaces what is safe, `words` the whole text; `retry_after` (seconds) is told and goes into the header.
    An htmx call gets a notice for the region #problem. Without the database the page still renders.
    """
    heading, safe, todo = words or PAGES[status]
    if retry_after:
        todo = f"请 {math.ceil(retry_after / 60)} 分钟后再试，或者打电话、到窗口问。"
    context = {
        "heading": heading,
        "safe": detail or safe,
        "todo": todo,
        "number": getattr(request, "number", ""),
    }
    if getattr(request, "htmx", False):
        response = HttpResponse(render_to_string("system/_notice.html", context), status=status)
    else:
        try:
            response = render(request, "system/error.html", context, status=status)
        except Error:
            response = _bare(context, status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _bare(context: dict[str, Any], status: int) -> HttpResponse:
    """The same page from constants and from the hall as this process last read it."""
    whole = {**context, "city": remembered_city(), "hall": Shell.last_hall}
    return HttpResponse(render_to_string("system/bare.html", whole), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when more was sent than is accepted."""
    too_big = isinstance(exception, RequestDataTooBig | TooManyFilesSent)
    return error_page(request, 413 if too_big else 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a known page without the right post. Objects out of reach answer 404 instead."""
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: missing and hidden things alike."""
    return error_page(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: allauth looks for it as `handler429` of the root URLconf."""
    return error_page(request, 429, retry_after=600)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is away or busy; without context processors, for one of them may be what broke."""
    status = 503 if isinstance(sys.exception(), OperationalError | InterfaceError) else 500
    heading, safe, todo = PAGES[status]
    context = {"heading": heading, "safe": safe, "todo": todo, "number": getattr(request, "number", "")}
    if getattr(request, "htmx", False):
        return HttpResponse(render_to_string("system/_notice.html", context), status=status)
    response = _bare(context, status)
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose page is too old, or whose browser keeps no cookies."""
    return error_page(request, 403, words=STALE_FORM)
