"""`duewatch readings`: one sheet of every doubt of the text, for whoever is asked to settle them."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from duewatch.console.errors import counted, say
from duewatch.console.options import Day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.judgement.doubting import AnswerGiven, Doubt
    from duewatch.engine.showing.paper import Paper, Section

NOT_BY_TIME: Final = "not by time alone"
MATTERS: Final = (
    "An answer matters from the first day on which it would put an entry in another class than the default answer "
    "does (done, undone, pending, not owed); what was recorded is left out of it."
)

EPILOG: Final = """\b
Examples:
  duewatch readings --open
  duewatch readings --open --format markdown > doubts.md
  duewatch readings --open --format html > doubts.html      (one page, for the legal office)
  duewatch readings --until 2022-06-30 --format json"""


@click.command("readings", epilog=EPILOG)
@click.option("--open", "only_open", is_flag=True, help="Leave out what is only noted, and what is decided.")
@click.option("--until", type=Day(), metavar="D", help="The last day looked at. Default: 800 days from the adoption.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "markdown", "html", "json"]),
    default="table",
    show_default=True,
    help="For a screen, for a paper, as a page to print or send, or for programs.",
)
def command(only_open: bool, until: date | None, output: str) -> None:  # noqa: FBT001 (click's signature)
    """List the questions that entries share and the entries' own readings, with the day from which each matters.

    An answer matters from the first day on which, all else read by default, it puts an entry in another class than
    the default answer: done or undone, pending or not owed. The ledger is left out of it.
    """
    from duewatch.console.opening import opened
    from duewatch.engine.judgement.doubting import doubts

    with opened() as house:
        found = [doubt for doubt in doubts(house.desk, until=until) if doubt.is_open or not only_open]
    if output == "json":
        say(json.dumps([as_json(doubt) for doubt in found], ensure_ascii=False, indent=2, default=str))
    elif output in {"markdown", "html"}:
        from duewatch.engine.showing.page import as_page
        from duewatch.engine.showing.paper import as_markdown

        paper = paper_of(found)
        say(as_page(paper) if output == "html" else as_markdown(paper))
    else:
        print_table(found)


def as_json(doubt: Doubt) -> dict[str, Any]:
    """Give a doubt with its answers and the entries that it is about."""
    entries = [
        {"obligation": one.obligation, "provision": one.provision, "matters": dict(one.matters)}
        for one in doubt.entries
    ]
    answers = [
        {"name": one.name, "default": one.default, "standing": one.standing, "why": one.why} for one in doubt.answers
    ]
    return {
        "instrument": doubt.instrument,
        "question": doubt.name or None,
        "asks": doubt.asks,
        "contested_from": doubt.contested_from,
        "decided": doubt.decided,
        "answers": answers,
        "entries": entries,
    }


def paper_of(doubts: Sequence[Doubt]) -> Paper:
    """Put the sheet on paper: first from when each doubt matters, then each doubt with its answers."""
    from duewatch.engine.showing.paper import Paper, Row, Section, Table

    symbols = ", ".join(dict.fromkeys(doubt.instrument for doubt in doubts))
    head = f"{symbols}: {counted(len(doubts), 'doubt')}." if doubts else "There is no doubt to settle."
    order = sorted(doubts, key=lambda doubt: (str(doubt.contested_from or "9999"), doubt.name == ""))
    rows = [Row((day_of(one.contested_from), heading(one), one.asks, paragraphs(one))) for one in order]
    columns = ("matters from", "doubt", "asks", "entries")
    overview = Section(
        heading="From when", table=Table(columns=columns, rows=tuple(rows), widths=(2, 4, 6, 4), heads=1)
    )
    return Paper(
        title="Doubts of the text",
        lines=(head, MATTERS),
        sections=(*((overview,) if rows else ()), *map(section_of, doubts)),
    )


def section_of(doubt: Doubt) -> Section:
    """Give the part of the sheet that is about one doubt: what it asks, of whom, what was decided, and each answer."""
    from duewatch.engine.showing.paper import Row, Section, Table

    lines = [doubt.asks]
    lines += [f"Entries: {paragraphs(doubt)}."] if doubt.name else []
    lines += [f"Decided: {doubt.decided}."] if doubt.decided else []
    rows = tuple(
        Row((one.name, mark(one), "" if one.default else day_of(doubt.since(one.name)), one.why))
        for one in doubt.answers
    )
    columns = ("answer", "standing", "matters from", "why")
    table = Table(columns=columns, rows=rows, widths=(3, 2, 3, 12))
    return Section(heading=heading(doubt), lines=tuple(lines), table=table)


def day_of(day: date | None) -> str:
    """Write the day from which something matters."""
    from duewatch.engine.showing.axis import in_words

    return NOT_BY_TIME if day is None else in_words(day)


def paragraphs(doubt: Doubt) -> str:
    """List the provisions of the entries that a doubt is about, each once."""
    return "; ".join(dict.fromkeys(one.provision for one in doubt.entries)) or "none"


def heading(doubt: Doubt) -> str:
    """Name a doubt: the question, or the entry whose readings it is about."""
    from duewatch.engine.judgement.naming import local_id

    if doubt.name:
        return doubt.name
    [entry] = doubt.entries
    return f"{entry.provision}: {local_id(entry.obligation)}"


def mark(answer: AnswerGiven) -> str:
    """Say how an answer stands."""
    return "default" if answer.default else answer.standing


def when(doubt: Doubt, answer: AnswerGiven) -> str:
    """Say from which day an answer matters."""
    return "" if answer.default else str(doubt.since(answer.name) or NOT_BY_TIME)


def print_table(doubts: Sequence[Doubt]) -> None:
    """Print a line for each answer, the doubts in the order of the sheet."""
    from duewatch.console.tables import print_list

    rows = []
    for doubt in doubts:
        for place, answer in enumerate(doubt.answers):
            asks = "" if place else f"{doubt.asks}{f' (decided: {doubt.decided})' if doubt.decided else ''}"
            rows.append(("" if place else heading(doubt), answer.name, mark(answer), when(doubt, answer), asks))
    print_list(rows, ("doubt", "answer", "", "matters from", "asks"))
    contested = sum(doubt.contested_from is not None for doubt in doubts)
    say(f"{counted(len(doubts), 'doubt')}; {contested} of them may be contested by time alone")
