"""The situation: everything the rules may look at, for one occurrence under one reading at one instant.

One SELECT gives one typed row for each occurrence and reading of a rank: exactly the fields of
`rules/fields.py`, null where a thing is not known. It is stored in the temporary table `verdict`
together with its signature and the next day on which it may change. Explanations read the same
row: there is no second way to compute it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
)

from duewatch.engine.judgement.arming import ARMED_BY_UNDONE, arming
from duewatch.engine.judgement.effects import spoken_of
from duewatch.engine.judgement.evidence import Evidence, evidence
from duewatch.engine.judgement.moments import moment
from duewatch.engine.judgement.portable import Prepared, flag, least
from duewatch.engine.judgement.rulings import ruled
from duewatch.engine.judgement.stamps import stamped_code, stamped_day
from duewatch.engine.ledger.tables import LAST_DAY, dating, instrument, need, occurrence, variant
from duewatch.rules import relational
from duewatch.rules.fields import FIELDS

if TYPE_CHECKING:
    from sqlalchemy import CTE, ColumnElement, Connection, FromClause, Insert, Subquery

    from duewatch.rules.grammar import Ruleset

_TYPES: Final = {"word": Text, "flag": Integer, "day": Integer, "number": BigInteger}
_KEYS: Final = ("occurrence", "obligation", "reading", "instrument", "standing")
_EXTRAS: Final = (
    "is_default",
    "bearer_only",
    "rank",
    "at",
    "due_at",
    "discharged_at",
    "answers",
    "measure_seq",
    "doubt",
    "other_turn",
    "next_at",
)

verdict = Table(  # temporary, one row for each occurrence and reading
    "verdict",
    MetaData(),
    *(Column(name, Text, nullable=False) for name in _KEYS),
    *(Column(field.name, _TYPES[field.type]) for field in FIELDS.values()),
    *(Column(name, BigInteger) for name in _EXTRAS),
    Column("signature", BigInteger),
    Column("next_day", Integer),
    Index("verdict_by_occurrence", "occurrence"),
    Index("verdict_by_obligation", "obligation"),
    prefixes=["TEMPORARY"],
)


ENCODING: Final = bindparam("asked_encoding", "", type_=Text)
K: Final = bindparam("asked_k", 0, type_=BigInteger)
_RANK: Final = bindparam("asked_rank", 0, type_=Integer)
_WHOLE: Final = bindparam("asked_whole", 1, type_=Integer)
_SCOPE: Final = bindparam("asked_scope", "", type_=Text)  # names between line breaks: one parameter, however many


@dataclass(frozen=True, slots=True)
class Scene:
    """What a round looks at: the encoding, the known prefix of the ledger, and which obligations."""

    encoding: str
    k: int
    scope: tuple[str, ...] | None = None  # obligations looked at; None = all


@dataclass(frozen=True, slots=True)
class Statements:
    """What the statements of a question are built from; the same rules give the same statements."""

    rules_hash: str
    rules: Ruleset = field(compare=False)
    stages: tuple[int, ...]  # offsets from the due day on which an alert may be raised


@lru_cache(maxsize=4)
def layout_of(key: Statements) -> Layout:
    """Give the statements for a set of rules, built once in a process."""
    return Layout(key.rules, key.stages)


class Layout:
    """The statements that lay out verdicts: built once for a set of rules, run for every question.

    `stages` are the offsets from the due day on which an alert may be raised.
    """

    def __init__(self, rules: Ruleset, stages: tuple[int, ...]) -> None:
        """Keep what the statements are built from."""
        self._rules = rules
        self._stages = stages

    def lay_out(self, connection: Connection, scene: Scene, rank: int) -> None:
        """Insert the verdict rows of one rank, with their signatures, undecided as yet."""
        values = {
            "asked_encoding": scene.encoding,
            "asked_k": scene.k,
            "asked_rank": rank,
            "asked_whole": int(scene.scope is None),
            "asked_scope": "\n".join(("", *(scene.scope or ()), "")),
        }
        (self._later if rank else self._first).run(connection, values)

    @cached_property
    def _first(self) -> Prepared:
        return Prepared(self._statement(looks_at_others=False))

    @cached_property
    def _later(self) -> Prepared:
        return Prepared(self._statement(looks_at_others=True))

    def _statement(self, *, looks_at_others: bool) -> Insert:
        rows = _situations(looks_at_others=looks_at_others).subquery("situation")
        signature = relational.signature(self._rules, {name: rows.c[name] for name in FIELDS})
        next_day = _next_day(self._rules, self._stages, rows)
        chosen = select(*rows.c, signature.label("signature"), next_day.label("next_day"))
        return insert(verdict).from_select([column.name for column in chosen.selected_columns], chosen)


def _situations(*, looks_at_others: bool) -> Any:  # noqa: ANN401 - a select of many columns
    dated = _dated()
    facts = evidence(K, ENCODING, dated)
    armed = arming(dated, verdict) if looks_at_others else _never_armed(dated)
    ever = _ever_owed(dated)
    needs = _needs()
    spoken = spoken_of(dated, ENCODING)
    values = _Values(dated, facts, armed, ever, needs, spoken)
    joined = (
        dated.outerjoin(facts.marks, facts.marks.c.occurrence == dated.c.occurrence)
        .outerjoin(facts.discharge, _by_reading(facts.discharge, dated))
        .outerjoin(facts.contents, _by_reading(facts.contents, dated))
        .outerjoin(facts.measures, _by_norm(facts.measures, dated))
        .outerjoin(needs, _by_norm(needs, dated))
        .outerjoin(ever, _by_reading(ever, dated))
        .outerjoin(armed, _by_reading(armed, dated))
        .outerjoin(spoken, _by_reading(spoken, dated))
    )
    return select(*values.columns()).select_from(joined)


def _by_reading(left: FromClause, right: FromClause) -> ColumnElement[bool]:
    return and_(left.c.occurrence == right.c.occurrence, left.c.reading == right.c.reading)


def _by_norm(left: FromClause, right: FromClause) -> ColumnElement[bool]:
    return and_(left.c.obligation == right.c.obligation, left.c.reading == right.c.reading)


def _dated() -> CTE:
    """Every occurrence under every reading of the rank, with its moment and the dating that holds then."""
    here = and_(
        dating.c.encoding == variant.c.encoding,
        dating.c.occurrence == occurrence.c.occurrence,
        dating.c.reading == variant.c.reading,
        dating.c.k0 <= K,
        dating.c.k1 > K,
        dating.c.d0 <= moment.c.day,
        dating.c.d1 > moment.c.day,
        moment.c.day >= instrument.c.adopted,  # before its adoption an instrument asks for nothing
    )
    ruling = ruled(ENCODING, K)
    decided = and_(ruling.c.obligation == variant.c.obligation, ruling.c.reading == variant.c.reading)
    home = and_(instrument.c.encoding == variant.c.encoding, instrument.c.symbol == variant.c.instrument)
    shared = {
        "encoding",
        "occurrence",
        "reading",
        "obligation",
        "k0",
        "k1",
        "d0",
        "steps",
        "armed",
        "opens",
        "armed_on",
    }
    asked = or_(_WHOLE == 1, _SCOPE.like("%\n" + variant.c.obligation + "\n%"))
    return (
        select(
            occurrence.c.occurrence,
            occurrence.c.ordinal,
            *(column for column in variant.c if column.name not in {"body", "is_default", "standing"}),
            # a ruling leaves the answers that it did not take noted, and may move the default
            case((ruling.c.noted == 1, "noted"), (ruling.c.noted == 0, "arguable"), else_=variant.c.standing).label(
                "standing"
            ),
            func.coalesce(ruling.c.is_default, variant.c.is_default).label("is_default"),
            ruling.c.next_day.label("ruling_day"),
            instrument.c.adopted,
            moment.c.day,
            moment.c.at,
            *(column for column in dating.c if column.name not in shared),
            dating.c.armed.label("dated_armed"),
            dating.c.armed_on.label("dated_armed_on"),
            dating.c.opens.label("dated_opens"),
        )
        .select_from(occurrence)
        .join(variant, variant.c.obligation == occurrence.c.obligation)
        .join(instrument, home)
        .join(moment, moment.c.zone == instrument.c.zone)
        .outerjoin(dating, here)
        .outerjoin(ruling, decided)
        .where(variant.c.encoding == ENCODING, variant.c.rank == _RANK, asked)
        .cte("dated")
    )


def _ever_owed(dated: CTE) -> CTE:
    """Whether a dating known now held on an earlier day, and when the next one begins."""
    known = and_(_by_reading(dating, dated), dating.c.encoding == ENCODING, dating.c.k0 <= K, dating.c.k1 > K)
    return (
        select(
            dated.c.occurrence,
            dated.c.reading,
            func.max(flag(and_(dating.c.d0 <= dated.c.day, dated.c.day >= dated.c.adopted))).label("was_owed"),
            func.min(case((dating.c.d0 > dated.c.day, dating.c.d0))).label("next_day"),
        )
        .join(dating, known)
        .group_by(dated.c.occurrence, dated.c.reading)
        .cte("ever")
    )


def _needs() -> CTE:
    return (
        select(need.c.obligation, need.c.reading, func.count().label("needed"))
        .where(need.c.encoding == ENCODING)
        .group_by(need.c.obligation, need.c.reading)
        .cte("needs")
    )


def _never_armed(dated: CTE) -> CTE:
    """Rank 0 looks at no other norm: an empty table of the same shape as `arming`."""
    nothing = literal(0)
    return (
        select(
            dated.c.occurrence,
            dated.c.reading,
            nothing.label("armed"),
            dated.c.day.label("armed_on"),
            nothing.label("doubt"),
            dated.c.day.label("next_day"),
        )
        .where(literal(1) == 0)
        .cte("arming")
    )


class _Values:
    """The fields as expressions over the joined tables; each property is one field or what several share."""

    def __init__(  # noqa: PLR0913, PLR0917 - one for each table that is joined
        self, dated: CTE, facts: Evidence, armed: CTE, ever: CTE, needs: CTE, spoken: CTE
    ) -> None:
        self.dated, self.facts, self.armed, self.ever, self.needs = dated, facts, armed, ever, needs
        self.spoken = spoken
        self.day = dated.c.day
        self.by_others = dated.c.armed_by.in_(ARMED_BY_UNDONE)
        self.opens = case((self.by_others, armed.c.armed_on), else_=dated.c.dated_opens)
        self.discharged_on = self._discharged_on()
        discharge = facts.discharge.c
        self.discharged_at = case((discharge.discharged_on == self.discharged_on, discharge.discharged_at))
        # the adoption counts as a look: somebody read the text then
        self.looked_from = func.coalesce(facts.marks.c.last_looked, dated.c.adopted)

    def columns(self) -> list[ColumnElement[object]]:
        """Every column of `verdict` but the signature and the next day."""
        named = {**self._norm(), **self._dates(), **self._records(), **self._counts(), **self._keys()}
        return [named[name].label(name) for name in (*_KEYS, *FIELDS, *_EXTRAS)]

    def _keys(self) -> dict[str, ColumnElement[object]]:
        dated, discharge = self.dated.c, self.facts.discharge.c
        doubt = func.coalesce(case((self.by_others, self.armed.c.doubt)), 0)
        named = {name: dated[name] for name in (*_KEYS, "is_default", "bearer_only", "rank", "at", "due_at")}
        moments = (dated.due_at, dated.ends_at, dated.looks_at_at, discharge.next_at)
        return {
            **named,
            "discharged_at": self.discharged_at,
            "answers": func.coalesce(discharge.answers, 0),
            "measure_seq": self.facts.measures.c.measure_seq,
            "doubt": doubt,
            "other_turn": self._other_turn(),
            "next_at": least(case((instant > dated.at, instant)) for instant in moments),
        }

    def _norm(self) -> dict[str, ColumnElement[object]]:
        names = ("kind", "modality", "strength", "watch", "after_breach", "lead", "review_days")
        return {name: self.dated.c[name] for name in names}

    def _dates(self) -> dict[str, ColumnElement[object]]:
        dated, day, due = self.dated.c, self.day, self.dated.c.due
        late_by = case(
            (self.discharged_on.is_not(None), case((self.discharged_on > due, self.discharged_on - due), else_=0)),
            (day > due, day - due),
        )
        return {
            "day": day,
            "dated_state": case((dated.state == "suspended", "unresolved"), else_=dated.state),
            "suspended": flag(func.coalesce(dated.state, "") == "suspended"),
            "owed": flag(dated.state.is_not(None)),
            "was_owed": func.coalesce(self.ever.c.was_owed, 0),
            "due": due,
            "opens": self.opens,
            "working_due": dated.working_due,
            "soft_due": dated.soft_due,
            "ends": dated.ends,
            "past_due": flag(dated.at >= dated.due_at),
            "ended": flag(dated.at >= dated.ends_at),
            "inferred": func.coalesce(dated.inferred, 0),
            "days_left": due - day,
            "days_late": case((due.is_not(None), late_by)),
            "days_open": day - self.opens,
            "working_left": dated.working_due - day,
            "soft_left": dated.soft_due - day,
            "ends_left": dated.ends - day,
            "armed": func.coalesce(case((self.by_others, self.armed.c.armed), else_=dated.dated_armed), 0),
            "armed_on": case((self.by_others, self.armed.c.armed_on), else_=dated.dated_armed_on),
        }

    def _discharged_on(self) -> ColumnElement[int | None]:
        """The first complete answer, or the first measure that reached the target of something to achieve."""
        measured = case((self.dated.c.kind == "achieve", self.facts.measures.c.reached_on))
        return least((self.facts.discharge.c.discharged_on, measured))

    def _records(self) -> dict[str, ColumnElement[object]]:
        marks, measures, day, due = self.facts.marks.c, self.facts.measures.c, self.day, self.dated.c.due
        judged_on = stamped_day(marks.judged)
        # on the due day itself the hour decides, where the deadline has one and that of the document is recorded
        too_late = and_(self.discharged_on == due, self.discharged_at >= self.dated.c.due_at)
        in_time = case(
            (self.discharged_on.is_not(None), case((self.discharged_on > due, 0), (too_late, 0), else_=1)),
        )
        return {
            "discharged_on": self.discharged_on,
            "in_time": in_time,
            **{name: func.coalesce(marks[name], 0) for name in ("waived", "announced", "not_done")},
            "superseded_on": self._superseded_on(),
            "cannot_say": func.coalesce(stamped_code(marks.looked), 0),
            "kept": stamped_code(marks.judged),
            "judged_on": judged_on,
            "last_looked": marks.last_looked,
            "looked_from": self.looked_from,
            "looked_age": day - self.looked_from,
            "over": measures.over,
            "measured_on": measures.measured_on,
            "measure_age": day - measures.measured_on,
        }

    def _superseded_on(self) -> ColumnElement[int | None]:
        """The first day on which a later text ends or moves it, or a person decided so where the text is silent."""
        since = least((self.facts.marks.c.carried, self.spoken.c.superseded_on))
        return case((self.dated.c.state.is_not(None), since))  # of what is not owed nothing can be taken

    def _counts(self) -> dict[str, ColumnElement[object]]:
        seen = func.coalesce(self.facts.contents.c.seen, 0)
        missing = func.coalesce(self.facts.contents.c.missing, 0)
        of = func.coalesce(self.needs.c.needed, 0) + func.coalesce(self.spoken.c.added, 0)
        unchecked = of - seen - missing
        return {
            "contents_seen": seen,
            "contents_missing": missing,
            "contents_of": of,
            "contents_unchecked": case((unchecked > 0, unchecked), else_=0),
        }

    def _other_turn(self) -> ColumnElement[int | None]:
        """The next day on which a dating, a future fact or a source may change something."""
        turns = (
            case((self.dated.c.d1 < LAST_DAY, self.dated.c.d1)),
            self.dated.c.adopted,
            self.ever.c.next_day,
            self.spoken.c.next_day,
            self.dated.c.ruling_day,
            self.facts.discharge.c.next_day,
            self.facts.marks.c.next_day,
            self.facts.measures.c.next_day,
            case((self.by_others, self.armed.c.next_day)),
        )
        return least(case((turn > self.day, turn)) for turn in turns)


def _next_day(rules: Ruleset, stages: tuple[int, ...], rows: Subquery) -> ColumnElement[int | None]:
    """The first later day on which this row's status or stage may change by time alone."""
    columns = {name: rows.c[name] for name in FIELDS}
    turns = [
        *relational.turning_days(rules, columns, rows.c.day),
        rows.c.due + 1,
        rows.c.ends + 1,
        rows.c.other_turn,
        *(rows.c.due + offset for offset in stages),
    ]
    return least(case((turn > rows.c.day, turn)) for turn in turns)
