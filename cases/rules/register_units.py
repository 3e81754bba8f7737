"""Names of departments, halls and matters as paper registers write them, and those that a city has.

Only what is certainly the same is taken for the same; what is not known is refused with the nearest known names.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType as Frozen
from typing import NamedTuple

from cases.rules.places import fold

_SEPARATORS = re.compile(r"[;,、/|\n\r\t，；／+＋&]|\s{2,}")
_EDGES = " 　。.,;:、·*-—_\"'“”‘’《》<>()（）[]【】"
_LEADS = ("市", "县", "区")

# What former names of authorities became in the reforms since 2013; only ever proposed, never taken.
_FORMER: Mapping[str, str] = Frozen(
    {
        "国土": "自然资源",
        "规划": "自然资源",
        "工商": "市场监督",
        "质监": "市场监督",
        "质检": "市场监督",
        "药监": "市场监督",
        "物价": "市场监督",
        "国税": "税务",
        "地税": "税务",
        "卫计": "卫生健康",
        "卫生局": "卫生健康",
        "计生": "卫生健康",
        "劳动": "人力资源",
        "人事": "人力资源",
        "房管": "住房和城乡",
        "房产": "住房和城乡",
        "安监": "应急管理",
        "环保": "生态环境",
        "文化": "文化广电",
        "旅游": "文化广电",
        "体育": "体育",
        "农业": "农业农村",
        "畜牧": "农业农村",
        "水利": "水务",
        "新农合": "医疗保障",
        "民宗": "统战",
        "行政服务中心": "政务服务",
    }
)


_WINDOW = re.compile(
    r"(?:本|由)?(?:办不成事|反映|政务服务|综合|大厅|本厅|专)*(?:窗口|大厅|本厅)(?:自办|直接办理|自行办理|办理|协调)?"
)


def is_window(text: str) -> bool:
    """Say whether a cell for departments names the window itself, which needs no dispatch.

    >>> is_window("本窗口"), is_window("“办不成事”反映窗口"), is_window("市公安局窗口")
    (True, True, False)
    """
    return _WINDOW.fullmatch(re.sub(r"[“”\"'\s]", "", text)) is not None


class Named(NamedTuple):
    """A unit or matter of the city with every name that is written for it."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()


def split_units(text: str) -> list[str]:
    """Return the names in a cell that may hold several. “和” and “与” are parts of names, no separators.

    >>> split_units("市自然资源局、市政务服务和数据管理局；海关/ 公安 ")
    ['市自然资源局', '市政务服务和数据管理局', '海关', '公安']
    >>> split_units(""), split_units("公安。")
    ([], ['公安'])
    """
    return [part for part in (piece.strip(_EDGES) for piece in _SEPARATORS.split(text)) if part]


class Directory:
    """The names of one kind that a city has."""

    def __init__(self, rows: Iterable[Named], city: str = "") -> None:
        """`city` is the city's name (岐安市), which people leave out or add before a name."""
        self._city = fold(city)
        self._rows = list(rows)
        self._official = {_key(row.name): row.id for row in self._rows}
        self._aliases: dict[str, set[int]] = {}
        self._short: dict[str, set[int]] = {}
        for row in self._rows:
            for alias in row.aliases:
                self._aliases.setdefault(_key(alias), set()).add(row.id)
            for name in (row.name, *row.aliases):
                for short in self._forms(_key(name)):
                    self._short.setdefault(short, set()).add(row.id)
        self._names = {row.id: row.name for row in self._rows}

    def find(self, text: str) -> int | None:
        """Return the id that a name certainly means, or None.

        >>> city = Directory([Named(1, "市公安局", ("公安",)), Named(2, "市公安局东区分局", ()), Named(3, "岐安海关", ())], "岐安市")
        >>> [city.find(text) for text in ("市公安局", "岐安市公安局", " 公 安局。", "公安", "海关", "岐安市 东区分局", "国土", "")]
        [1, 1, 1, 1, 3, None, None, None]
        """
        key = _key(text)
        if not key:
            return None
        if key in self._official:
            return self._official[key]
        meant = next(filter(None, map(self._meant, self._forms(key))), set())
        return next(iter(meant)) if len(meant) == 1 else None

    def name(self, pk: int) -> str:
        """Return the official name."""
        return self._names[pk]

    def nearest(self, text: str, most: int = 3) -> list[str]:
        """Return the known names that look most like an unknown one, best first; former names lead to their successors.

        >>> city = Directory([Named(1, "市自然资源局", ("资规局",)), Named(2, "市公安局", ("公安",)), Named(3, "市税务局", ())])
        >>> city.nearest("国土"), city.nearest("市公安厅"), city.nearest("xyz")
        (['市自然资源局'], ['市公安局'], [])
        """
        key = _key(text)
        scored: dict[int, float] = {}
        for row in self._rows:
            likeness = max(_likeness(key, _key(name)) for name in (row.name, *row.aliases))
            if any(old in key and new in row.name for old, new in _FORMER.items()):
                likeness += 1 - len(row.name) / 100  # the authority itself before its branches
            if likeness >= 0.45:
                scored[row.id] = likeness
        best = sorted(scored, key=lambda pk: (-scored[pk], len(self._names[pk]), self._names[pk]))
        sure = [pk for pk in best if scored[pk] >= scored[best[0]] - 0.25]
        return [self._names[pk] for pk in sure[:most]]

    def _meant(self, key: str) -> set[int]:
        if key in self._official:
            return {self._official[key]}
        return self._aliases.get(key) or self._short.get(key, set())

    def _forms(self, key: str) -> list[str]:
        """The name as written, then without the city before it, then without 市, 县 or 区."""
        forms = [key]
        for lead in (self._city, self._city[:-1]):
            if len(lead) > 1 and key.startswith(lead):
                forms.append(key.removeprefix(lead))
        forms += [form[1:] for form in list(forms) if form.startswith(_LEADS) and len(form) > 2]
        return [form for form in dict.fromkeys(forms) if form]


def _key(text: str) -> str:
    return fold(unicodedata.normalize("NFKC", text).strip(_EDGES))


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
