"""The kinds of fact that `duewatch record` knows, and their options. Data only: what they mean, the engine knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from duewatch.console.options import Day, Moment

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {  # of every kind, by the name that the engine knows
    "dated": {"type": Moment(), "metavar": "D", "help": "The day that the document bears, or its instant."},
    "issued": {"type": Moment(), "metavar": "D", "help": "The day on which it came out, or its instant."},
    "transmitted": {"type": Moment(), "metavar": "D", "help": "The day on which it was sent, or its instant."},
    "received": {"type": Moment(), "metavar": "D", "help": "The day on which it arrived, or its instant."},
    "symbol": {"metavar": "S", "help": "The symbol of the document that shows it."},
    "form": {"metavar": "F", "help": "What it is, such as report or letter."},
    "contents": {"metavar": "C", "help": "unchecked (the default), complete, lacks:a,b or has:a;lacks:b."},
    "why": {"metavar": "W", "help": "The reason, in a sentence."},
    "evidence": {"metavar": "E", "help": "A link to the evidence, or its SHA-256."},
    "document": {"type": int, "metavar": "FACT", "help": "The number of the recorded document that it rests on."},
    "finding": {"type": click.Choice(["fulfilled", "kept", "not-kept"]), "help": "What is judged."},
    "on": {"type": Day(), "metavar": "D", "help": "The day on which it was so."},
    "found": {"type": click.Choice(["nothing", "cannot-say"]), "help": "What the look came to."},
    "will": {"type": click.Choice(["late", "never"]), "help": "What the bearer says."},
    "date": {"type": Moment(), "metavar": "D", "help": "The day of the event, or its instant: hours count from that."},
    "since": {"type": Day(), "metavar": "D", "help": "The day from which that day holds, where it was announced."},
    "value": {"metavar": "N", "help": "The number measured: 13289, 30.5, 30/100 or 30%."},
    "of": {"metavar": "N", "help": "The whole of a share, as in 6 of 28."},
    "per": {"metavar": "BODY", "help": "The body measured, where each counts for itself."},
    "granted": {"type": Day(), "metavar": "D", "help": "The day on which it was granted."},
    "granted_by": {"metavar": "P", "help": "Who granted it."},
    "to": {"type": Day(), "metavar": "D", "help": "The new due day."},
}

NUMBERS: Final = ("value", "of", "per")
GRANTS: Final = ("granted", "granted_by", "to", "evidence")
DAYS: Final = ("dated", "issued", "transmitted", "received")


class Kind(NamedTuple):
    """One kind of fact: what it is about, in which words, and its options in the order of the help."""

    name: str
    about: str  # how the help names the argument; "" = none
    brief: str  # in the list of all kinds
    words: str
    must: tuple[str, ...]
    may: tuple[str, ...]
    example: str


KINDS: Final = (
    Kind(
        "delivered",
        "OCCURRENCE...",
        "A document, and that it answers occurrences.",
        "Record a document and the judgement that it answers these occurrences, together.\n\n"
        "At least one of its days is wanted. Another form than the one asked for, or contents that lack something,"
        " need a --why.",
        ("symbol",),
        (*DAYS, "form", "contents", "why", "evidence"),
        "annual-report/1 --dated 2021-07-15 --symbol REPORT/7",
    ),
    Kind(
        "document",
        "[INSTRUMENT]",
        "A document that nobody has judged yet.",
        "Record a document that nobody has judged yet.",
        ("symbol",),
        (*DAYS, "form", "why", "evidence"),
        "--issued 2022-01-04 --symbol REPORT/9",
    ),
    Kind(
        "judgement",
        "ID",
        "That something fulfils an occurrence, or keeps a norm.",
        "Record that a recorded document, or what was so on a day, fulfils an occurrence; or whether a standing norm"
        " is kept.",
        (),
        ("document", "finding", "on", "contents", "form", "why"),
        'annual-report/2 --document 7 --why "covers both years"',
    ),
    Kind(
        "event",
        "EVENT",
        "The day of an event, or the new end of a period.",
        "Record the day of an event of the encoding, or the new end of a period.",
        ("date",),
        ("since", "symbol", "why", "evidence"),
        "term.end --date 2023-06-30 --since 2022-06-29",
    ),
    Kind(
        "measure",
        "OBLIGATION",
        "A measured value of a limit or a target.",
        "Record a measured value of a limit or a target, exactly.",
        ("value", "on"),
        ("of", "per", "symbol", "why", "evidence"),
        "women-in-office --value 42 --of 147 --per council --on 2023-05-10",
    ),
    Kind(
        "looked",
        "ID",
        "A look that found nothing, or could not say.",
        "Record that somebody looked and found nothing, or could not say.",
        ("on", "found"),
        ("why", "evidence"),
        "annual-report/1 --on 2022-01-11 --found cannot-say",
    ),
    Kind(
        "announced",
        "OCCURRENCE",
        "The bearer says it will be late, or never.",
        "Record that the bearer says it will come late, or never: at risk at once.",
        ("on", "will"),
        ("symbol", "why"),
        "election/1 --on 2021-12-31 --will never",
    ),
    Kind(
        "not-done",
        "OCCURRENCE",
        "Positive evidence that it was not done.",
        "Record positive evidence that it was not done. Changes the words, not the status.",
        ("on", "why"),
        ("symbol",),
        'election/1 --on 2022-02-27 --why "no polling station opened"',
    ),
    Kind(
        "review",
        "ID",
        "A standing norm was looked at.",
        "Record that a standing norm was looked at for its period.",
        ("on",),
        ("why",),
        "respect-the-law --on 2022-03-31",
    ),
    Kind(
        "sweep",
        "OCCURRENCE",
        "All that a report reviews was looked at.",
        "Record that every standing norm that this report reviews was looked at: a review of each, at once.",
        ("on",),
        ("why",),
        "quarterly-report/2 --on 2022-01-10",
    ),
    Kind(
        "waiver",
        "OCCURRENCE",
        "An occurrence is let go of, by authority.",
        "Record that somebody with the authority lets go of an occurrence.",
        ("granted", "granted_by", "symbol"),
        ("why",),
        "annual-report/1 --granted 2021-07-01 --granted-by council --symbol LETTER/3",
    ),
    Kind(
        "extension",
        "OCCURRENCE",
        "One due day is moved, by authority.",
        "Record that somebody with the authority moves the due day of one occurrence; the others stay.",
        ("to", "granted", "granted_by", "symbol"),
        ("why",),
        "annual-report/1 --to 2021-10-31 --granted 2021-09-20 --granted-by council --symbol LETTER/4",
    ),
    Kind(
        "suspension",
        "OCCURRENCE",
        "Its clock stands still from a day on.",
        "Record that the clock of one occurrence stands still: the day named does not count, nor do those after it"
        " until a resumption is recorded. Until then nobody knows its due day.",
        ("on",),
        ("symbol", "why", "evidence"),
        'annual-report/1 --on 2021-09-10 --why "clarification asked for"',
    ),
    Kind(
        "resumption",
        "OCCURRENCE",
        "Its clock goes on: that day counts again.",
        "Record that the clock of one occurrence goes on: the day named counts again, and the due day moves by the"
        " days that did not.",
        ("on",),
        ("symbol", "why", "evidence"),
        'annual-report/1 --on 2021-09-24 --why "clarification received"',
    ),
    Kind(
        "correction",
        "FACT",
        "A new version of a fact.",
        "Record a complete new version of a fact: what is given here replaces it, the rest stays.\n\nWhat was asked"
        " as known before keeps the old version.",
        ("why",),
        ("on", *DAYS, "symbol", "form", "contents", "finding", "found", "will", "date", "since", *NUMBERS, *GRANTS),
        '12 --value 13200 --why "a slip of the pen"',
    ),
    Kind(
        "retraction",
        "FACT",
        "A fact is taken back.",
        "Take a fact back.",
        ("why",),
        (),
        '12 --why "recorded against the wrong report"',
    ),
)
