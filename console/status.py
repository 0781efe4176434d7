"""`duewatch status`: where every obligation stands, on any day, as it was known at any time."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

from duewatch.console.errors import FINE, FOUND, counted, notice, say
from duewatch.console.options import Words, about_time, known_words, printed, under_encoding
from duewatch.console.progress import busy
from duewatch.engine.encoding.provisions import at_or_under
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import date, datetime

    from duewatch.console.opening import House
    from duewatch.engine.judgement.asking import Answer, Item
    from duewatch.engine.judgement.desk import Question
    from duewatch.engine.judgement.selecting import Filter

EPILOG: Final = """\b
Examples:
  duewatch status
  duewatch status --as-of 2021-07-16
  duewatch status --as-of 2021-10-05 --as-known 2021-10-03 --group late,soon
  duewatch status --provision "Art. 12(3)" --format json
  duewatch status --format csv > status.csv
  duewatch status --fail-on overdue,cannot-say    (exit code 1 where there is one)"""

CONTESTED: Final = "contested"
GROUPS: Final = ("late", "soon", "cannot-say", "later", "standing", "asleep", "done", "closed")  # as the page goes


class Asked(TypedDict):
    """The options as they were typed."""

    as_of: date | datetime | None
    as_known: date | datetime | None
    encoding: str | None
    provision: str | None
    status: tuple[str, ...]
    group: tuple[str, ...]
    bearer: str | None
    instrument: str | None
    owner: str | None
    mine: bool
    watch: str | None
    everything: bool
    fail_on: tuple[str, ...]
    output: str


NOTHING: Final[Asked] = {
    "as_of": None,
    "as_known": None,
    "encoding": None,
    "provision": None,
    "status": (),
    "group": (),
    "bearer": None,
    "instrument": None,
    "owner": None,
    "mine": False,
    "watch": None,
    "everything": False,
    "fail_on": (),
    "output": "table",
}


@click.command("status", epilog=EPILOG)
@about_time
@under_encoding
@click.option(
    "--provision", metavar="P", help="Only what stands at or under this provision, whatever its watch or group."
)
@click.option(
    "--status", type=Words(), default="", metavar="S,...", help="Only these statuses, such as overdue,at_risk."
)
@click.option("--group", type=Words(), default="", metavar="G,...", help="Only these groups, such as late,soon.")
@click.option("--bearer", metavar="B", help="Only what this party owes.")
@click.option("--instrument", metavar="S", help="Only this instrument, by its symbol.")
@click.option("--owner", metavar="P", help="Only what this person or role looks after.")
@click.option("--mine", is_flag=True, help="Only what you look after (DUEWATCH_ME says who you are).")
@click.option(
    "--watch",
    type=click.Choice(["own", "others", "inventory", "all"]),
    help="Only what we answer for, what others owe, or what is only listed. Default: own and others.",
)
@click.option("--all", "everything", is_flag=True, help="Show inventory, statements and closed items too.")
@click.option(
    "--fail-on", type=Words(), default="", metavar="S,...", help="End with 1 where a status or group is found."
)
@printed("table", "csv", "markdown")
def command(**asked: Unpack[Asked]) -> int:
    """Show where every obligation stands.

    Late first, then soon, what cannot be said, later, standing, asleep and done. What others owe and we only
    watch is a section of its own. A day means its last moment in the instrument's own zone.
    """
    from duewatch.console.opening import opened
    from duewatch.engine.judgement.asking import ask
    from duewatch.engine.judgement.selecting import select

    with opened(under=asked["encoding"]) as house:
        question = house.question(asked["as_of"], asked["as_known"])
        check_words(house, asked)
        with busy("asking"):
            answer = ask(house.desk, question)
        check_names(house, answer, asked)
        shown = select(answer.items, filter_of(house, answer, asked))
        print_answer(house, question, answer, shown, asked["output"])
        if asked["as_of"] is None and asked["as_known"] is None:
            tell_untold(house)
        return FOUND if is_found(shown, wanted(house, asked["fail_on"])) else FINE


def tell_untold(house: House) -> None:
    """Say on standard error that somebody was not told, and where that is explained."""
    from duewatch.engine.alerting.backlog import backlog
    from duewatch.engine.ledger.database import reading

    with reading(house.desk.engine) as connection:
        found = backlog(connection)
    untold = [f"{counted(found.dead, 'message')} given up for good"] if found.dead else []
    untold += [f"{counted(found.unrouted, 'alert')} reached nobody"] if found.unrouted else []
    if untold:
        notice(f"duewatch: {', '.join(untold)}: `duewatch health` says more")


def check_words(house: House, asked: Asked) -> None:
    """Refuse a status or group that the rules do not know: an empty answer would look like a good one."""
    known_words(asked["status"], statuses(house), "status")
    known_words(asked["group"], groups(house), "group")
    known_words(asked["fail_on"], {*statuses(house), *groups(house)}, "status or group")


def check_names(house: House, answer: Answer, asked: Asked) -> None:
    """Refuse a bearer or an instrument that stands nowhere, for the same reason."""
    from duewatch.engine.judgement.naming import instruments_of
    from duewatch.engine.ledger.database import reading

    parties = {party for item in answer.items for party in (*item.bearer, item.member or "")} - {""}
    known_words([asked["bearer"]] if asked["bearer"] else (), parties, "bearer")
    provisions = dict.fromkeys(item.provision for item in answer.items)
    if asked["provision"] and not any(at_or_under(one, asked["provision"]) for one in provisions):
        known_words([asked["provision"]], provisions, "provision")
    with reading(house.desk.engine) as connection:
        symbols = instruments_of(connection, house.desk.encoding)  # one that only speaks of others has no items
    known_words([asked["instrument"]] if asked["instrument"] else (), symbols, "instrument")


def filter_of(house: House, answer: Answer, asked: Asked) -> Filter:
    """Turn the options into what the engine selects by."""
    from duewatch.engine.judgement.selecting import Filter

    return Filter(
        provision=asked["provision"],
        statuses=frozenset(asked["status"]),
        groups=frozenset(asked["group"]),
        bearer=asked["bearer"],
        instrument=asked["instrument"],
        looks_after=owner_of(house, answer, asked),
        watch=asked["watch"],
        everything=asked["everything"],
    )


def owner_of(house: House, answer: Answer, asked: Asked) -> Callable[[Item], bool] | None:
    """Give the test whose items are wanted; BadInput for a person whom nobody knows."""
    person = asked["owner"] or (house.settings.me if asked["mine"] else None)
    if asked["mine"] and not person:
        raise BadInput("--mine needs to know who you are: set DUEWATCH_ME to your id in the contacts")
    if person is None:
        return None
    from duewatch.console.opening import contacts_of
    from duewatch.engine.alerting.owning import looks_after

    contacts = contacts_of(house.settings)
    known = {one.id for one in contacts.people} | {item.owner for item in answer.items if item.owner}
    known_words([person], known, "person of the contacts, and no owner")
    return looks_after(person, contacts)


def statuses(house: House) -> set[str]:
    """Give every status that an answer can hold; what is hidden has none."""
    return {name for name, outcome in house.desk.rules.status.statuses.items() if outcome.group in GROUPS}


def groups(house: House) -> set[str]:
    """Give every group that an answer can hold."""
    return {outcome.group for outcome in house.desk.rules.status.statuses.values()} & set(GROUPS)


def wanted(house: House, words: Collection[str]) -> set[str]:
    """Turn statuses and groups into statuses."""
    outcomes = house.desk.rules.status.statuses
    return {name for name, outcome in outcomes.items() if name in words or outcome.group in words}


def is_found(items: Iterable[Item], unwelcome: Collection[str]) -> bool:
    """Whether one of the statuses is there; a contested item counts by its default reading too."""
    return any(
        item.status in unwelcome or (item.status == CONTESTED and item.default_status in unwelcome) for item in items
    )


def as_json(answer: Answer, shown: Sequence[Item]) -> str:
    """Give the answer as programs read it."""
    return json.dumps(replace(answer, items=tuple(shown)).as_json(), ensure_ascii=False, indent=2)


def print_answer(house: House, question: Question, answer: Answer, shown: Sequence[Item], output: str) -> None:
    """Print the answer in the form that was asked for."""
    if output == "json":
        say(as_json(answer, shown))
    elif output == "table":
        print_table(house, question, answer, shown)
    else:
        from duewatch.console import sheets

        symbols = len({item.instrument for item in answer.items}) > 1
        say(sheets.as_csv(answer, shown) if output == "csv" else sheets.as_markdown(shown, symbols=symbols))


def asked_of(house: House, question: Question, **names: str | None) -> tuple[Answer, tuple[Item, ...]]:
    """Ask for another page what `duewatch status` asks, with some of its options; give all, and what was asked for."""
    from duewatch.engine.judgement.asking import ask
    from duewatch.engine.judgement.selecting import select

    asked: Asked = {**NOTHING, **names}  # type: ignore[typeddict-item]
    with busy("asking"):
        answer = ask(house.desk, question)
    check_names(house, answer, asked)
    return answer, select(answer.items, filter_of(house, answer, asked))


def print_table(house: House, question: Question, answer: Answer, shown: Sequence[Item]) -> None:
    """Print the answer as people read it: on which axes, the rows, how many, and what is not shown."""
    from duewatch.console import tables

    symbols = sorted({item.instrument for item in answer.items})
    tables.print_lines([f"{', '.join(symbols)}, {house.axes(question)}", ""])
    if shown:
        tables.print_items(shown, symbols=len(symbols) > 1)
    else:
        tables.print_lines(["Nothing stands here: no entry of the encoding answers to what was asked."])
    tables.print_lines(["", *footer(shown, len(answer.items) - len(shown))])


def footer(shown: Sequence[Item], rest: int) -> list[str]:
    """Give the counts, and how much is not shown."""
    from duewatch.console import tables

    lines = [f"{tables.counts(shown)}."] if shown else []
    return lines + ([f"{rest} more not shown; --all shows everything."] if rest else [])
