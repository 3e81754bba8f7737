"""Why an act cannot be done now (为什么现在不能): one sentence, the same on the page and in the refusal of the service."""

from __future__ import annotations

from cases.errors import ErasedError
from cases.rules import words
from cases.rules.facts import CaseFacts
from cases.rules.flow import Act, is_possible
from cases.rules.grants import CONDITIONS


def refusal(facts: CaseFacts, act: Act) -> str:
    """Return the sentence that refuses `act` on a case: erased, in another state, or already done.

    >>> from cases.rules.flow import State
    >>> refusal(CaseFacts(1, State.FILED, 7), Act.CLOSE)
    '这件事现在是“待受理”，不能办结。'
    >>> refusal(CaseFacts(1, State.CLOSED, 7, is_rated=True), Act.RATE)
    '您已经评价过了，谢谢。'
    """
    if facts.is_erased:
        return ErasedError.message
    if is_possible(facts.state, act) and act in CONDITIONS:
        return CONDITIONS[act].otherwise
    return f"这件事现在是“{words.STATES[facts.state.value]}”，不能{words.ACTS[act.value]}。"
