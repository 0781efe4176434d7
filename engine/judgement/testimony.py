"""The ledger entries about an occurrence, each told in one line with its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from duewatch.engine.judgement.evidence import live
from duewatch.engine.judgement.renaming import present, present_names
from duewatch.engine.judgement.wording import day_in_words, measure_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, RowMapping


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
    first = next(paper[name] for name in ("dated", "transmitted", "issued", "received") if paper[name] is not None)
    return f"the day {counts_by} counts and is not recorded: not later than {day_in_words(first)}"


def _days(paper: RowMapping) -> str:
    days = ((name, paper[name]) for name in ("dated", "transmitted", "issued", "received"))
    return ", ".join(f"{name} {day_in_words(day)}" for name, day in days if day is not None)
