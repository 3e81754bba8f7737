"""Plays the acts of a story through the services, each at its own moment: the words of `data/stories.toml` in code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cases.models import Case, Matter, Obstacle
from cases.rules.classes import (
    Channel,
    Conclusion,
    ContactWay,
    Difficulty,
    Outcome,
    RatingReason,
    Recurrence,
    Resolution,
)
from cases.rules.grants import Role, citizen
from cases.rules.scope import redirect_text
from cases.services import additions, aftercare, closing, handling, intake
from cases.services.content import Person
from cases.services.erasing import erase_case
from cases.services.numbers import next_number
from escalation.selectors.reopening import reopen_until
from escalation.selectors.versions import rule_version_at
from portal.demo.cast import Cast
from portal.demo.changing import LATER
from portal.demo.materials import file_of
from portal.demo.scene import Filed, Scene
from portal.demo.stories import Story, StoryError

FIRST_PHONE = 13000001000  # invented, in the form of the register's


def file_story(story: Story, cast: Cast) -> Filed:
    """File or register a story's case."""
    channel = Channel(story.channel)
    taken = intake.Intake(
        statement=story.text,
        hall_id=cast.halls[story.hall],
        people=(Person(story.name, str(FIRST_PHONE + story.order), notify_by="sms"),),
        channel=channel,
        matter_id=Matter.objects.get(code=story.matter).pk if story.matter else None,
        obstacle_id=Obstacle.objects.get(code=story.obstacle).pk,
        visits_before=story.visits,
        files=tuple(file_of(described) for described in story.files),
    )
    service, actor = intake.submit_case, citizen()
    if channel is not Channel.ONLINE:
        service, actor = intake.register_case, cast.of(story.hall, Role.CLERK, story.order)
    number = next_number(day=story.filed_at.date())
    filed = service(number=number, intake=taken, actor=actor, now=story.filed_at)
    return Filed(filed.case.pk, number, filed.query_code)


def play(scene: Scene) -> None:
    """Play one act. Errors: StoryError for a word that is none; whatever the service refuses."""
    act = ACTS.get(scene.step.verb)
    if act is None:
        raise StoryError(scene.step.verb)
    act(scene)


def _accept(scene: Scene) -> None:
    version = rule_version_at(scene.step.at)
    intake.accept_case(difficulty=Difficulty(scene.step.asked[0]), rule_version=version, **scene.window)


def _redirect(scene: Scene) -> None:
    (reason,) = scene.step.asked
    intake.redirect_case(reason=reason, explanation=redirect_text(reason), **scene.window)


def _resolve(scene: Scene) -> None:
    outcome, recurrence = scene.step.asked
    closing.resolve_case(
        outcome=Outcome(outcome),
        recurrence=Recurrence(recurrence),
        reply=scene.written(),
        evidence=scene.written(1),
        recurrence_note=scene.written(2),
        **scene.window,
    )


def _dispatch(scene: Scene) -> None:
    lead, *others = scene.step.asked
    handling.dispatch_case(
        department_id=scene.unit(lead),
        co_department_ids=[scene.unit(other) for other in others],
        instruction=scene.written(),
        **scene.window,
    )


def _sign(scene: Scene) -> None:
    handling.sign_share(**scene.department)


def _contact(scene: Scene) -> None:
    _, way, reached = scene.step.asked
    handling.contact_reporter(
        way=ContactWay(way), reached=reached == "yes", note=scene.written(), **scene.department
    )


def _answer(scene: Scene) -> None:
    handling.answer_share(
        conclusion=Conclusion(scene.step.asked[1]),
        text=scene.written(),
        internal=scene.written(1),
        files=[file_of(described) for described in scene.step.files],
        **scene.department,
    )


def _carry(scene: Scene) -> None:
    unit, conclusion = scene.step.asked
    handling.carry_answer(
        department_id=scene.unit(unit),
        conclusion=Conclusion(conclusion),
        text=scene.written(),
        source=scene.written(1),
        **scene.window,
    )


def _send_back(scene: Scene) -> None:
    unit = scene.unit(scene.step.asked[0])
    handling.send_back(department_id=unit, reason=scene.written(), **scene.window)


def _publish(scene: Scene) -> None:
    closing.publish_reply(text=scene.written(), **scene.window)


def _close(scene: Scene) -> None:
    outcome, recurrence = scene.step.asked
    closing.close_case(
        outcome=Outcome(outcome),
        recurrence=Recurrence(recurrence),
        evidence=scene.written(),
        recurrence_note=scene.written(1),
        **scene.window,
    )


def _call_back(scene: Scene) -> None:
    said, *grade = scene.step.asked
    if said == "no":
        aftercare.call_back(reached=False, note=scene.written(), **scene.window)
        return
    aftercare.call_back(
        reached=True,
        resolution=Resolution(said),
        grade=int(grade[0]),
        note=scene.written(),
        **scene.window,
    )


def _rate(scene: Scene) -> None:
    resolution, grade, *reasons = scene.step.asked
    aftercare.rate_case(
        resolution=Resolution(resolution),
        grade=int(grade),
        reasons=[RatingReason(reason) for reason in reasons],
        text=scene.written(),
        **scene.reporter,
    )


def _reopen(scene: Scene) -> None:
    aftercare.reopen_case(
        reason=scene.written(),
        new_facts=False,
        until=reopen_until(Case.objects.get(pk=scene.filed.case_id)),
        rule_version=rule_version_at(scene.step.at),
        **scene.whoever(),
    )


def _supplement(scene: Scene) -> None:
    files = [file_of(described) for described in scene.step.files]
    additions.supplement_case(text=scene.written(), files=files, **scene.whoever())


def _withdraw(scene: Scene) -> None:
    additions.withdraw_case(reason=scene.written(), **scene.whoever())


def _supervise(scene: Scene) -> None:
    additions.supervise_case(text=scene.written(), **scene.supervisor)


def _erase(scene: Scene) -> None:
    erase_case(basis=scene.step.asked[0], **scene.supervisor)


ACTS: Mapping[str, Callable[[Scene], None]] = {
    "accept": _accept,
    "redirect": _redirect,
    "resolve": _resolve,
    "dispatch": _dispatch,
    "sign": _sign,
    "contact": _contact,
    "answer": _answer,
    "carry": _carry,
    "send_back": _send_back,
    "publish": _publish,
    "close": _close,
    "call_back": _call_back,
    "rate": _rate,
    "reopen": _reopen,
    "supplement": _supplement,
    "withdraw": _withdraw,
    "supervise": _supervise,
    "erase": _erase,
    **LATER,
}
