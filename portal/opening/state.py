"""Which city this is, whether the portal has been opened, and the one-time code that opens it."""

from __future__ import annotations

import hmac
import unicodedata
from typing import ClassVar, NamedTuple

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from cases.selectors.city import the_city

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another
CODE_LENGTH = 12
DEMO_REFUSAL = "这里是演示城市，不能导入真实的单位和人员。请用 make run DEMO=0 另开一个空的城市。"


class CityFacts(NamedTuple):
    """What pages say of the city."""

    name: str
    is_demo: bool


class _Memory:
    """An opened portal stays open and keeps its kind: one query for each process, none for each page."""

    city: ClassVar[CityFacts | None] = None


def city_facts() -> CityFacts | None:
    """The city of an opened portal; None, asked of the database each time, as long as it has not been opened."""
    _Memory.city = _Memory.city or _look()
    return _Memory.city


def _look() -> CityFacts | None:
    city = the_city()
    if city:
        return CityFacts(city.name, city.is_demo) if city.opened_at else None
    has_people = (
        get_user_model().objects.exists()
    )  # accounts made by command count as opened: nobody takes over
    return CityFacts("", False) if has_people else None


def is_open() -> bool:
    """Whether the first-run page has done its work."""
    return city_facts() is not None


def city_name() -> str:
    """The city's name for titles, empty before there is one."""
    facts = city_facts()
    return facts.name if facts else ""


def remembered_city() -> str:
    """The same without asking the database (error pages)."""
    return _Memory.city.name if _Memory.city else ""


def is_demo() -> bool:
    """Whether this is the sample city."""
    facts = city_facts()
    return bool(facts and facts.is_demo)


def environment(request: HttpRequest) -> list[str] | None:
    """The mark of the sample city in the administrators' tables: word and colour."""
    return ["演示", "warning"] if is_demo() else None


def forget() -> None:
    """Ask the database again: the city was renamed here, or a test begins."""
    _Memory.city = None


def opening_code() -> str:
    """The one-time code that the terminal shows: made from the secret key, so that it is stored nowhere.

    31 letters in 12 places are 59 bits; the page allows few tries, and there is no page once the portal is open.
    """
    digest = int(salted_hmac("portal.opening", "first administrator", algorithm="sha256").hexdigest(), 16)
    letters = ""
    for _ in range(CODE_LENGTH):
        digest, letter = divmod(digest, len(LETTERS))
        letters += LETTERS[letter]
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def is_opening_code(text: str) -> bool:
    """Whether somebody typed the code, in whatever grouping, width and case."""
    typed = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c in LETTERS)
    return hmac.compare_digest(typed, opening_code().replace("-", ""))
