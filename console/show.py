"""`duewatch show`: one entry of the encoding, flat: every field, and where it comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import say
from duewatch.console.options import printed, unknown
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duewatch.engine.words import Instrument, Obligation

EPILOG: Final = """\b
Examples:
  duewatch show annual-report
  duewatch show annual-report --format json"""


@click.command("show", epilog=EPILOG)
@click.argument("target", metavar="ID")
@printed()
def command(target: str, output: str) -> None:
    """Print an entry of the encoding flat, as it reads in the file today.

    Each field stands with the place it comes from: the entry itself, the shared fields of a group above it, or a
    default of the language. No database is needed.
    """
    from duewatch.console.opening import instruments_here

    instrument, entry = find(instruments_here(), target)
    if output == "json":
        say(json.dumps(as_json(instrument, entry), default=str, ensure_ascii=False, indent=2))
    else:
        print_entry(instrument, entry)


def find(instruments: Sequence[Instrument], name: str) -> tuple[Instrument, Obligation]:
    """Find an entry by its id, short or with its instrument; BadInput where there is none or several."""
    entries = [(instrument, entry) for instrument in instruments for entry in instrument.obligations]
    local = name.partition("/")[0] if "#" not in name else name.rpartition("#")[2].partition("/")[0]
    symbol = name.rpartition("#")[0]
    found = [(one, entry) for one, entry in entries if entry.id == local and symbol in {"", one.symbol}]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadInput(
            f"`{name}` stands in several instruments; write {' or '.join(f'{one.symbol}#{local}' for one, _ in found)}"
        )
    raise BadInput(unknown(local, [entry.id for _, entry in entries], "entry of the encoding"))


def as_json(instrument: Instrument, entry: Obligation) -> dict[str, object]:
    """Give the entry with the origin of each field, and its readings."""
    return {
        "instrument": instrument.symbol,
        "id": entry.id,
        "provision": entry.provision,
        "place": entry.place,
        "groups": list(entry.groups),
        "fields": entry.flat,
        "origins": entry.origins,
        "readings": {
            norm.reading: {"default": norm.is_default, "standing": norm.standing, "why": norm.why}
            for norm in entry.norms
        },
    }


def print_entry(instrument: Instrument, entry: Obligation) -> None:
    """Print the entry: where it stands, each field with its origin, and how it may be read."""
    from duewatch.console import tables

    tables.print_lines([f"{instrument.symbol}, {entry.provision}: {entry.id}", f"{entry.place}", ""])
    rows = [(name, flow(value), entry.origins.get(name, "")) for name, value in entry.flat.items()]
    tables.print_list([(name, where, value) for name, value, where in rows], ("field", "from", "value"))
    tables.print_sections("", [("Readings", list(readings(entry)))])


def readings(entry: Obligation) -> Iterable[str]:
    """Give a line for each reading: its standing, and why the text may be read so."""
    for norm in entry.norms:
        mark = "default" if norm.is_default else norm.standing
        yield f"{norm.reading} ({mark})" + (f": {norm.why}" if norm.why else "")


def flow(value: object) -> str:
    """Write a value as it would stand in one line of the file."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
