"""What is asked about a portfolio: as the skeleton of a file of answers, or one by one on a terminal."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import counted, say
from duewatch.console.options import Day
from duewatch.engine.encoding.answers import GRANTED, TO_DO, Answer, Given
from duewatch.engine.problems import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from duewatch.engine.judgement.comparing import Asked

HEAD: Final = """\
# What happened to these rows of the portfolio, and why? Put the words of a person for each `todo`, split a list of
# keys where the reasons differ, and give the file to --answers."""


def grouped(asked: Iterable[Asked]) -> Iterator[list[Asked]]:
    """Give together what is likely to have one reason."""
    for _, group in groupby(sorted(asked, key=lambda one: one.group), key=lambda one: (one.group, one.why)):
        yield list(group)


def as_answers(asked: Sequence[Asked]) -> str:
    """Give a file of answers with what is probable filled in and what only a person knows left to do."""
    if not asked:
        return "# Nothing is asked: no date moved, and no row is gone."
    return "\n".join([HEAD, "answers:", *(_skeleton(group) for group in grouped(asked))])


def _skeleton(group: Sequence[Asked]) -> str:
    first = group[0]
    lines = [f"# {one.key}: {one.words}" for one in group]
    lines += [f"- for: {json.dumps([one.key for one in group], ensure_ascii=False)}", f"  about: {first.about}"]
    lines += [f"  what: {first.proposed}  # or {', '.join(w for w in first.choices if w != first.proposed)}"]
    lines += [f"  why: {json.dumps(first.why or TO_DO)}"]
    if first.proposed in GRANTED:
        lines += [f"  granted-by: {TO_DO}", f"  granted: {TO_DO}", f"  symbol: {TO_DO}"]
    return "\n".join(lines)


def ask(asked: Sequence[Asked]) -> tuple[Answer, ...]:
    """Ask on the terminal, once for what is likely to have one reason."""
    return tuple(answer for group in grouped(asked) for answer in _ask_group(group))


def _ask_group(group: Sequence[Asked]) -> list[Answer]:
    say("\n".join(f"{one.key}: {one.words}" for one in group))
    if len(group) > 1 and not click.confirm(f"One answer for all {counted(len(group), 'row')}?", default=True):
        return [answer for one in group for answer in _ask_group([one])]
    first = group[0]
    what = click.prompt("What happened?", type=click.Choice(first.choices), default=first.proposed)
    why = click.prompt("Why?", default=first.why or None)
    by, granted, symbol = _granted() if what in GRANTED else ("", None, "")
    given = Given(what, why, by, granted, symbol)
    return [Answer(tuple(one.key for one in group), first.about, given, Place("the terminal"))]


def _granted() -> tuple[str, date, str]:
    by = click.prompt("Granted by whom?")
    granted = click.prompt("Granted on which day (YYYY-MM-DD)?", type=Day())
    return by, granted, click.prompt("In which document?")
