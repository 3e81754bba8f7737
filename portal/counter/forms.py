"""Forms of the window's first answers: accepting, and handing to another channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from cases.rules import scope, words
from cases.rules.classes import Difficulty
from cases.selectors.halls import active_matters, matters_in_text
from escalation.selectors.promises import Promise
from portal.once import OnceForm
from portal.templatetags.bancheng import cn_moment

TO_FILL = "（请写明单位、地址或电话）"


class AcceptForm(OnceForm):
    """受理: difficulty, and the matter where it is still open."""

    difficulty = forms.ChoiceField(
        label="难度",
        widget=forms.RadioSelect(attrs={"autofocus": True}),
        error_messages={"required": "请选难度，时限随它定。"},
    )
    matter = forms.ChoiceField(label="事项", required=False)

    def __init__(
        self,
        *args: Any,
        limits: Mapping[Difficulty, Promise],
        has_matter: bool,
        statement: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["difficulty"].choices = [(d.value, _promised(d, limit)) for d, limit in limits.items()]
        if has_matter:
            del self.fields["matter"]
        else:
            self.fields["matter"].choices = _matters(statement)

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        data = self.cleaned_data
        return {
            "difficulty": Difficulty(data["difficulty"]),
            "matter_id": int(data.get("matter") or 0) or None,
        }


def _promised(difficulty: Difficulty, promise: Promise) -> str:
    provisional = "（暂定）" if promise.provisional else ""
    word = words.DIFFICULTY[difficulty.value]
    return f"{word}，{promise.limit_text}：{cn_moment(promise.due_at)} 前{provisional}"


def _matters(statement: str) -> list[tuple[str, Any]]:
    """All matters, those that the reporter's words point at first."""
    likely = [(str(m.pk), f"{m.name}（{m.department.name}）") for m in matters_in_text(statement)]
    others = [(str(m.pk), f"{m.name}（{m.department.name}）") for m in active_matters()]
    groups = [("从反映的话看，可能是", likely)] if likely else []
    return [("", "以后再定"), *groups, ("全部事项", others)]


def standard_text(code: str) -> str:
    """The standard words for a reason, with a gap where only the clerk can name whom to ask.

    >>> standard_text("consumer").endswith("12315"), standard_text("other_area").endswith(TO_FILL)
    (True, True)
    """
    return scope.redirect_text(code, "" if scope.REASONS[code].contact else TO_FILL)


class RedirectForm(OnceForm):
    """转其他渠道: reason, and what the reporter is told."""

    reason = forms.ChoiceField(
        label="为什么不在本窗口范围内",
        choices=[(code, reason.label) for code, reason in scope.REASONS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "请选原因。"},
    )
    explanation = forms.CharField(
        label="告诉反映人的话",
        max_length=1000,
        help_text="反映人看到的就是这段话，可以改；要写清找哪里、怎么找",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "请看过告诉反映人的话再确认；选了原因的，已填入标准说法。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = zip(self["reason"].subwidgets, scope.REASONS.values(), strict=True)
        self.rows = list(rows)

    @classmethod
    def filled(cls, typed: Mapping[str, Any]) -> RedirectForm:
        """The same form with the standard words of the chosen reason, unless the clerk has written own ones."""
        values = {name: typed.get(name, "") for name in ("reason", "explanation", "idem", "version")}
        written = values["explanation"].replace("\r\n", "\n").strip()
        standard = {standard_text(code) for code in scope.REASONS}
        if values["reason"] in scope.REASONS and (not written or written in standard):
            values["explanation"] = standard_text(values["reason"])
        return cls(initial=values)

    def clean(self) -> dict[str, Any]:
        """Nothing is told unseen: an empty text comes back filled in; the gap in the standard words must be closed."""
        data = super().clean() or {}
        if (
            "explanation" in self.errors
            and data.get("reason")
            and not self.data.get("explanation", "").strip()
        ):
            self.data = self.data.copy()
            self.data["explanation"] = standard_text(data["reason"])
        if TO_FILL in data.get("explanation", ""):
            self.add_error("explanation", "这个原因没有统一的去处，请把括号换成该找的单位、地址或电话。")
        return data

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        return {name: self.cleaned_data[name] for name in ("reason", "explanation")}
