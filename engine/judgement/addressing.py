"""From a provision and a place in a series to the occurrence that is meant: exactly one, or the candidates.

People who write down what happened cite paragraphs, not ids. The duty with a date at that very provision is meant,
else the one under it; duties without a date, and norms that merely stand, only where no other is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, select

from duewatch.engine.encoding.provisions import at_or_under, parts
from duewatch.engine.judgement.naming import local_id
from duewatch.engine.ledger.days import to_day
from duewatch.engine.ledger.tables import ALL_KNOWLEDGE, dating, obligation, occurrence, variant
from duewatch.engine.problems import BadInput
from duewatch.engine.words import DUTIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from sqlalchemy import Connection

_STANDING: Final = ("maintain", "refrain", "limit")
_MAY_STAND: Final = ("looked", "review", "judgement")  # kinds of fact that may be about a norm without a date


@dataclass(slots=True)
class _Candidate:
    """An occurrence that a citation may mean, with the days on which it falls due under its readings."""

    name: str  # in full; of the obligation for a measure
    obligation: str
    provision: str
    kind: str
    modality: str
    measured: bool
    ordinal: int
    dated: bool  # under the default reading
    dues: set[int]


@dataclass(frozen=True, slots=True)
class Cited:
    """What a row cites: a kind of fact, a provision, a place in a series, the day on which it was so."""

    kind: str
    provision: str
    n: int | None = None
    day: date | None = None
    instrument: str | None = None


class Directory:
    """Every occurrence of an encoding, found by provision; read once for many citations."""

    def __init__(self, connection: Connection, encoding: str) -> None:
        """Read the entries with their occurrences and the days known for them now."""
        self._candidates = _read(connection, encoding)

    def find(self, cited: Cited) -> str:
        """Give the full name of what is cited; BadInput with the candidates unless it is exactly one."""
        found = [one for one in self._candidates.values() if at_or_under(one.provision, cited.provision)]
        if cited.instrument:
            found = [one for one in found if one.name.startswith(f"{cited.instrument}#")]
        if not found:
            raise BadInput(f"nothing that could be owed stands at `{cited.provision}`")
        if cited.kind == "measure":
            return self._measured(cited, found)
        fitting = [one for one in found if _fits(one, cited)]
        if not fitting:
            raise BadInput(f"nothing falls due at `{cited.provision}`: {_listed(found)}")
        numbered = [one for one in fitting if cited.n in {None, one.ordinal}]
        if not numbered:
            raise BadInput(f"`{cited.provision}` has no occurrence {cited.n}: {_listed(fitting)}")
        return _only(cited, _narrowed(numbered, cited))

    def _measured(self, cited: Cited, found: Iterable[_Candidate]) -> str:
        fitting = _narrowed([one for one in found if one.measured], cited)
        if not fitting:
            raise BadInput(f"nothing is measured at `{cited.provision}`: it has no target")
        names = list(dict.fromkeys(one.obligation for one in fitting))
        if len(names) > 1:
            raise BadInput(_ambiguous(cited, names))
        return names[0]


def _read(connection: Connection, encoding: str) -> dict[str, _Candidate]:
    norm = and_(variant.c.encoding == obligation.c.encoding, variant.c.obligation == obligation.c.obligation)
    day = and_(
        dating.c.encoding == obligation.c.encoding,
        dating.c.occurrence == occurrence.c.occurrence,
        dating.c.reading == variant.c.reading,
        dating.c.k1 == ALL_KNOWLEDGE,
    )
    columns = (variant.c.is_default, variant.c.kind, variant.c.modality, variant.c.target_how, dating.c.due)
    query = (
        select(occurrence, obligation.c.provision, *columns)
        .select_from(obligation)
        .join(occurrence, occurrence.c.obligation == obligation.c.obligation)
        .join(variant, norm)
        .outerjoin(dating, day)
        .where(obligation.c.encoding == encoding)
        .order_by(obligation.c.place, occurrence.c.ordinal, occurrence.c.member, variant.c.is_default.desc())
    )
    found: dict[str, _Candidate] = {}
    for row in connection.execute(query):
        one = found.setdefault(row.occurrence, _candidate(row))
        if row.due is not None:
            one.dues.add(row.due)
            one.dated = one.dated or bool(row.is_default)
        one.measured = one.measured or bool(row.target_how)
    return found


def _candidate(row: Any) -> _Candidate:  # noqa: ANN401 - a row
    return _Candidate(
        name=row.occurrence,
        obligation=row.obligation,
        provision=row.provision,
        kind=row.kind,
        modality=row.modality,
        measured=False,
        ordinal=row.ordinal,
        dated=False,
        dues=set(),
    )


def _fits(one: _Candidate, cited: Cited) -> bool:
    duty = one.kind in DUTIES and one.modality == "obligation"
    return duty or (cited.kind in _MAY_STAND and one.kind in _STANDING)


def _narrowed(found: Sequence[_Candidate], cited: Cited) -> list[_Candidate]:
    """Prefer what stands at the very provision, then duties before norms that stand, then those with a date.

    What was not done on a day is what fell due on that day, under whatever reading.
    """
    wanted = parts(cited.provision)
    preferences: list[Callable[[_Candidate], bool]] = [
        lambda one: one.kind in DUTIES,
        lambda one: one.dated,
        lambda one: parts(one.provision) == wanted,
    ]
    if cited.kind == "not-done" and cited.day is not None:
        on = to_day(cited.day)
        preferences.append(lambda one: on in one.dues)
    left = list(found)
    for preferred in preferences:
        left = [one for one in left if preferred(one)] or left
    return left


def _only(cited: Cited, found: Sequence[_Candidate]) -> str:
    if len(found) == 1:
        return found[0].name
    raise BadInput(_ambiguous(cited, [one.name for one in found]))


def _ambiguous(cited: Cited, names: Sequence[str]) -> str:
    listed = ", ".join(local_id(name) for name in names)
    return f"`{cited.provision}` may mean {listed}; write `id` with the one that is meant"


def _listed(found: Sequence[_Candidate]) -> str:
    return ", ".join(dict.fromkeys(local_id(one.obligation) for one in found))
