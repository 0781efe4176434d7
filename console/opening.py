"""From the surroundings of a command to everything that a question needs: settings, database, rules, encoding.

The first command on an empty database adopts the encoding. Later a file that differs is named in one line on
standard error and changes nothing; `duewatch load` adopts it.
"""

from __future__ import annotations

import getpass
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from duewatch.console.errors import counted, notice
from duewatch.console.progress import busy
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.judgement.desk import Desk, Question
from duewatch.engine.judgement.editions import adopted, find_encoding
from duewatch.engine.judgement.moments import knowledge
from duewatch.engine.ledger import facts, texts
from duewatch.engine.ledger.database import open_database, reading, writing
from duewatch.engine.problems import BadFile, Place, Problem
from duewatch.engine.running import clock
from duewatch.engine.running.settings import Settings, read_settings
from duewatch.rules.rete import Decider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from duewatch.engine.encoding.contacts import Contacts
    from duewatch.engine.encoding.parse import Whole
    from duewatch.engine.encoding.rulefiles import Rules
    from duewatch.engine.judgement.adopting import Source
    from duewatch.engine.judgement.editions import Edition
    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.words import Instrument


DEFAULT_ENCODING: Final = Path("obligations.yaml")
NO_ENCODING: Final = ""  # at a desk that has not looked for one yet


@dataclass(frozen=True, slots=True)
class House:
    """The desk at which questions are answered, with what came from the surroundings."""

    settings: Settings
    desk: Desk
    now: datetime  # aware
    os_user: str

    def question(self, as_of: date | datetime | None, as_known: date | datetime | None) -> Question:
        """Give the question; without a day it is asked now."""
        return Question(self.now.replace(microsecond=0) if as_of is None else as_of, as_known)

    def axes(self, question: Question) -> str:
        """Say on which axes of time a question was asked, and how far knowledge goes."""
        with reading(self.desk.engine) as connection:
            k = knowledge(connection, question.as_known, self.desk.zone)
            last = facts.newest(connection, k).recorded_at if k else None
        asked = f"as of {question.as_of.isoformat()}"
        if question.as_known is not None:
            return f"{asked}, as known on {question.as_known.isoformat()} (ledger up to entry {k})"
        if last is None:
            return f"{asked}, with an empty ledger"
        there = last.astimezone(ZoneInfo(self.desk.zone))
        return f"{asked}, with the whole ledger ({counted(k, 'entry')}, the last of {there:%Y-%m-%d %H:%M %Z})"


def settings_here() -> Settings:
    """Read the settings of this process; BadFile with all that is wrong in them."""
    return read_settings(os.environ, folder=Path())


def now_here() -> datetime:
    """Give the instant that the command is about."""
    return clock.now(os.environ)


def os_user_here() -> str:
    """Give the operating system's name for whoever runs the command; its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


@contextmanager
def furnished() -> Iterator[House]:
    """Give the house as the settings say, before an encoding is looked for; what cannot be opened is BadInput."""
    settings, now = settings_here(), now_here()
    rules = load_rules(settings.rules)
    engine = open_database(settings.database_url)
    try:
        with Decider() as decider:
            yield House(settings, Desk(engine, rules, decider, NO_ENCODING, settings.zone), now, os_user_here())
    finally:
        engine.dispose()


@contextmanager
def opened(tell: Callable[[str], None] = notice, *, under: str | None = None) -> Iterator[House]:
    """Give the house with its encoding in force: the adopted one, or on an empty database that of the settings.

    `tell` takes what is worth a line and is no error. `under` begins the hash of an earlier version to ask under.
    """
    with furnished() as house:
        with reading(house.desk.engine) as connection:
            edition = adopted(connection)
        if edition is None:
            encoding = adopt_first(house)
        else:
            encoding = edition.encoding
            tell_difference(house, edition, tell)
        if under is not None:
            with reading(house.desk.engine) as connection:
                encoding = find_encoding(connection, under)
        yield replace(house, desk=replace(house.desk, encoding=encoding))


def adopt_first(house: House) -> str:
    """Adopt the encoding of the settings on an empty database, and give its hash."""
    from duewatch.engine.judgement.adopting import adopt
    from duewatch.engine.judgement.exemplifying import try_examples

    library = library_here(house.settings)
    sources = [source_of(path, house.desk.rules, library) for path in house.settings.obligations]
    try_examples(house.desk.rules, sources)
    with busy("adopting the encoding"), writing(house.desk.engine) as connection:
        edition = adopted(connection)  # again: another process may have been quicker
        return edition.encoding if edition else adopt(connection, sources, now=house.now, by=house.os_user)


def library_here(settings: Settings) -> Library:
    """Give the regimes and calendars: those of the settings before the shipped ones."""
    from duewatch.engine.reckoning.library import Library

    return Library.open(settings.library)


def source_of(path: Path, rules: Rules, library: Library) -> Source:
    """Read an encoding; BadFile with every problem of it."""
    from duewatch.engine.judgement.adopting import Source

    content, whole = read_here(path, rules, library)
    return Source(whole.instrument, str(path), content, whole.examples, library)


def read_here(path: Path, rules: Rules, library: Library) -> tuple[bytes, Whole]:
    """Read an encoding, with its bytes; BadFile with every problem, and where it names what no library has."""
    from duewatch.engine.encoding.parse import read_whole
    from duewatch.engine.reckoning.uses import refuse_unknown

    content = content_of(path)
    whole = read_whole(content, rules.verbs, name=str(path))
    refuse_unknown(whole.instrument, library, content, str(path))
    return content, whole


def instrument_of(content: bytes, rules: Rules, path: Path) -> Instrument:
    """Read an encoding from its bytes; BadFile with every problem of it."""
    from duewatch.engine.encoding.parse import read_instrument

    return read_instrument(content, rules.verbs, name=str(path))[0]


def content_of(path: Path) -> bytes:
    """Read the bytes of an encoding; BadFile where that is not possible."""
    try:
        return path.read_bytes()
    except OSError as error:
        right = "name the encoding in DUEWATCH_OBLIGATIONS, or run the command in the folder where it is"
        raise BadFile([Problem(Place(str(path)), f"the file cannot be read: {error.strerror}", right)]) from None


def tell_difference(house: House, edition: Edition, tell: Callable[[str], None]) -> None:
    """Say in one line where the files of the settings are no longer what was adopted."""
    told = [found for path in house.settings.obligations if (found := difference(path, house.desk.rules, edition))]
    told += changed_counting(house, edition)
    if told:
        tell(f"duewatch: {'; '.join(told)}; the answer rests on the adopted encoding")


def difference(path: Path, rules: Rules, edition: Edition) -> str:
    """Say how a file differs from the adopted encoding; nothing where only its comments do.

    A house of portfolios alone has no default file, and misses none.
    """
    if path == DEFAULT_ENCODING and not path.exists() and str(path) not in {file["path"] for file in edition.files}:
        return ""
    try:
        content = content_of(path)
        if texts.name_of(content) in {file["sha256"] for file in edition.files}:
            return ""
        tree = instrument_of(content, rules, path).tree_hash
    except BadFile as bad:
        first = bad.problems[0]
        others = f" (and {counted(len(bad.problems) - 1, 'more problem')})" if len(bad.problems) > 1 else ""
        return f"{first.place} {first.wrong}{others}"
    if tree in {file["tree"] for file in edition.files}:
        return ""
    return f"{path} differs from what was adopted: `duewatch load {path}` shows what would move"


def changed_counting(house: House, edition: Edition) -> list[str]:
    """Say which regimes, calendars and lists of sessions are no longer those of the adopted encoding; layout aside."""
    from duewatch.engine.reckoning.library import Library

    what = {"regimes": "regime", "calendars": "calendar", "bodies": "list of the sessions of"}
    library = library_here(house.settings)
    bound = {name: sha256 for file in edition.files for name, sha256 in file.get("bound", {}).items()}
    told = []
    for name, sha256 in sorted(bound.items()):
        kind, _, plain = name.partition("/")
        if not library.has(kind, plain):
            told.append(f"the {what[kind]} {plain}, which was adopted, is no longer in any library")
        elif texts.name_of(library.content(kind, plain)) != sha256:
            with reading(house.desk.engine) as connection:
                was = Library(held=((name, texts.fetch(connection, sha256)),))
            if was.fingerprint(kind, plain) != library.fingerprint(kind, plain):
                told.append(
                    f"the {what[kind]} {plain} differs from what was adopted: `duewatch load` shows what would move"
                )
    return told


def instruments_here() -> list[Instrument]:
    """Read the encodings of the settings from their files; BadFile with every problem of all of them."""
    settings = settings_here()
    rules = load_rules(settings.rules)
    return [instrument_of(content_of(path), rules, path) for path in settings.obligations]


def contacts_of(settings: Settings, tell: Callable[[str], None] = notice) -> Contacts:
    """Read the contacts of the settings. Without the default file nobody is told, and a line says so."""
    from duewatch.engine.encoding.contacts import Contacts, load_contacts

    if settings.contacts.exists() or settings.contacts != Path("contacts.yaml"):
        return load_contacts(settings.contacts)
    tell("duewatch: there is no contacts.yaml: alerts are written, and reach nobody")
    return Contacts(people=(), responsible=(), sha256="", content=b"")


def tell_strangers(house: House, contacts: Contacts) -> None:
    """Name in one line each what the contacts speak of and the adopted encoding does not have."""
    from duewatch.engine.alerting.strangers import known_here, strangers

    with reading(house.desk.engine) as connection:
        known = known_here(connection, house.desk.encoding)
    for problem in strangers(contacts, known):
        notice(f"duewatch: {problem}")
