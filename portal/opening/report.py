"""What became of each row of the lists: added, already there, changed, rejected. As a table and as JSON, like the register."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One row that is in the portal now (or would be, in a dry run); `remarks` say what was changed or assumed."""

    file: str
    row: int
    line: int
    name: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rejected:
    """One row that is not: which cell, what stands there, why, and what to do."""

    file: str
    row: int
    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class FirstPassword:
    """A new account and its first password, told once."""

    name: str
    unit: str
    username: str
    password: str


@dataclass
class Report:
    """Everything that one run did, or would do."""

    is_dry_run: bool = False
    imported: list[Row] = field(default_factory=list)
    already_there: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    passwords: list[FirstPassword] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many rows went where."""
        return {name: len(getattr(self, name)) for name in TITLES}

    def as_json(self) -> dict[str, Any]:
        """Lists by outcome, and counts. First passwords are never in it."""
        rows = {name: [asdict(row) for row in getattr(self, name)] for name in TITLES}
        return {**rows, "remarks": self.remarks, "dry_run": self.is_dry_run, "counts": self.counts()}

    def told(self) -> str:
        """The counts in one sentence."""
        counts = "，".join(f"{title} {len(getattr(self, name))} 行" for name, title in TITLES.items())
        return f"{'试运行，没有写入：' if self.is_dry_run else ''}{counts}。"

    def as_table(self) -> str:
        """For the terminal: rejected rows first, because they need somebody."""
        lines = [
            f"未导入  {row.file} 第 {row.row} 行（文件第 {row.line} 行）{row.column}“{row.value}”：{row.reason}"
            for row in self.rejected
        ]
        for name in ("changed", "imported", "already_there"):
            lines += [
                f"{TITLES[name]}  {row.file} 第 {row.row} 行 {row.name}"
                + (f"（{'；'.join(row.remarks)}）" if row.remarks else "")
                for row in getattr(self, name)
                if name != "already_there" or row.remarks
            ]
        return "\n".join([*lines, *self.remarks, self.told()])


TITLES = {"imported": "新增", "already_there": "已有", "changed": "有改动", "rejected": "未导入"}
