"""Datings: what was due when, under each reading, at each point of knowledge and day.

One `Dating` is a rectangle `k0 <= k < k1`, `d0 <= day < d1` in which the date of an occurrence under a reading is
the same. Where no rectangle covers a point, the reading does not owe that occurrence there: it does not know it, or
it is no longer owed. Days are integers since 1970-01-01, instants seconds since then.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.answers import Plan, answer, answer_case
from duewatch.engine.reckoning.cases import Armings, cases_of, family_of
from duewatch.engine.reckoning.clock import NO_KNOWLEDGE, live_at
from duewatch.engine.reckoning.grids import grids_of, repeating
from duewatch.engine.reckoning.library import Library, shipped
from duewatch.engine.reckoning.matching import LONE, Grid, Later, arrange
from duewatch.engine.reckoning.moments import View, resolve
from duewatch.engine.reckoning.months import CannotCount
from duewatch.engine.reckoning.names import ends_as_one, is_rolling, names_behind, norm_names, renewing
from duewatch.engine.reckoning.rectangles import Rectangle, rectangles
from duewatch.engine.reckoning.renewing import looks, terms_after
from duewatch.engine.reckoning.rows import Row
from duewatch.engine.words import Every, Ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from duewatch.engine.reckoning.clock import ClockFact
    from duewatch.engine.reckoning.closing import State
    from duewatch.engine.words import Instrument, Norm, Obligation

Rectangles = dict[int, list[Rectangle[Row]]]  # by ordinal

MOVING: Final = frozenset({"extension", "suspension", "resumption"})  # facts that move the date of one occurrence
LONE_DATE: Final = "by its words alone the default reading has no such date"


@dataclass(frozen=True, slots=True)
class Dating:
    """One rectangle: field for field a row of the table `dating`, save encoding and names."""

    reading: str
    member: str  # "" where nobody in particular
    ordinal: int
    k0: int
    k1: int
    d0: int
    d1: int
    state: State
    armed: bool
    armed_on: int | None
    opens: int | None
    due: int | None
    due_at: int | None  # the first instant that is too late
    working_due: int | None  # the last working date
    soft_due: int | None
    ends: int | None  # last day of a standing norm, a permission, a power
    ends_at: int | None
    looks_at: int | None  # the day at whose end a consequence looks at its sources
    looks_at_at: int | None
    inferred: bool
    steps: tuple[str, ...]


_VALUES: Final = attrgetter(*(column.name for column in fields(Row)))  # Dating goes on with the fields of Row


def leading(obligation: Obligation) -> Norm | None:
    """Give the norm whose dates make the ordinals: the default, or the first one with occurrences, or nothing."""
    owing = [norm for norm in obligation.norms if has_occurrences(norm)]
    return next((norm for norm in owing if norm.is_default), owing[0] if owing else None)


def has_occurrences(norm: Norm) -> bool:
    """Tell whether anything can be due: a statement binds nobody, a content belongs to another's report."""
    return norm.modality != "statement" and norm.kind != "content"


def datings_of(  # noqa: PLR0913 - what dates hang on, by name
    obligation: Obligation,
    instrument: Instrument,
    clock_facts: Iterable[ClockFact],
    *,
    horizon: int,
    members: Sequence[str],
    known_from: Mapping[str, int] | None = None,
    library: Library | None = None,
) -> list[Dating]:
    """Date every occurrence of `obligation` under each of its readings that has occurrences.

    `clock_facts` are all versions (rows) of the facts on names of `names_of` and on occurrences of this
    obligation; others are ignored. Series without an end go up to the day `horizon`. `members` come from
    `members_of` for the bearer of the `leading` norm, whatever the other readings say of the bearer. A member that
    a fact brought into being is not known before that fact: `known_from` gives its ledger number. `library` holds
    the regimes and calendars; without one, what is shipped.
    """
    first = leading(obligation)
    if first is None:
        return []
    norms = [first, *(norm for norm in obligation.norms if norm is not first and has_occurrences(norm))]
    facts = sorted(clock_facts, key=lambda fact: fact.seq)
    found: list[Dating] = []
    family = family_of(norms, instrument)
    for place, plan in enumerate(_plans(norms, View(instrument, library=library or shipped()), facts, horizon)):
        apart = repeating(first, instrument) not in {"", repeating(plan.norm, instrument)}
        ours = family if repeating(plan.norm, instrument) in family else ()
        by_member = _of_members(plan, facts, members, Armings(ours, LONE * place if apart and not ours else 0))
        found += _listed(plan, by_member, known_from or {})
    return found


def _plans(norms: Sequence[Norm], ground: View, facts: Sequence[ClockFact], horizon: int) -> list[Plan]:
    """Settle which ordinals each reading's dates have; a single norm without a series needs no comparing."""
    own = Plan(norms[0], ground.instrument, horizon, library=ground.library)
    if len(norms) == 1 and not isinstance(norms[0].deadline, Every):
        return [own]
    grids = grids_of(norms, ground, horizon, max((fact.day for fact in facts if not fact.gone), default=horizon))
    lead = grids[0]
    others = list(enumerate(zip(norms, grids, arrange(grids), strict=True)))[1:]
    return [
        replace(own, keeps_first=bool(lead.ahead) and not lead.dates),
        *(_led(replace(own, norm=norm, places=places), lead, grid, place) for place, (norm, grid, places) in others),
    ]


def _led(plan: Plan, lead: Grid, own: Grid, place: int) -> Plan:
    """Let a reading's ordinals follow the dates of the leading one, as far as the words alone give any."""
    known = len(lead.dates)
    return replace(
        plan,
        later=Later(lead, own, place) if lead.ahead and not own.ahead else None,
        unresolved=range(1, max(known, 1) + 1),
        shared=known if known and lead.ended else LONE,
    )


def _of_members(
    plan: Plan, facts: Sequence[ClockFact], members: Sequence[str], armings: Armings
) -> Iterator[tuple[str, Rectangles]]:
    """Give the rectangles of each member; members without a fact of their own share the work."""
    names = norm_names(plan.norm, plan.instrument, plan.library) | set(armings.family)
    common = _touching(facts, lambda fact: fact.kind == "event" and fact.target in names)
    common += _looks(plan, common)
    touched = {fact.target[0] for fact in facts if isinstance(fact.target, tuple)}
    shared: Rectangles | None = None
    for member in members:
        if member in touched:
            own = _touching(facts, partial(_is_of, member))
            yield member, _of_one(plan, member, common, own, armings)
        else:
            shared = _of_one(plan, member, common, [], armings) if shared is None else shared
            yield member, shared


def _looks(plan: Plan, facts: Sequence[ClockFact]) -> list[ClockFact]:
    """Give the days on which it is settled whether a period goes on, from each end that the facts may give it."""
    found: list[tuple[str, int]] = []
    for name in renewing(plan.norm, plan.instrument, plan.library):
        period = plan.instrument.periods[name.removesuffix(".end")]
        behind = names_behind(name, plan.norm, plan.instrument)
        for live in _alternatives([fact for fact in facts if fact.target in behind]):
            view = View(plan.instrument, plan.norm.settings, tuple(live), library=plan.library)
            end = resolve(Ref(name), view).day
            if end is None:
                continue
            chosen = view.policy(end)
            settled = terms_after(end, period, chosen.regime.month_end, view.days(chosen))
            with suppress(CannotCount):  # then its end is not known, and says why
                found += [(name, last_day) for last_day, _ in takewhile(lambda one: one[0] <= plan.horizon, settled)]
    return looks(found)


def _alternatives(facts: Sequence[ClockFact]) -> Iterator[list[ClockFact]]:
    """Give what may be in force at some point: nothing, and what is known after each entry by each of its days."""
    yield []
    for known in sorted({fact.seq for fact in facts}):
        live = live_at(facts, known)
        for day in sorted({fact.effective for fact in live}):
            yield [fact for fact in live if fact.effective <= day]


def _is_of(member: str, fact: ClockFact) -> bool:
    return isinstance(fact.target, tuple) and fact.target[0] == member


def _touching(facts: Sequence[ClockFact], wanted: Callable[[ClockFact], bool]) -> list[ClockFact]:
    """Give all versions of the facts of which any version is wanted: a correction may have moved it elsewhere."""
    roots = {fact.root for fact in facts if wanted(fact)}
    return [fact for fact in facts if fact.root in roots]


def _of_one(plan: Plan, member: str, common: list[ClockFact], own: list[ClockFact], armings: Armings) -> Rectangles:
    """Give the rectangles of one member: the series first, then each occurrence that is moved by itself."""
    if repeating(plan.norm, plan.instrument):
        return _of_cases(plan, member, common, own, armings)
    base = common + (_touching(own, lambda fact: fact.kind == "delivery") if is_rolling(plan.norm) else [])
    base += _amended_end(plan, member, own)
    found = rectangles(base, partial(answer, plan, member))
    granted = [fact.target for fact in own if fact.kind in MOVING]
    for ordinal in sorted({target[1] for target in granted if isinstance(target, tuple)}):
        moved = _touching(own, partial(_extends, member, ordinal))
        found |= rectangles(_merged(base, moved), partial(answer, plan, member, only=ordinal))
    return found


def _amended_end(plan: Plan, member: str, own: Sequence[ClockFact]) -> list[ClockFact]:
    """Give the texts of later instruments that move the one end of all turns and cases."""
    if not ends_as_one(plan.norm):
        return []
    return [fact for fact in own if fact.said and _extends(member, 1, fact)]


def _extends(member: str, ordinal: int, fact: ClockFact) -> bool:
    return fact.kind in MOVING and fact.target == (member, ordinal)


def _merged(*parts: Iterable[ClockFact]) -> list[ClockFact]:
    return list({fact.seq: fact for part in parts for fact in part}.values())


def _of_cases(
    plan: Plan, member: str, common: Sequence[ClockFact], own: Sequence[ClockFact], armings: Armings
) -> Rectangles:
    """Give the rectangles of each case from its own entries, its own extensions and the other events."""
    event = repeating(plan.norm, plan.instrument)
    events = armings.family or (event,)
    others = _touching(common, lambda fact: fact.target not in events) + _amended_end(plan, member, own)
    found: Rectangles = {}
    for case in cases_of(event, common, armings):
        entries = [fact for fact in common if fact.root in case.roots]
        moved = _touching(own, partial(_extends, member, case.ordinal))
        found |= rectangles(_merged(others, entries, moved), partial(answer_case, plan, member, case))
    return found


def _listed(plan: Plan, by_member: Iterable[tuple[str, Rectangles]], known_from: Mapping[str, int]) -> Iterator[Dating]:
    for member, by_ordinal in by_member:
        since = known_from.get(member, NO_KNOWLEDGE)
        for ordinal, found in sorted(by_ordinal.items()):
            for one in found:
                if since < one.k1:
                    row = one.row if ordinal <= plan.shared else _lone(one.row)
                    k0 = max(one.k0, since)
                    yield Dating(plan.norm.reading, member, ordinal, k0, one.k1, one.d0, one.d1, *_VALUES(row))


def _lone(row: Row) -> Row:
    return replace(row, steps=(*row.steps, LONE_DATE))
