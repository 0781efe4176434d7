"""Cases: which entries of repeating events arm one and the same occurrence.

Mostly each entry is a case of its own. Where the readings of one entry are armed by several events of one sort of case
(`per`), such as the first report of a breach and the certainty of it, entries of one symbol are one case. Which case an
entry belongs to is settled when it is recorded and never again, because occurrences keep their numbers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duewatch.engine.reckoning.answers import Case
from duewatch.engine.reckoning.grids import repeating

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duewatch.engine.reckoning.clock import ClockFact
    from duewatch.engine.words import Instrument, Norm

Family = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Armings:
    """What arms the occurrences of a reading besides its own event."""

    family: Family  # the events of one sort, the leading reading's first; (): each entry is a case of its own
    block: int  # the number after which the cases are counted


def family_of(norms: Sequence[Norm], instrument: Instrument) -> Family:
    """Give the repeating events that arm cases of the sort that the first norm names; () where there is one at most."""
    sort = norms[0].armed_by.per if norms[0].armed_by is not None else ""
    alike = [norm for norm in norms if norm.armed_by is not None and norm.armed_by.per == sort]
    events = dict.fromkeys(name for norm in alike if (name := repeating(norm, instrument)))
    lead = repeating(norms[0], instrument)
    return tuple(events) if sort and lead and len(events) > 1 else ()


def cases_of(event: str, facts: Sequence[ClockFact], armings: Armings) -> list[Case]:
    """Give the cases in the order in which entries first named them; none loses its place.

    `facts` are versions in the order of the ledger.
    """
    if armings.family:
        lead = armings.family[0]
        found = [Case(event, tuple(roots), n, lead) for n, roots in enumerate(_joined(armings.family, facts), start=1)]
        return found or [Case(event, (), 1, lead)]
    roots = dict.fromkeys(fact.root for fact in facts if fact.target == event)
    cases = [Case(event, (root,), armings.block + n) for n, root in enumerate(roots, start=1)]
    return cases if cases and not armings.block else [Case(event, (), 1), *cases]


def _joined(family: Family, facts: Sequence[ClockFact]) -> list[list[int]]:
    """Give the entries of each case, by the numbers of their first versions.

    An entry joins the case of its symbol that has no entry of the same event in force: so one that was retracted may
    be recorded anew.
    """
    versions: defaultdict[int, list[ClockFact]] = defaultdict(list)
    cases: list[list[int]] = []
    of_mark: defaultdict[str, list[list[int]]] = defaultdict(list)
    for fact in facts:
        if fact.target in family and fact.root not in versions:
            waiting = (one for one in of_mark[fact.mark] if not _holds(one, str(fact.target), versions))
            case = next(waiting, None) if fact.mark else None
            if case is None:
                case = []
                cases.append(case)
                of_mark[fact.mark].append(case)
            case.append(fact.root)
        if fact.target in family or fact.root in versions:
            versions[fact.root].append(fact)
    return cases


def _holds(case: Sequence[int], event: str, versions: Mapping[int, Sequence[ClockFact]]) -> bool:
    """Tell whether an entry of an event is in force in a case, as far as the ledger has been read."""
    return any(not versions[root][-1].gone and versions[root][-1].target == event for root in case)
