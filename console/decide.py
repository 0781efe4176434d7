"""`duewatch decide`: a question is settled, for every entry that names it, from a day on."""

from __future__ import annotations

from datetime import date
from typing import Final

import click

from duewatch.console.errors import say
from duewatch.console.options import Day, printed, signed

EPILOG: Final = """\b
Examples:
  duewatch decide whose-term this-term --authority "Legal Counsel" --symbol MEMO/12 --by jane
  duewatch decide whose-term as-renewed --authority "Legal Counsel" --on 2022-07-04 --by jane

\b
`duewatch readings --open` lists the questions with their answers. A ruling is a fact: it can be
corrected and retracted, and a later one takes the place of an earlier one from its own day on."""


@click.command("decide", epilog=EPILOG)
@click.argument("question", metavar="QUESTION")
@click.argument("answer", metavar="ANSWER")
@click.option("--authority", required=True, metavar="WHO", help="By whose authority it is decided.")
@click.option("--symbol", metavar="S", help="The symbol of the document that says so.")
@click.option("--on", type=Day(), metavar="D", help="The day from which it holds. Default: today.")
@click.option("--why", default="", metavar="W", help="The reason, in a sentence.")
@signed
@printed()
def command(  # noqa: PLR0913, PLR0917 (one for each option)
    question: str, answer: str, authority: str, symbol: str | None, on: date | None, why: str, by: str, output: str
) -> None:
    """Record which answer a question takes, for every entry that names it.

    From its day on the other answers count as noted: they contest nothing, and are still shown. What was asked as of
    an earlier day, or as known before, stays contested.
    """
    from duewatch.console.opening import opened
    from duewatch.console.record import as_json, as_text
    from duewatch.engine.judgement.deciding import Ruling, decide

    ruling = Ruling(question=question, answer=answer, authority=authority, symbol=symbol, on=on, why=why)
    with opened() as house:
        done = decide(house.desk, ruling, by=by, now=house.now, os_user=house.os_user)
    say(as_json(done) if output == "json" else as_text(done))
