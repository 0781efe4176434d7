"""`duewatch ledger`: what was recorded, entry by entry; `duewatch ledger verify`: that nothing of it was altered."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import FINE, FOUND, counted, notice, say
from duewatch.console.options import printed
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.ledger.chain import Head
    from duewatch.engine.ledger.facts import Entry

EPILOG: Final = """\b
Examples:
  duewatch ledger
  duewatch ledger --about annual-report --format json
  duewatch ledger verify"""


DIGITS: Final = 64  # of a SHA-256 in hexadecimal

TOLD: Final = (  # the columns of an entry in the order in which people read them, with their words
    ("symbol", ""),
    ("form", "a"),
    ("document", "by document"),
    ("finding", ""),
    ("value", "value"),
    ("of", "of"),
    ("per", "in"),
    ("date", "date"),
    ("at", "at"),
    ("dated", "dated"),
    ("transmitted", "transmitted"),
    ("issued", "issued"),
    ("received", "received"),
    ("effective", "from"),
    ("granted_by", "granted by"),
    ("known_since", "known since"),
)


@click.group("ledger", invoke_without_command=True, epilog=EPILOG)
@click.option(
    "--about",
    metavar="ID",
    help="Only this obligation, occurrence or event, under whatever name it had.",
)
@click.option("--kind", metavar="K", help="Only this kind of fact, such as document or measure.")
@printed()
@click.pass_context
def command(ctx: click.Context, about: str | None, kind: str | None, output: str) -> None:
    """List the recorded facts in the order in which they were recorded, corrected and retracted ones included."""
    if ctx.invoked_subcommand is not None:
        return
    from duewatch.console.opening import settings_here
    from duewatch.engine.judgement.renaming import ever_called
    from duewatch.engine.ledger import facts
    from duewatch.engine.ledger.visits import visit

    with visit(settings_here().database_url) as connection:
        entries = facts.rows(connection, kind=kind.replace("-", "_") if kind else None)
        names = ever_called(connection, about) if about is not None else ()
    chosen = [entry for entry in entries if about is None or any(is_about(entry, name) for name in names)]
    if output == "json":
        say(json.dumps([asdict(entry) for entry in chosen], default=str, ensure_ascii=False, indent=2))
    else:
        print_entries(chosen)


@command.command("verify", epilog="\b\nExamples:\n  duewatch ledger verify\n  duewatch ledger verify --head 12:4f0c...")
@click.option(
    "--head", metavar="N:HASH", help="A last entry that was noted elsewhere: also proves that none was cut off."
)
def verify(head: str | None) -> int:
    """Verify the chain of hashes; each entry that was altered, taken out or slipped in is named (exit code 1).

    The kept texts are held against the hashes that name them. Whoever can write the file can write a new chain too.
    Note the last line elsewhere, and give it to --head one day: then that shows as well.
    """
    from duewatch.console.opening import settings_here
    from duewatch.engine.ledger import chain, guards, texts
    from duewatch.engine.ledger.tables import APPEND_ONLY
    from duewatch.engine.ledger.visits import visit_unguarded

    with visit_unguarded(settings_here().database_url) as connection:
        broken = chain.verify(connection, read_head(head) if head else None)
        flawed = texts.verify(connection)
        lost = guards.missing(connection, APPEND_ONLY)
        last = chain.head(connection)
    found = [f"entry {one.seq} {one.why}" for one in broken]
    found += [f"the text {one.name} {one.why}" for one in flawed]
    found += [f"the guard {name} against changes was removed" for name in lost]
    for line in found:
        say(line)
    if found:
        findings = counted(len(found), "finding")
        notice(f"duewatch: {findings}; restore a backup, and find out who could write there")
        return FOUND
    say(f"intact: {counted(last.seq, 'entry')}; the last is {last.seq}:{last.hash}")
    return FINE


def read_head(text: str) -> Head:
    """Read what an earlier `verify` printed, `12:4f0c...`."""
    from duewatch.engine.ledger.chain import Head

    number, colon, digest = text.partition(":")
    if not colon or not number.isdecimal() or len(digest) != DIGITS:
        raise BadInput(f"`{text}` is no last entry; give what `duewatch ledger verify` printed, such as 12:4f0c...")
    return Head(int(number), digest)


def is_about(entry: Entry, name: str) -> bool:
    """Whether an entry is about an obligation (with its occurrences), an occurrence or an event, short or in full."""
    target = entry.draft.target
    if "#" not in name:
        target = target.partition("#")[2]
    return target == name or target.startswith((f"{name}/", f"{name}@"))


def print_entries(entries: Sequence[Entry]) -> None:
    """Print the entries, one a row."""
    from duewatch.console import tables

    if not entries:
        tables.print_lines(["Nothing is recorded here."])
        return
    rows = [
        (
            str(one.seq),
            f"{one.recorded_at:%Y-%m-%d %H:%MZ}",
            one.draft.recorded_by,
            one.draft.kind.replace("_", "-"),
            words(one),
        )
        for one in entries
    ]
    tables.print_list(rows, ("fact", "recorded", "by", "kind", "what"))


def words(entry: Entry) -> str:
    """Say what an entry states: which one it corrects or retracts, on what, the values, and the reason."""
    if entry.gone:
        return f"retracts {entry.root}: {entry.draft.note}"
    draft = entry.draft
    parts = [f"corrects {entry.root}"] if entry.root != entry.seq else []
    parts += [draft.target.partition("#")[2]] if draft.target else []
    parts += [f"{told} {value}".strip() for name, told in TOLD if (value := getattr(draft, name)) is not None]
    parts += [f"{item} {state}" for item, state in draft.items.items()]
    return "; ".join([*parts, *([draft.note] if draft.note else [])])
