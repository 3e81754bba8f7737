"""Forms between the departments' answers and the reporter: asking for another answer, publishing the reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.rules import words
from portal.counter.answers import Answer
from portal.once import OnceForm


class SendBackForm(OnceForm):
    """请部门重新答复: one department of those that have answered, and what is missing."""

    department = forms.ChoiceField(
        label="哪个部门",
        widget=forms.RadioSelect,
        error_messages={"required": "请选要重新答复的部门。"},
    )
    reason = forms.CharField(
        label=words.TEXTS["send_back"],
        max_length=500,
        help_text="答复里缺什么、哪里不清楚，要部门补什么；部门看得到，反映人看不到",
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        error_messages={"required": "请写清楚答复里缺什么、要部门补什么。"},
    )

    def __init__(self, *args: Any, answers: Sequence[Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.share.department_id), _named(one)) for one in answers]
        self.fields["department"].choices = choices
        if len(choices) == 1:
            self.fields["department"].initial = choices[0][0]

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        return {
            "department_id": int(self.cleaned_data["department"]),
            "reason": self.cleaned_data["reason"],
        }


def _named(answer: Answer) -> str:
    part = words.SHARE_PARTS[answer.share.role]
    return f"{answer.share.department}（{part}，{words.CONCLUSIONS[answer.share.conclusion]}）"


class PublishForm(OnceForm):
    """答复反映人: the text that the reporter will read."""

    text = forms.CharField(
        label="给反映人的答复",
        max_length=2000,
        help_text="反映人看到的就是这段话，请用平常话写",
        widget=forms.Textarea(attrs={"rows": 8, "autofocus": True}),
        error_messages={"required": "请写给反映人的答复。"},
    )
