"""The ledger entries about an occurrence, each told in one line with its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, or_, select

from duewatch.engine.judgement.evidence import live
from duewatch.engine.judgement.renaming import present, present_names
from duewatch.engine.judgement.wording import day_in_words, measure_text
from duewatch.engine.ledger.tables import fact_item

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, RowMapping


_DAYS: Final = ("dated", "transmitted", "issued", "received")


def testimony(
    connection: Connection, known: tuple[str, int], targets: tuple[str, ...], default: RowMapping
) -> tuple[str, ...]:
    """What is recorded on the targets, newest versions only, in ledger order.

    `known`: the encoding that names them, and how many entries of the ledger are known.
    `default` is the verdict of the default reading: it says what day it is, and which day of a document counts.
    """
    encoding, k = known
    facts = live(k, encoding)
    wanted = or_(*(facts.c.target == target for target in targets))
    about = connection.execute(select(facts).where(wanted).order_by(facts.c.seq)).mappings().all()
    documents = connection.execute(select(facts).where(facts.c.kind == "document")).mappings()
    papers = {row["root"]: row for row in documents}
    names = present_names(connection, encoding)
    return tuple(_line(row, papers, default, names) for row in about) or ("nothing",)


def marks_of(
    connection: Connection, known: tuple[str, int], targets: tuple[str, ...], default: RowMapping
) -> dict[str, str]:
    """Say which items are seen or missing, by the newest answer that had come by the day of the question.

    The arguments are those of `testimony`; what was retracted says nothing, as in the verdict.
    """
    encoding, k = known
    facts = live(k, encoding)
    about = and_(or_(*(facts.c.target == target for target in targets)), facts.c.finding == "fulfilled")
    answers = connection.execute(select(facts).where(about)).mappings().all()
    documents = connection.execute(select(facts).where(facts.c.kind == "document")).mappings()
    papers = {row["root"]: row for row in documents}
    days = {row["seq"]: _came_on(row, papers, default["body"]["counts_by"]) for row in answers}
    come = {seq: day for seq, day in days.items() if day is not None and day <= default["day"]}
    marked = connection.execute(select(fact_item).where(fact_item.c.seq.in_(come))).all()
    return {row.item: row.state for row in sorted(marked, key=lambda row: (come[row.seq], row.seq))}


def _came_on(row: RowMapping, papers: Mapping[int, RowMapping], counts_by: str) -> int | None:
    """The day on which an answer counts; None where its document was retracted."""
    if row["document"] is None:
        return int(row["effective"])
    paper = papers.get(row["document"])
    return None if paper is None else _first_day(paper, counts_by)


def _first_day(paper: RowMapping, counts_by: str) -> int:
    """The day that counts, or the first one recorded: a document has at least one."""
    return int(next(paper[name] for name in (counts_by, *_DAYS) if paper[name] is not None))


def _line(row: RowMapping, papers: Mapping[int, RowMapping], default: RowMapping, names: Mapping[str, str]) -> str:
    paper = papers.get(row["document"])
    words = [f"fact {row['seq']}: {row['kind'].replace('_', ' ')}", *_what(row, paper, names)]
    words += [_counted(paper, default["body"]["counts_by"])] if paper is not None else []
    if row["effective"] is not None:
        coming = ", which is yet to come" if row["effective"] > default["day"] else ""
        words.append(f"counts from {day_in_words(row['effective'])}{coming}")
    words += [f"because {row['note']}"] if row["note"] else []
    words.append(f"recorded by {row['recorded_by']}")
    return "; ".join(words)


def _what(row: RowMapping, paper: RowMapping | None, names: Mapping[str, str]) -> list[str]:
    words = [row["finding"]] if row["finding"] else []
    if row["document"] is not None and paper is None:
        words.append(f"its document (fact {row['document']}) was retracted, so that it does not count")
    if paper is not None:
        form = f"{paper['form']} " if paper["form"] else ""
        words.append(f"{form}{paper['symbol']} (fact {paper['seq']}): {_days(paper)}")
    words += [measure_text(row)] if row["kind"] == "measure" else []
    words += [f"to {day_in_words(row['date'])}"] if row["kind"] == "extension" else []
    words += [_taken_over(row, names)] if row["kind"] == "carried" else []
    words += (
        [f"granted by {row['granted_by']}, {row['symbol']}"] if row["granted_by"] and row["kind"] != "carried" else []
    )
    return words


def _taken_over(row: RowMapping, names: Mapping[str, str]) -> str:
    """Which instrument, or which entry of it under its present name, and who decided."""
    return f"{present(row['symbol'], names)}, decided by {row['granted_by']}"


def _counted(paper: RowMapping, counts_by: str) -> str:
    """Which day of the document counts, and whether it is only a bound because that day is not recorded."""
    if paper[counts_by] is not None:
        return f"the day {counts_by} counts"
    first = day_in_words(_first_day(paper, counts_by))
    return f"the day {counts_by} counts and is not recorded: not later than {first}"


def _days(paper: RowMapping) -> str:
    days = ((name, paper[name]) for name in _DAYS)
    return ", ".join(f"{name} {day_in_words(day)}" for name, day in days if day is not None)
