"""Portfolios: what a sheet comes to, what has to be asked, and the one transaction in which it is taken or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from duewatch.engine.judgement.comparing import (
    FORM,
    Comparison,
    compare,
    last_kept,
    newest_entries,
    refuse_shrunken,
    refuse_stale,
)
from duewatch.engine.judgement.editions import adopted
from duewatch.engine.judgement.previewing import answer_by_name, moved
from duewatch.engine.judgement.renaming import present, present_names
from duewatch.engine.judgement.taking import Decided, Proposal, Writer, path_of
from duewatch.engine.ledger import chain, facts
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.days import day_at, from_day, instant
from duewatch.engine.problems import BadFile, BadInput, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection, Engine

    from duewatch.engine.encoding.answers import Answer
    from duewatch.engine.encoding.portfolio import Portfolio
    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.ledger.chain import Head


_MOST_LISTED: Final = 5  # keys in one message


# ------------------------------------------------------------------ what to ask
def day_of_file(sheet: Portfolio) -> date:
    """Give the day on which the file was last changed, where the portfolio is."""
    return from_day(day_at(instant(sheet.written), sheet.mapping.zone))


def look(  # noqa: PLR0913 - what a comparison hangs on, by name
    desk: Desk,
    sheet: Portfolio,
    *,
    as_of: date | None,
    now: datetime,
    fewer: bool = False,
    renamed: Mapping[str, str] | None = None,
) -> tuple[Comparison, Head]:
    """Compare a sheet with the ledger. BadInput where it is stale, of a day to come, or has shrunk.

    `renamed`: the keys that were answered to be others now (`renamed_by`); None: those that probably are.
    """
    zone = sheet.mapping.zone
    of = as_of or day_of_file(sheet)
    if of > from_day(day_at(instant(now), zone)):
        raise BadInput(f"{sheet.name} is of {of}, a day to come; give the day that it speaks of with --as-of")
    _refuse_foreseen(sheet, of)
    with reading(desk.engine) as connection:
        entries = newest_entries(connection, sheet.mapping.symbol)
        last = last_kept(connection, entries)
        _refuse_foreign(connection, sheet, is_first=last is None)
        comparison, head = compare(sheet, last, entries, of, renamed), chain.head(connection)
        edition = adopted(connection)
        comparison.is_same &= edition is not None and sheet.mapping.symbol in edition.symbols
    _refuse_other_days(comparison)
    if last is not None and not comparison.is_same:
        refuse_stale(sheet, last, of, said=as_of is not None)
        if not fewer:
            refuse_shrunken(sheet, last)
    return comparison, head


def _refuse_foreseen(sheet: Portfolio, of: date) -> None:
    """Nothing was done on a day that the sheet cannot know yet."""
    right = "mend the day, or give the day of the sheet with --as-of"
    ahead = [
        Problem(sheet.places[row.key]["done"], f"{row.key}: done on {row.done}, and the sheet is of {of}", right)
        for row in sheet.rows
        if row.done is not None and row.done > of
    ]
    if ahead:
        raise BadFile(ahead)


def _refuse_other_days(comparison: Comparison) -> None:
    """A document that is recorded already is of the day on which it is recorded."""
    right = "mend the day, or correct the fact"
    problems = []
    for plain in comparison.plain:
        known = comparison.papers.get(plain.row.symbol) if plain.row.symbol else None
        if known is not None and known.draft.dated != plain.day:
            wrong = f"{plain.row.key}: {plain.row.symbol} is recorded as of {known.draft.dated} (fact {known.root})"
            problems.append(Problem(comparison.sheet.places[plain.row.key]["done"], wrong, right))
    if problems:
        raise BadFile(problems)


def _refuse_foreign(connection: Connection, sheet: Portfolio, *, is_first: bool) -> None:
    """Refuse to put a portfolio in the place of an instrument that was never one."""
    edition = adopted(connection)
    symbol = sheet.mapping.symbol
    if is_first and edition is not None:
        for file in edition.files:
            if file["instrument"] == symbol and file["path"] != path_of(sheet):
                raise BadInput(
                    f"`{symbol}` is the instrument of {file['path']}; give the portfolio a symbol of its own"
                )


def renamed_by(answers: Iterable[Answer]) -> dict[str, str]:
    """Give the keys that were answered to be others now, each with the new one; "" for the one that was proposed."""
    named = (one for one in answers if one.given.what == "renamed")
    return {key: one.given.to for one in named for key in one.keys}


def settle(comparison: Comparison, answers: Sequence[Answer]) -> tuple[Decided, ...]:
    """Bring questions and answers together. BadFile with every question left open, and every answer to none."""
    problems: list[Problem] = []
    open_ones = {(one.key, one.about): one for one in comparison.asked}
    found: dict[tuple[str, str], Decided] = {}
    for answer in answers:
        for key in answer.keys:
            asked = open_ones.get((key, answer.about))
            if asked is None:
                wrong = f"nothing is asked about the {answer.about} of `{key}`"
                problems.append(Problem(answer.place, wrong, "`--propose` writes what is asked"))
            elif (key, answer.about) in found:
                problems.append(Problem(answer.place, f"`{key}` is answered twice", "keep one answer"))
            elif answer.given.what not in asked.choices:
                wrong = f"{key}: {asked.words}; that is no {answer.given.what}"
                problems.append(Problem(answer.place, wrong, f"it can be: {', '.join(asked.choices)}"))
            elif answer.given.what == "renamed" and key not in comparison.renamed:
                wrong = f"{key}: {f'`{answer.given.to}` is' if answer.given.to else 'nothing here tells'} no new row"
                right = f"name one with `to`; new are {', '.join(comparison.new[:_MOST_LISTED])}"
                problems.append(Problem(answer.place, wrong, right))
            else:
                found[key, answer.about] = Decided(asked, answer.given)
    answered = {(key, one.about) for one in answers for key in one.keys}
    for name, asked in open_ones.items():
        if name not in answered:
            right = f"say what happened, in a file for --answers (`--propose` begins one); perhaps: {asked.proposed}"
            problems.append(Problem(asked.place, f"{asked.key}: {asked.words}", right))
    if problems:
        raise BadFile(problems)
    return tuple(found[name] for name in open_ones)


# ------------------------------------------------------------------ what would move, and writing it
def rehearse(desk: Desk, proposal: Proposal) -> tuple[str, ...]:
    """Write it in a transaction that is rolled back, and say what would move, a line each."""
    with reading(desk.engine) as connection:
        _, lines = _written(connection, desk, proposal)
    return lines


def take(desk: Desk, proposal: Proposal) -> tuple[int, ...]:
    """Write what was rehearsed, and give the ledger numbers. BadInput where something was recorded since."""
    with writing(desk.engine) as connection:
        _hold(connection, proposal)
        writer = Writer(connection, desk, proposal)
        writer.write()
        return tuple(writer.numbers)


def take_at_once(desk: Desk, proposal: Proposal) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Write it, and give the ledger numbers and what moved: for scripts, which nobody asks between the two.

    Of a first sheet all is new, and it is enough to say how much.
    """
    with writing(desk.engine) as connection:
        _hold(connection, proposal)
        if not proposal.comparison.is_first:
            return _written(connection, desk, proposal)
        writer = Writer(connection, desk, proposal)
        writer.write()
        entries = len(proposal.comparison.new)
        told = f"{proposal.comparison.sheet.mapping.symbol}: {entries} {'entry' if entries == 1 else 'entries'}"
        return tuple(writer.numbers), (told,)


def _hold(connection: Connection, proposal: Proposal) -> None:
    chain.hold(connection)
    if chain.head(connection) != proposal.head:
        raise BadInput("something was recorded meanwhile; nothing of the sheet was taken, run it again")


def _written(connection: Connection, desk: Desk, proposal: Proposal) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Write it, and say what moved: the answer before and after, in the caller's transaction."""
    edition, now = adopted(connection), proposal.now
    before: Mapping[str, Item] = {}
    if edition is not None:
        before = answer_by_name(connection, replace(desk, encoding=edition.encoding), now)
    writer = Writer(connection, desk, proposal)
    encoding = writer.write()
    after = answer_by_name(connection, replace(desk, encoding=encoding), now)
    former = present_names(connection, encoding)
    lines = moved({present(name, former): item for name, item in before.items()}, after)
    return tuple(writer.numbers), tuple(lines)


# ------------------------------------------------------------------ which there are
@dataclass(frozen=True, slots=True)
class Known:
    """A portfolio that was taken at least once, as its last sheet has it."""

    symbol: str
    file: str
    as_of: date
    rows: int  # that stood in the last sheet
    gone: int  # that earlier ones had
    taken_at: datetime  # UTC
    taken_by: str
    stands: bool  # it was not dropped since


def portfolios(engine: Engine) -> tuple[Known, ...]:
    """Give every portfolio that was taken, in the order in which that began."""
    with reading(engine) as connection:
        edition = adopted(connection)
        standing = edition.symbols if edition else frozenset()
        papers = [one for one in facts.rows(connection, kind="document") if one.draft.form == FORM]
        found = []
        for symbol in dict.fromkeys(one.draft.instrument for one in papers):
            entries = newest_entries(connection, symbol)
            kept = last_kept(connection, entries)
            if kept is not None:
                taken = [one for one in entries if one.draft.form == FORM][-1]
                who = (taken.recorded_at, taken.draft.recorded_by, symbol in standing)
                found.append(Known(symbol, kept.file, kept.as_of, len(kept.present()), len(kept.absent), *who))
    return tuple(found)
