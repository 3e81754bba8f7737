"""Forms between the departments' answers and the reporter: asking for another answer, publishing the reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.rules import words
from cases.rules.classes import Conclusion
from cases.selectors.queues import ShareLine
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


class CarryForm(OnceForm):
    """代录答复: which unit without account, what it answers, and who of it said so."""

    department = forms.ChoiceField(
        label="哪个单位", widget=forms.RadioSelect, error_messages={"required": "请选要代录的单位。"}
    )
    conclusion = forms.ChoiceField(
        label="结论",
        choices=list(words.CONCLUSIONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选结论。"},
    )
    text = forms.CharField(
        label="这个单位怎么答复的",
        max_length=2000,
        help_text="窗口核对以后写进给反映人的答复",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写这个单位的答复。"},
    )
    source = forms.CharField(
        label="谁答复的、怎么答复的",
        max_length=200,
        help_text="如 经联社办公室来电，经办人姓什么；反映人看不到",
        error_messages={"required": "请写是谁答复的、怎么答复的。"},
    )

    def __init__(self, *args: Any, shares: Sequence[ShareLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(share.department_id), share.department) for share in shares]
        self.fields["department"].choices = choices
        if len(choices) == 1:
            self.fields["department"].initial = choices[0][0]

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        given = {name: self.cleaned_data[name] for name in ("text", "source")}
        conclusion = Conclusion(self.cleaned_data["conclusion"])
        return {"department_id": int(self.cleaned_data["department"]), "conclusion": conclusion, **given}


class PublishForm(OnceForm):
    """答复反映人: the text that the reporter will read."""

    text = forms.CharField(
        label="给反映人的答复",
        max_length=2000,
        help_text="反映人看到的就是这段话，请用平常话写",
        widget=forms.Textarea(attrs={"rows": 8, "autofocus": True}),
        error_messages={"required": "请写给反映人的答复。"},
    )
