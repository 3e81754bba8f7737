"""What can go wrong in an act, each with a code and a sentence that a person may read."""

from __future__ import annotations


class CaseError(Exception):
    """Base of all refusals: `code` for programs, `message` (Chinese) for people."""

    code = "refused"
    message = "这个操作没有完成。"

    def __init__(self, message: str | None = None) -> None:
        if message:
            self.message = message
        super().__init__(self.message)


class CaseNotFoundError(CaseError):
    """The case does not exist, or the actor may not see it: both answer alike."""

    code = "not_found"
    message = "没有找到这件反映事项。"


class NotAllowedError(CaseError):
    """The actor sees the case but no post of theirs is granted the act."""

    code = "not_allowed"
    message = "您的岗位没有此权限。"


class IllegalMoveError(CaseError):
    """The act is not possible in the case's present state."""

    code = "wrong_state"
    message = "现在不能进行这个操作。"


class StaleScreenError(CaseError):
    """The case moved on since the form was rendered; what was typed is kept by the page."""

    code = "stale"
    message = "这件事刚刚有了新的进展，您的内容已保留，请核对后再提交。"

    def __init__(self, seen_version: int, version: int) -> None:
        super().__init__()
        self.seen_version = seen_version
        self.version = version


class BusyError(CaseError):
    """A lock was not to be had in time; trying again is safe."""

    code = "busy"
    message = "这件事正有人在办理，请稍等几秒再提交一次，您填的内容已保留。"


class BadInputError(CaseError):
    """A value that a form should have caught; `field` names it."""

    code = "bad_input"
    message = "填写的内容有问题。"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class AlreadyEnteredError(CaseError):
    """A row of a register was entered before; `number` is the case that it became."""

    code = "already_entered"
    message = "这一行已经导入过了。"

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number


class ErasedError(CaseError):
    """The personal content of the case has been erased by law (依法删除)."""

    code = "erased"
    message = "这件反映事项的个人信息已依法删除。"
