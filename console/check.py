"""`duewatch check`: reads encodings, rules and contacts, and lists every problem of all of them."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from duewatch.console.errors import counted, say
from duewatch.engine.problems import BadFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from duewatch.engine.encoding.rulefiles import Rules
    from duewatch.engine.problems import Problem
    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.running.settings import Settings
    from duewatch.engine.words import Instrument

EPILOG: Final = """\b
Examples:
  duewatch check
  duewatch check obligations.yaml contacts.yaml
  duewatch check my-rules/"""


RULES, CONTACTS, ENCODING = "rules", "contacts", "encoding"
TELLING: Final = {RULES: {"rules", "statuses", "strengths", "ladders"}, CONTACTS: {"people", "responsible"}}
LARGEST: Final = 4 << 20  # bytes of an encoding

Read = TypeVar("Read")


@click.command("check", epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
def command(files: tuple[Path, ...]) -> None:
    """Check encodings, rules and contacts; without FILE those of the settings.

    Every problem of every file is listed, each with its place and what would be right (exit code 2). Notes are
    no problems: they say what a reader may want to look at. A folder is taken for a folder of rules.
    """
    from duewatch.console.opening import library_here, settings_here
    from duewatch.engine.encoding.rulefiles import load_rules

    settings = settings_here()
    paths = files or default_files(settings)
    problems: list[Problem] = []
    sorts = {path: sort for path in paths if (sort := gathered(problems, partial(sort_of, path)))}
    folders = [rules_folder(path) for path, sort in sorts.items() if sort == RULES]
    rules, library = None, library_here(settings)
    for folder in dict.fromkeys(folders) or [settings.rules]:
        rules = gathered(problems, partial(load_rules, folder))
    read: list[Instrument] = []
    for path, sort in sorts.items():
        if rules is not None and (told := gathered(problems, partial(described, path, sort, rules, read, library))):
            say(told)
    if not problems and (told := gathered(problems, partial(between, read))):
        say(told)
    if not problems and rules is not None:
        for note in unknown_in_contacts(sorts, settings, rules):
            say(noted(note))
    if problems:
        raise BadFile(problems)


def default_files(settings: Settings) -> tuple[Path, ...]:
    """Give the files of the settings: the encodings, the contacts where there are some, the rules where replaced."""
    contacts = [settings.contacts] if settings.contacts.exists() else []
    return (*settings.obligations, *contacts, *([settings.rules] if settings.rules else []))


def gathered(problems: list[Problem], read: Callable[[], Read]) -> Read | None:
    """Read something, and keep its problems instead of stopping at them."""
    try:
        return read()
    except BadFile as bad:
        problems.extend(bad.problems)
        return None


def sort_of(path: Path) -> str:
    """Tell what a file is by its top-level keys: rules, contacts, or an encoding; a folder is one of rules."""
    from duewatch.engine.encoding.nodes import MappingNode
    from duewatch.engine.encoding.reader import read

    if path.is_dir():
        return RULES
    root = read(path, max_bytes=LARGEST).root
    keys = {key.text for key, _value in root.entries} if isinstance(root, MappingNode) else set()
    return next((sort for sort, telling in TELLING.items() if keys & telling), ENCODING)


def rules_folder(path: Path) -> Path:
    """Give the folder of rules that a file of rules belongs to."""
    if path.is_dir():
        return path
    return path.parent.parent if path.parent.name == "verbs" else path.parent


def described(path: Path, sort: str, rules: Rules, instruments: list[Instrument], library: Library) -> str:
    """Read a file, and say what is in it; an encoding's instrument is added to `instruments`."""
    from duewatch.console.opening import read_here
    from duewatch.engine.encoding.contacts import load_contacts
    from duewatch.engine.judgement.adopting import Source
    from duewatch.engine.judgement.exemplifying import try_examples

    if sort == RULES:
        return f"{path}: rules, in order"
    if sort == CONTACTS:
        contacts = load_contacts(path)
        tasks = counted(len(contacts.responsible), "responsibility")
        return f"{path}: {counted(len(contacts.people), 'contact')}, {tasks}"
    content, whole = read_here(path, rules, library)
    instruments.append(whole.instrument)
    tried = () if whole.instrument.still_to_decide else whole.examples  # of a draft no example can come out
    try_examples(rules, [Source(whole.instrument, str(path), content, tried, library)])
    return counts(path, whole.instrument, whole.notes, len(tried), library)


def between(instruments: Sequence[Instrument]) -> str:
    """Look up what the files say of each other; give a note for each instrument that is not among them."""
    from duewatch.engine.encoding.joining import joined, unmet

    joined(instruments)
    return "\n".join(map(noted, unmet(instruments)))


def unknown_in_contacts(sorts: Mapping[Path, str], settings: Settings, rules: Rules) -> list[Problem]:
    """Give the names in the contacts that the encodings at hand do not have: those checked, else of the settings."""
    from duewatch.console.opening import library_here, source_of
    from duewatch.engine.alerting.strangers import known_of, strangers
    from duewatch.engine.encoding.contacts import load_contacts

    contacts = [path for path, sort in sorts.items() if sort == CONTACTS]
    encodings = [path for path, sort in sorts.items() if sort == ENCODING] or list(settings.obligations)
    if not contacts or not all(path.is_file() for path in encodings):
        return []
    elsewhere: list[Problem] = []  # what is wrong in files that were not asked about is not said here
    found = [gathered(elsewhere, partial(source_of, path, rules, library_here(settings))) for path in encodings]
    known = known_of(one.instrument for one in found if one)
    return [] if elsewhere else [note for path in contacts for note in strangers(load_contacts(path), known)]


def noted(note: Problem) -> str:
    """Say a note, with its place and what to do."""
    return f"{note.place}: note: {note.wrong}" + (f"; {note.right}" if note.right else "")


def counts(path: Path, instrument: Instrument, notes: Sequence[Problem], examples: int, library: Library) -> str:
    """Count the entries of an encoding by modality and the examples that it passed, and list the notes."""
    modalities = Counter("draft" if entry.todo else entry.norms[0].modality for entry in instrument.obligations)
    parts = [counted(number, modality) for modality, number in modalities.most_common()]
    contents = sum(entry.norms[0].kind == "content" for entry in instrument.obligations)
    parts += [f"{contents} of them items of another's report"] if contents else []
    parts += [f"{counted(examples, 'example')} that {'comes' if examples == 1 else 'come'} out"] if examples else []
    head = f"{path}: {instrument.symbol}: {counted(len(instrument.obligations), 'entry')}"
    head += f" ({', '.join(parts)})" if parts else ""
    head += f", {counted(len(instrument.effects), 'link')} to earlier instruments" if instrument.effects else ""
    if left := instrument.still_to_decide:
        head += f"\n{path}: {left} `todo` left: it cannot be adopted before each is decided and taken out"
    return "\n".join([head, *map(noted, notes), *doubts(path, instrument, library)])


def doubts(path: Path, instrument: Instrument, library: Library) -> Iterator[str]:
    """Say for how many entries nothing published settles a date, point by point; nothing where all is settled."""
    from duewatch.engine.judgement.unsettled import in_text

    axes = in_text(instrument, library)
    found = [one for one in axes if one.ambiguity.differs and one.settled_by in {"assumption", "nothing"}]
    points = Counter(one.ambiguity.axis for one in found if one.ambiguity.axis != "end-of-day")
    if points:
        words = ", ".join(f"{axis} ({counted(number, 'entry')})" for axis, number in points.most_common())
        yield f"{path}: note: nothing settles some dates: {words}; `duewatch ambiguities` shows what each reading gives"
