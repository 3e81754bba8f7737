"""Cloning: what needs a key is written by processes and poured in by COPY, the rest follows by one INSERT … SELECT a table."""

from __future__ import annotations

import multiprocessing
import queue
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from io import StringIO
from time import perf_counter
from typing import Any

import psycopg2
from django.core.management.base import CommandError
from django.db import connection, models

from cases.models import Case, CaseKey, CaseText, DaySerial, Event, Party, Rating, Share
from escalation.models import Card, CardSerial, Clock, Notice
from portal.benchmarks.large import AS_OF
from portal.benchmarks.large.casting import Model
from portal.benchmarks.large.indexes import building, indexes_of, put_aside, restore
from portal.benchmarks.large.lines import TABLES, Template, Writer
from portal.benchmarks.large.plan import Plan

CHUNK = 4_000  # clones for one COPY
CORES = 2
FEW = 20_000  # so many clones need no processes of their own
NEEDS_OWNER = "测量要另建数据库，请用数据库超级用户的 DATABASE_URL，或不设 DATABASE_URL（用自带的数据库）。"
NOTICES_KEPT = timedelta(days=365)
Work = Callable[[Any], None]
Tell = Callable[[str, float], None]

_GROWING = (Case, CaseKey, CaseText, Event, Party, Rating, Share, Card, Clock, Notice)
_JOINED = "JOIN bench_clone c ON c.model_id = t.case_id"
_SHARED = f"{_JOINED} LEFT JOIN bench_share r ON r.share_id = t.share_id"
_CLONES = (
    "CREATE UNLOGGED TABLE bench_clone (model_id bigint, case_id bigint, number text, query_digest bytea, head_hash text, first_share bigint)",
    "CREATE UNLOGGED TABLE bench_share (share_id bigint, place int)",
    "INSERT INTO bench_share SELECT id, row_number() OVER (PARTITION BY case_id ORDER BY id) - 1 FROM cases_share",
)
_CARDS = """
CREATE UNLOGGED TABLE bench_card AS SELECT t.id AS model_card, c.case_id,
  (SELECT max(id) FROM escalation_card) + row_number() OVER (ORDER BY t.at, c.case_id, t.id) AS id,
  s.last + row_number() OVER (PARTITION BY t.year, t.colour ORDER BY t.at, c.case_id, t.id) AS number
FROM escalation_card t JOIN bench_clone c ON c.model_id = t.case_id
LEFT JOIN escalation_cardserial s ON s.year = t.year AND s.colour = t.colour
"""


def clone_models(models_: Sequence[Model], clones: int, tell: Tell) -> None:
    """Add `clones` clones of the model cases, and tell the seconds of each phase."""
    with _told(tell, "templates"):
        plan, writer = _prepared(models_, clones)
    tables = [model._meta.db_table for model in _GROWING]
    with _admin() as cursor:
        found = indexes_of(cursor, tables)
        put_aside(cursor, found)
        for statement in _CLONES:
            cursor.execute(statement)
    with _told(tell, "copy"):
        _pour(plan, writer)
    with _told(tell, "insert"):
        _side_by_side([lambda cursor: cursor.execute("ANALYZE bench_clone, bench_share")])
        _side_by_side([_cards_and_notices, _insert(Clock, _OF_SHARE, _SHARED), *_inserts()])
    with _told(tell, "indexes"):
        _side_by_side(building(sorted(found, key=lambda index: tables.index(index.table))))
        with _admin() as cursor:
            restore(cursor, found)
            _end(cursor, plan)
    with _told(tell, "vacuum"):
        _side_by_side([_vacuum(table) for table in tables])


@contextmanager
def _told(tell: Tell, phase: str) -> Iterator[None]:
    began = perf_counter()
    yield
    tell(phase, perf_counter() - began)


def _prepared(models_: Sequence[Model], clones: int) -> tuple[Plan, Writer]:
    shares: dict[int, list[int]] = {}
    for pk, case_id in Share.objects.order_by("pk").values_list("pk", "case_id"):
        shares.setdefault(case_id, []).append(pk)
    of_model = [shares.get(model.case_id, []) for model in models_]
    plan = Plan(
        models_,
        [len(ids) for ids in of_model],
        clones,
        after_case=_last(Case),
        after_share=_last(Share),
    )
    serials = plan.number(dict(DaySerial.objects.values_list("day", "last")))
    DaySerial.objects.bulk_create(
        [DaySerial(day=day, last=last) for day, last in serials.items()],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["last"],
    )
    return plan, Writer([Template(model, ids) for model, ids in zip(models_, of_model, strict=True)])


def _last(model: type[models.Model]) -> int:
    return int(model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0)


@contextmanager
def _admin() -> Iterator[Any]:
    """A connection of its own that checks no foreign keys and fires no triggers: what is copied was checked once."""
    with closing(psycopg2.connect(**connection.get_connection_params())) as admin:
        admin.autocommit = True
        with admin.cursor() as cursor:
            try:
                cursor.execute("SET session_replication_role = replica")
            except psycopg2.errors.InsufficientPrivilege:
                raise CommandError(NEEDS_OWNER) from None
            cursor.execute(
                "SET lock_timeout = 0; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'"
            )
            cursor.execute("SET work_mem = '256MB'")
            yield cursor


def _pour(plan: Plan, writer: Writer) -> None:
    """Write and copy all clones, in processes of their own when there are many."""
    starts = range(0, len(plan), CHUNK)
    if len(plan) <= FEW:
        for start in starts:
            _pour_chunk(plan, writer, start)
        return
    connection.close()  # a child must not share it
    fork = multiprocessing.get_context("fork")
    todo = fork.SimpleQueue()
    workers = [fork.Process(target=_pour_from, args=(todo, plan, writer)) for _ in range(CORES)]
    with warnings.catch_warnings():  # they write lines and copy them, and wait for no lock of ours
        warnings.simplefilter("ignore", DeprecationWarning)
        for worker in workers:
            worker.start()
    for start in [*starts, *[None] * CORES]:
        todo.put(start)
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise CommandError("写入大数据量时,一个进程没有正常结束。")


def _pour_from(todo: Any, plan: Plan, writer: Writer) -> None:
    while (start := todo.get()) is not None:
        _pour_chunk(plan, writer, start)


def _pour_chunk(plan: Plan, writer: Writer, start: int) -> None:
    texts = writer.lines(plan[at] for at in range(start, min(start + CHUNK, len(plan))))
    with _admin() as cursor:
        for table, text in zip(TABLES, texts, strict=True):
            cursor.copy_expert(table.copy, StringIO(text))


_OF_CASE = {"case_id": "c.case_id"}
_OF_SHARE = {**_OF_CASE, "share_id": "c.first_share + r.place"}


def _inserts() -> list[Work]:
    case = {
        "id": "c.case_id",
        "number": "c.number",
        "query_digest": "c.query_digest",
        "head_hash": "c.head_hash",
        "anchored_version": "t.version",
    }
    share = {**_OF_CASE, "id": "c.first_share + r.place"}
    return [
        _insert(Case, case, "JOIN bench_clone c ON c.model_id = t.id"),
        _insert(Share, share, f"{_JOINED} JOIN bench_share r ON r.share_id = t.id"),
        _insert(CaseKey, _OF_CASE, _JOINED),
        _insert(Rating, _OF_CASE, _JOINED),
    ]


def _insert(model: type[models.Model], given: Mapping[str, str], joined: str, where: str = "TRUE") -> Work:
    """Clone the rows of one table: every column as it is but those `given`; a row without an id gets the next one."""
    columns = [f.column for f in model._meta.concrete_fields if f.column != "id" or "id" in given]
    values = [given.get(column, f"t.{column}") for column in columns]
    statement = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"  # noqa: S608 - names of our own tables
        f" SELECT {', '.join(values)} FROM {model._meta.db_table} t {joined} WHERE {where}"
    )
    return lambda cursor: cursor.execute(statement)


def _cards_and_notices(cursor: Any) -> None:
    """Cards get numbers of their own, in order; evidence names the clone's share; notices point at the clone's cards."""
    joined = "JOIN bench_card b ON b.model_card = t.id JOIN bench_clone c ON c.case_id = b.case_id"
    card = {
        **_OF_SHARE,
        "id": "b.id",
        "number": "b.number",
        "supersedes_id": "y.id",
        "evidence": "CASE WHEN t.share_id IS NULL THEN t.evidence"
        " ELSE jsonb_set(t.evidence, '{share_id}', to_jsonb(c.first_share + r.place)) END",
    }
    yellow = "LEFT JOIN bench_card y ON y.case_id = b.case_id AND y.model_card = t.supersedes_id"
    cursor.execute(_CARDS)
    cursor.execute("ANALYZE bench_card")
    _insert(Card, card, f"{joined} {yellow} LEFT JOIN bench_share r ON r.share_id = t.share_id")(cursor)
    carded = f"{_JOINED} LEFT JOIN bench_card b ON b.case_id = c.case_id AND b.model_card = t.card_id"
    recent = f"t.recorded_at > '{(AS_OF - NOTICES_KEPT).isoformat()}'"
    _insert(Notice, {**_OF_CASE, "card_id": "b.id"}, carded, recent)(cursor)


def _end(cursor: Any, plan: Plan) -> None:
    """Move the sequences and the serials of cards behind what was given out, and leave no table of ours."""
    serials = CardSerial._meta.db_table
    cursor.execute(
        f"UPDATE {serials} s SET last = n.last FROM (SELECT year, colour, max(number) AS last"  # noqa: S608
        " FROM escalation_card WHERE number IS NOT NULL GROUP BY 1, 2) n WHERE (s.year, s.colour) = (n.year, n.colour)"
    )
    for model in (Case, Share, Card):
        table = model._meta.db_table
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
        )
    cursor.execute("DROP TABLE bench_clone, bench_share, bench_card")


def _vacuum(table: str) -> Work:
    return lambda cursor: cursor.execute(f"VACUUM (ANALYZE) {table}")


def _side_by_side(work: Sequence[Work]) -> None:
    """Do pieces of work on as many connections as there are cores; the first error is raised at the end."""
    todo: queue.SimpleQueue[Work] = queue.SimpleQueue()
    errors: list[BaseException] = []
    for piece in work:
        todo.put(piece)

    def run() -> None:
        try:
            with _admin() as cursor:
                while not errors:
                    todo.get_nowait()(cursor)
        except queue.Empty:
            return
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(min(CORES, len(work)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
