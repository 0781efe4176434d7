"""The typed fields of a situation: the one list that rules and SQL agree on.

A *situation* is what the rules may look at: one occurrence under one reading on one day.
Numbers and days are integers (days since 1970-01-01), flags are 0 or 1, null means "not
known" or "does not apply". Nothing here says where a value comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

FieldType = Literal["number", "flag", "day", "word"]
Slope = Literal[-1, 0, 1]
Fields = Mapping[str, "Field"]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a rule may look at.

    A field that is linear in the day asked about has a `base`, itself a day field, and a
    `slope`: its value is `slope * (day - base)`, so the days on which it crosses a number
    are known in advance.
    """

    name: str
    type: FieldType
    values: tuple[str, ...] | None = None  # the words it can hold; None = any word (or not a word)
    nullable: bool = False
    base: str | None = None
    slope: Slope = 0
    after_base: bool = False  # it may be null up to its base and known from the day after it on


DAY: Final = "day"  # the field that is the day asked about itself


def moves(field: Field) -> bool:
    """Whether its value changes with the day asked about, everything else being the same."""
    return field.slope != 0 or field.name == DAY


KINDS: Final = ("achieve", "recur", "maintain", "refrain", "limit", "respond", "permit")
MODALITIES: Final = ("obligation", "prohibition", "permission", "power", "intention", "task")
WATCHES: Final = ("own", "others", "inventory")
DATED_STATES: Final = ("dated", "none", "unresolved", "expected")  # expected: nobody has set its day yet

# What a phrase may name beside the fields: texts that the reader of the row supplies.
PHRASE_NAMES: Final = ("says", "form", "value", "bound", "items_missing", "member")


def _flag(name: str, *, nullable: bool = False) -> Field:
    return Field(name, "flag", nullable=nullable)


def _day(name: str) -> Field:
    return Field(name, "day", nullable=True)


def _number(name: str) -> Field:
    return Field(name, "number", nullable=True)


def _until(name: str, base: str) -> Field:
    """Days from the day asked about to `base`: negative once it has passed."""
    return Field(name, "number", nullable=True, base=base, slope=-1)


def _since(name: str, base: str) -> Field:
    """Days from `base` to the day asked about: negative before it."""
    return Field(name, "number", nullable=True, base=base, slope=1)


def _by_name(fields: Iterable[Field]) -> Fields:
    return MappingProxyType({field.name: field for field in fields})


FIELDS: Final[Fields] = _by_name(
    (
        # what the norm is
        Field("kind", "word", KINDS),
        Field("modality", "word", MODALITIES),
        Field("strength", "word"),
        Field("watch", "word", WATCHES),
        Field("after_breach", "word", ("still_owed", "extinguished", "replaced_by")),
        Field("lead", "number"),  # days before the due day on which it becomes at risk
        _number("review_days"),  # after so many days nobody can rely on the last look; null: never stale
        # whether and when it is owed
        _flag("owed"),
        _flag("was_owed"),  # it was owed once, under this reading
        Field("dated_state", "word", DATED_STATES, nullable=True),  # null when not owed
        Field(DAY, "day"),  # the day asked about
        _day("due"),
        _day("opens"),
        _day("working_due"),  # the latest working date of our own
        _day("soft_due"),  # a target for ourselves where the words set no date
        _day("ends"),  # the last day of a standing norm, a permission, a power
        _day("armed_on"),
        _until("days_left", "due"),
        _since("days_open", "opens"),
        _until("working_left", "working_due"),
        _until("soft_left", "soft_due"),
        _until("ends_left", "ends"),
        # days past the due day while undone; days late when done, 0 done in time; null otherwise
        Field("days_late", "number", nullable=True, base="due", slope=1, after_base=True),
        _flag("past_due"),  # also within the due day, once a cut-off time has passed
        _flag("ended"),
        _flag("armed"),  # 1 where nothing need arm it
        _flag("inferred"),  # an inferred anchor stands behind its date
        # what is recorded about it
        _day("discharged_on"),
        _flag("in_time", nullable=True),  # null while not discharged, and without a due day
        _flag("waived"),
        _flag("suspended"),  # its clock stands still, and nothing recorded says that it goes on
        _day(
            "superseded_on"
        ),  # from when a later instrument has taken its place; null before then, and where it is not owed
        _flag("cannot_say"),  # the newest look could not say
        _flag("announced"),  # its bearer said that it will come late or never
        _flag("not_done"),  # positive evidence that it was not done
        _number("contents_seen"),
        _number("contents_missing"),
        _number("contents_unchecked"),
        _number("contents_of"),
        # standing norms and limits
        _flag("kept", nullable=True),  # null: nobody has judged it
        _flag("over", nullable=True),  # 1: the target is missed; null: no measure, or an unknown baseline
        _day("measured_on"),
        _day("judged_on"),
        _day("last_looked"),
        _day("looked_from"),  # the last look; before the first one, the adoption
        _since("measure_age", "measured_on"),
        _since("looked_age", "looked_from"),
    )
)


_OF_AN_OCCURRENCE: Final = ("kind", "modality", "strength", "watch", "dated_state")


def alert_fields(statuses: Iterable[str], strengths: Iterable[str] = ()) -> Fields:
    """Give the fields that the rules of alerts see, on the level of an occurrence.

    `statuses` are the names that the status rules declare. With `strengths`, a word that is
    none of them is a mistake; without, any word is taken.
    """
    names = tuple(statuses)
    return _by_name(
        (
            Field("status", "word", names),
            Field("default_status", "word", names),
            *(_with_strengths(FIELDS[name], strengths) for name in _OF_AN_OCCURRENCE),
        )
    )


def phrase_fields(statuses: Iterable[str], strengths: Iterable[str] = ()) -> Fields:
    """Give the fields that the choice of words sees: a situation, its status, whether own words and a form are set."""
    return _by_name(
        (
            Field("status", "word", tuple(statuses)),
            _flag("says_set"),
            _flag("form_set"),
            _flag("floor"),
            *(_with_strengths(field, strengths) for field in FIELDS.values()),
        )
    )


def _with_strengths(field: Field, strengths: Iterable[str]) -> Field:
    known = tuple(strengths)
    if field.name != "strength" or not known:
        return field
    return Field(field.name, field.type, known, field.nullable)
