"""`duewatch carry`: what becomes of each open entry of an earlier instrument, decided one by one."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from duewatch.console.errors import counted, notice, say
from duewatch.console.options import Day, printed
from duewatch.engine.encoding.decisions import ENDS, LEAVES, MOVES, UNDECIDED, Decision, read_decisions
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from duewatch.console.opening import House
    from duewatch.engine.judgement.carrying import Carrying, Open
    from duewatch.engine.judgement.recording import Recorded

EPILOG: Final = """\b
Examples:
  duewatch carry COUNCIL/RES/1 COUNCIL/RES/2
  duewatch carry COUNCIL/RES/1 COUNCIL/RES/2 --write decisions.yaml
  duewatch carry COUNCIL/RES/1 COUNCIL/RES/2 --from decisions.yaml --authority "Legal Counsel" --by jane

\b
Ends with 1 while something waits for a decision. A decision is a fact: it can be taken back and decided anew."""

FINE, FOUND = 0, 1
KEYS: Final = {"l": LEAVES, "e": ENDS, "m": MOVES, "s": UNDECIDED}
QUIT: Final = "q"
QUESTION: Final = "[l]eaves it, [e]nds, [m]oves to an entry of the later one, [s]kip, [q]uit"


@click.command("carry", epilog=EPILOG)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--from", "source", metavar="FILE", help="A file of decisions, or - for standard input.")
@click.option(
    "--write",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write what waits as a file of decisions to fill in.",
)
@click.option("--authority", metavar="WHO", help="By whose authority it is decided.")
@click.option("--by", metavar="NAME", help="Who records it.")
@printed()
def command(  # noqa: PLR0913, PLR0917 (one for each option)
    old: str,
    new: str,
    source: str | None,
    write: Path | None,
    authority: str | None,
    by: str | None,
    output: str,
) -> int:
    """Decide what becomes of each open entry of an earlier instrument now that there is a later one.

    Entry by entry: the later instrument leaves it (it stays due as it was), ends it, or goes on with it in an entry
    of its own. What fell due before stays undone, whatever is decided. What the text of the later instrument says is
    shown and not asked. Nothing is decided by default, and each decision is kept at once: come back any time.
    """
    from duewatch.console.opening import opened
    from duewatch.engine.judgement.carrying import carrying

    if source is not None and write is not None:
        raise BadInput("--from reads decisions and --write writes a file for them; give one of them")
    with opened() as house:
        known = carrying(house.desk, old, new, now=house.now)
        if write is not None:
            return written(known, write)
        if source is not None:
            done = from_file(house, known, source, signature(authority, by))
        elif known.waiting and authority and by and sys.stdin.isatty() and output == "text":
            interview(house, known, (authority, by))
            done = None
        else:
            done = None
        after = carrying(house.desk, old, new, now=house.now)
    say(as_json(after, done) if output == "json" else as_text(after, done))
    return FOUND if after.waiting else FINE


def signature(authority: str | None, by: str | None) -> tuple[str, str]:
    """Give who decides and who records; neither is guessed."""
    missing = [name for name, value in (("--authority", authority), ("--by", by)) if not value]
    if missing:
        raise BadInput(
            f"{' and '.join(missing)} is missing: a decision has somebody who takes it; nothing was recorded"
        )
    return authority or "", by or ""


# ------------------------------------------------------------------ from a file
def from_file(house: House, known: Carrying, source: str, signed: tuple[str, str]) -> Recorded:
    """Record the decisions of a file, all of them or none."""
    rows = read_decisions(sys.stdin.buffer.read(), "standard input") if source == "-" else read_decisions(Path(source))
    return recorded(house, known, rows, signed)


def recorded(house: House, known: Carrying, rows: tuple[Decision, ...], signed: tuple[str, str]) -> Recorded:
    """Hand decisions to the engine."""
    from duewatch.engine.judgement.carrying import carry

    authority, by = signed
    return carry(
        house.desk, known.old, known.new, rows, authority=authority, by=by, now=house.now, os_user=house.os_user
    )


def written(known: Carrying, path: Path) -> int:
    """Write what waits as a file to be filled in; a file that is there already is not touched."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template(known))
    except FileExistsError:
        raise BadInput(f"{path} is there already; give another name, or move it away") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from None
    say(f"{path}: {counted(len(known.waiting), 'entry')} to decide; then `duewatch carry ... --from {path}`")
    return FOUND if known.waiting else FINE


def template(known: Carrying) -> str:
    """Give the file: every entry that waits, undecided, with where it stands as a comment."""
    head = [
        f"# What becomes of the open entries of {known.old} under {known.new}.",
        "# does: leaves | ends | moves-to (with `to`: an id of the later instrument) | undecided",
        f"# What ends or moves does so from {known.since} on, unless `from` says another day; both need a `why`.",
        "decisions:" if known.waiting else "decisions: []",
    ]
    for one in known.waiting:
        head += ["", f"# {one.provision}: {one.action}", *(f"#   {line}" for line in one.stands)]
        head.append(f"- {{entry: {one.entry}, does: {UNDECIDED}}}")
    return "\n".join([*head, ""])


# ------------------------------------------------------------------ at a terminal
def interview(house: House, known: Carrying, signed: tuple[str, str]) -> None:
    """Ask for each entry that waits, and record each answer at once."""
    waiting = known.waiting
    for number, one in enumerate(waiting, start=1):
        say("\n".join(["", f"{number} of {len(waiting)}", *described(one)]))
        if not settled(house, known, one, signed):
            return


def settled(house: House, known: Carrying, one: Open, signed: tuple[str, str]) -> bool:
    """Ask until an answer can be recorded, or is put off; False where no more is wanted."""
    while True:
        key = click.prompt(QUESTION, type=click.Choice([*KEYS, QUIT]), show_choices=False)
        if key == QUIT:
            return False
        if KEYS[key] == UNDECIDED:
            return True
        try:
            done = recorded(house, known, (details(known, one, KEYS[key]),), signed)
        except BadInput as bad:
            notice(str(bad))
            continue
        say("\n".join(f"  {line}" for line in done.moved or ("nothing moves today",)))
        return True


def details(known: Carrying, one: Open, does: str) -> Decision:
    """Ask for what belongs to an answer."""
    decision = Decision(entry=one.entry, does=does)
    if does == MOVES:
        decision = replace(decision, to=click.prompt(f"To which entry of {known.new}"))
    if does != LEAVES:
        since = click.prompt("From which day on", type=Day(), default=known.since)
        decision = replace(decision, since=since, why=click.prompt("Why"))
    return decision


# ------------------------------------------------------------------ what is told
def described(one: Open) -> list[str]:
    """Give an entry in lines."""
    who = ", ".join(one.bearer) or "nobody in particular"
    return [f"{one.provision}  {one.entry}  ({who})", f"  {one.action}", *(f"  {line}" for line in one.stands)]


def said(one: Open) -> str:
    """Give what the text and people said of an entry."""
    return "; ".join(filter(None, (one.text, one.decided)))


def as_json(known: Carrying, done: Recorded | None) -> str:
    """Give every open entry with what is said of it."""
    shown: dict[str, Any] = {
        "old": known.old,
        "new": known.new,
        "facts": done.numbers if done else (),
        "moved": done.moved if done else (),
        "waiting": len(known.waiting),
        "entries": [asdict(one) for one in known.entries],
    }
    return json.dumps(shown, ensure_ascii=False, indent=2)


def as_text(known: Carrying, done: Recorded | None) -> str:
    """Say what was recorded, what the text and people said, and what waits."""
    lines = [f"recorded {counted(len(done.numbers), 'decision')}"] if done else []
    lines += [f"  {line}" for line in done.moved] if done else []
    lines += [f"{one.provision}  {one.entry}: {said(one)}" for one in known.entries if not one.waits]
    lines += [f"{one.provision}  {one.entry}: undecided: {one.action}" for one in known.waiting]
    settled_ones = len(known.entries) - len(known.waiting)
    lines.append(f"{counted(settled_ones, 'open entry')} settled, {len(known.waiting)} undecided.")
    if known.waiting:
        lines.append("decide with --write FILE and --from FILE, or at a terminal with --authority WHO --by NAME")
    return "\n".join(lines)
