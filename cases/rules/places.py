"""Names of cities and halls, shortened as they stand in case numbers (编号地名): 岐安-东区."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from cases.rules.contacts import clean_spaces

MAX_PLACE = 20

_KINDS_OF_CITY = (
    "自治州",
    "自治县",
    "自治旗",
    "特区",
    "林区",
    "新区",
    "地区",
    "市",
    "县",
    "区",
    "旗",
    "州",
    "盟",
)
_KIND = "|".join(_KINDS_OF_CITY)
_ADDRESS = re.compile(rf"^(?:.{{2,8}}?(?:省|自治区))?(.{{2,8}}?(?:{_KIND}))")
_HALL = re.compile(
    r"(?:政务服务|行政服务|行政审批|便民服务|为民服务|公共服务|市民服务|企业服务|党群服务|综合服务|办事服务)?"
    r"(?:分中心|中心大厅|中心|大厅|分厅|站|窗口)$"
)
_MAIN = "中心"


def fold(name: str) -> str:
    """Return a name of a unit, matter or file column as it is compared: spaces, width, case and brackets are no difference.

    >>> fold(" 市 市场监督管理局") == fold("市市场监督管理局"), fold("村（社区）") == fold("村(社区)"), fold("Ａ／Ｂ岗")
    (True, True, 'a/b岗')
    """
    return "".join(clean_spaces(name).split()).casefold()


def short_city(name: str) -> str:
    """Return the city's name as case numbers carry it.

    >>> short_city("岐安市"), short_city("临江自治县"), short_city("云河新区"), short_city("沙县")
    ('岐安', '临江', '云河', '沙县')
    """
    name = fold(name)
    kind = next((kind for kind in _KINDS_OF_CITY if name.endswith(kind)), "")
    short = name.removesuffix(kind)
    return short if len(short) > 1 else name


def place_of(hall: str, city: str) -> str:
    """Return the short place that stands in the case numbers of a hall; `city` is the whole name of the city.

    >>> [place_of(hall, "岐安市") for hall in ("东区街道政务服务大厅", "市政务服务中心", "白沙埔镇政务服务大厅")]
    ['岐安-东区', '岐安-中心', '岐安-白沙埔']
    >>> place_of("临江县政务服务中心", "临江县"), place_of("城关镇便民服务中心", "临江县"), place_of("高新区大厅", "")
    ('临江-中心', '临江-城关', '高新区')
    """
    name, short = fold(hall), short_city(city) if city else ""
    for lead in filter(None, (fold(city), short)):
        name = name.removeprefix(lead) or name
    name = re.sub(rf"^(?:{_KIND})(?=.)(?!场)", "", _HALL.sub("", name)) if short else _HALL.sub("", name)
    inner = re.sub(r"(?<=..)(?:街道|镇|乡)$", "", name)
    local = "" if inner in {"", *_KINDS_OF_CITY} else inner
    return "-".join(filter(None, (short, local or _MAIN)))[:MAX_PLACE]


def city_in(addresses: Iterable[str]) -> str:
    """Return the city that more than half of these addresses name first, or nothing.

    >>> city_in(["岐安市湖滨街道迎晖大道88号", "岐安市东区街道榕荫路18号", "榕荫路18号"]), city_in(["广东省岐安市兴华路1号"])
    ('岐安市', '岐安市')
    >>> city_in(["迎晖大道88号"]), city_in(["东区榕荫路1号", "西区富柏路2号"]), city_in([])
    ('', '', '')
    """
    named = Counter(found[1] if (found := _ADDRESS.match(fold(address))) else "" for address in addresses)
    city, times = named.most_common(1)[0] if named else ("", 0)
    return city if times * 2 > named.total() else ""
