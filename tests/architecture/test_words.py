"""One term per idea: the wrong words of users.md appear nowhere on pages, prints, API or messages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.rules import classes, flow, grants, kinds, words, wrong_words
from escalation.rules import ladder, obligations

ROOT = Path(__file__).resolve().parents[2]

# (file, word): why it is right there. An import, for example, must name what the city's old spreadsheet says.
ALLOWED: dict[tuple[str, str], str] = {
    ("cases/rules/register_words.py", "转出"): "what paper registers call 转办(移送)",
}


def _docstrings(tree: ast.AST) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }


def _definitions(tree: ast.AST) -> set[int]:
    """Every node inside the definitions of the word lists themselves."""
    own = {"WRONG_WORDS", "RIGHT_PHRASES", "NOT_FOR_CITIZENS"}
    return {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id in own
        for inner in ast.walk(node)
    }


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each string literal, parts of f-strings included; no comments, no docstrings."""
    tree = ast.parse(source)
    skipped = _docstrings(tree) | _definitions(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


def wrong_words_in(text: str, wrong=wrong_words.WRONG_WORDS) -> list[str]:
    for phrase in wrong_words.RIGHT_PHRASES:
        text = text.replace(phrase, "")
    return [word for word in wrong if word in text]


def _python() -> list[Path]:
    folders = (ROOT / name for name in ("portal", "cases", "escalation"))
    return sorted(p for folder in folders for p in folder.rglob("*.py") if "migrations" not in p.parts)


def _pages() -> list[Path]:
    templates = [p for p in (ROOT / "templates").rglob("*") if p.is_file()]
    return sorted([*templates, *(ROOT / "static" / "js").rglob("*.js")])


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", _python(), ids=_name)
def test_no_message_of_the_code_uses_a_wrong_word(path):
    found = [
        f"{_name(path)}:{line} {word} → {wrong_words.WRONG_WORDS[word]}"
        for line, text in literals(path.read_text("utf-8"))
        for word in wrong_words_in(text)
        if (_name(path), word) not in ALLOWED
    ]
    assert found == []


def test_no_page_uses_a_wrong_word():
    found = [
        f"{_name(path)}:{line} {word} → {wrong_words.WRONG_WORDS[word]}"
        for path in _pages()
        for line, text in enumerate(path.read_text("utf-8").splitlines(), 1)
        for word in wrong_words_in(text)
        if (_name(path), word) not in ALLOWED
    ]
    assert found == []


def test_citizens_never_read_the_words_of_the_office():
    citizen_code = [
        (_name(p), text)
        for p in (ROOT / "portal/citizen").rglob("*.py")
        for _, text in literals(p.read_text("utf-8"))
    ]
    citizen_pages = [(_name(p), p.read_text("utf-8")) for p in _pages() if "citizen" in p.parts]
    spoken = [
        ("words", text)
        for table in (words.CITIZEN_STATES, words.CITIZEN_KINDS, words.CITIZEN_NATURE)
        for text in table.values()
    ]
    found = [
        f"{name}: {word}"
        for name, text in [*citizen_code, *citizen_pages, *spoken]
        for word in wrong_words.NOT_FOR_CITIZENS
        if word in text and (name, word) not in ALLOWED
    ]
    assert found == []


def test_the_scan_would_find_a_wrong_word():
    source = (
        '"""发牌 in a docstring"""\n# 发牌 in a comment\nx = f"已{1}发牌"\nWRONG_WORDS: dict = {"发牌": ""}\n'
    )
    assert [(line, wrong_words_in(text)) for line, text in literals(source) if wrong_words_in(text)] == [
        (3, ["发牌"])
    ]
    assert wrong_words_in("请上传扫描件；扫描完成") == ["扫描"]
    assert wrong_words_in("疑似虚假办结(待核)") == []


@pytest.mark.parametrize(
    ("enum", "table"),
    [
        (flow.State, words.STATES),
        (flow.State, words.CITIZEN_STATES),
        (flow.Act, words.ACTS),
        (kinds.Kind, words.KINDS),
        (grants.Role, words.ROLES),
        (classes.Channel, words.CHANNELS),
        (classes.Difficulty, words.DIFFICULTY),
        (classes.Nature, words.NATURE),
        (classes.Nature, words.CITIZEN_NATURE),
        (classes.Outcome, words.OUTCOMES),
        (classes.Recurrence, words.RECURRENCE),
        (classes.ShareRole, words.SHARE_ROLES),
        (classes.Conclusion, words.CONCLUSIONS),
        (obligations.Obligation, words.OBLIGATIONS),
        (ladder.Signal, words.SIGNALS),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_value_has_its_term(enum, table):
    assert {member.value for member in enum} <= set(table)


def test_every_event_that_citizens_may_read_has_words_for_them():
    for kind, rule in kinds.KINDS.items():
        spoken = words.citizen_event(kind.value, "市医疗保障局")
        assert (spoken is not None) or rule.audience is not kinds.Audience.EVERYONE, kind
        assert "{" not in (spoken or "")


def test_one_term_stands_for_one_idea():
    for table in (
        words.STATES,
        words.ACTS,
        words.KINDS,
        words.ROLES,
        words.OUTCOMES,
        words.OBLIGATIONS,
        words.COLOURS,
    ):
        assert len(set(table.values())) == len(table)
    assert set(words.CITIZEN_KINDS) <= set(words.KINDS)
    assert len(words.CITIZEN_STEPS) == len(flow.CITIZEN_STEPS)
