"""What the recorded facts say of each occurrence, as aggregated queries that are joined once.

A fact counts from its effective day; a document from the day that `counts-by` names, else from
the first recorded of dated, transmitted, issued, received; on that day from its start, or from the
clock time that is recorded for it. Of several facts the newest by
(effective day, ledger number) speaks. Corrections and retractions act on the ledger only: the
newest version of each root within the known prefix is live.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, literal, null, or_, select, union_all

from duewatch.engine.judgement.portable import flag
from duewatch.engine.judgement.renaming import facts_as_named
from duewatch.engine.judgement.stamps import stamp, stamped_code, stamped_seq, tick, ticked_at, ticked_day
from duewatch.engine.ledger.tables import fact, fact_item, measured_by, occurrence

if TYPE_CHECKING:
    from sqlalchemy import CTE, ColumnElement, FromClause


def live(k: int | ColumnElement[int], encoding: str | ColumnElement[str]) -> CTE:
    """The newest version of each fact within the first `k` ledger entries, unless it is retracted.

    What it is about has the name that `encoding` gives it, whatever it was called when the fact was recorded.
    """
    newest = select(fact.c.root, func.max(fact.c.seq).label("seq")).where(fact.c.seq <= k).group_by(fact.c.root)
    versions = newest.subquery("newest")
    named = facts_as_named(encoding)
    return named.where(fact.c.seq.in_(select(versions.c.seq)), fact.c.gone == 0).cte("live")


def about(facts: CTE) -> CTE:
    """Facts by occurrence: those on it, and those on its whole obligation."""
    columns = (facts.c.seq, facts.c.kind, facts.c.effective, facts.c.finding, facts.c.document)
    directly = select(facts.c.target.label("occurrence"), *columns).where(facts.c.kind != "measure")
    by_obligation = (
        select(occurrence.c.occurrence, *columns)
        .join(occurrence, occurrence.c.obligation == facts.c.target)
        .where(facts.c.kind != "measure")
    )
    return union_all(directly, by_obligation).cte("about")


def counted_day(document: FromClause, counts_by: ColumnElement[str]) -> ColumnElement[int]:
    """The day on which a document counts: the one named, else the first recorded."""
    in_order = (document.c.dated, document.c.transmitted, document.c.issued, document.c.received)
    first = func.coalesce(*in_order)
    named = case(*((counts_by == column.name, column) for column in in_order))
    return func.coalesce(named, first)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The aggregates, each keyed by occurrence and, where readings count differently, by reading."""

    discharge: CTE  # occurrence, reading, discharged_on, discharged_at (null: no hour is known), next_day, next_at
    contents: CTE  # occurrence, reading, seen, missing
    marks: CTE  # occurrence: waived, announced, not_done, carried, looked, judged, last_looked, next_day
    measures: CTE  # obligation, reading: over, measured_on, measure_seq, reached_on, next_day


def evidence(k: int | ColumnElement[int], encoding: ColumnElement[str], asked: CTE) -> Evidence:
    """Gather everything recorded about the occurrences of `asked` (occurrence, obligation, reading, day ...)."""
    facts = live(k, encoding)
    on_occurrence = about(facts)
    answers = _answers(facts, on_occurrence, asked)
    here = or_(
        answers.c.counted < answers.c.day,
        and_(answers.c.counted == answers.c.day, func.coalesce(answers.c.counted_at, 0) <= answers.c.now),
    )
    arrived = select(answers).where(here).cte("arrived")
    marked = _marked_items(arrived)
    return Evidence(
        discharge=_discharge(answers, arrived, marked),
        contents=_contents(marked),
        marks=_marks(on_occurrence, asked),
        measures=_measures(facts, asked),
    )


def _answers(facts: CTE, on_occurrence: CTE, asked: CTE) -> CTE:
    """Judgements that something fulfils an occurrence, with the day on which it counts under each reading.

    The clock time of a document belongs to one of its days, which its column `date` names.
    """
    document = facts.alias("document")
    counted = case(
        (on_occurrence.c.document.is_(None), on_occurrence.c.effective),
        else_=counted_day(document, asked.c.counts_by),
    )
    counted_at = case((document.c.date == counted, document.c.at))
    return (
        select(
            asked.c.occurrence,
            asked.c.reading,
            asked.c.day,
            asked.c.at.label("now"),
            on_occurrence.c.seq,
            counted.label("counted"),
            counted_at.label("counted_at"),
            tick(counted, counted_at).label("tick"),
        )
        .join(on_occurrence, on_occurrence.c.occurrence == asked.c.occurrence)
        .outerjoin(document, and_(document.c.root == on_occurrence.c.document, document.c.kind == "document"))
        .where(on_occurrence.c.kind == "judgement", on_occurrence.c.finding == "fulfilled")
        .cte("answers")
    )


def _marked_items(arrived: CTE) -> CTE:
    """Every statement that an item is seen or missing; code 1 = missing."""
    missing = flag(fact_item.c.state == "missing")
    key = stamp(arrived.c.counted, arrived.c.seq, missing)
    return (
        select(arrived.c.occurrence, arrived.c.reading, arrived.c.tick, fact_item.c.item, key.label("key"))
        .join(fact_item, fact_item.c.seq == arrived.c.seq)
        .cte("marked")
    )


def _discharge(answers: CTE, arrived: CTE, marked: CTE) -> CTE:
    """The first moment at which an answer was there and no item was still judged missing."""
    days = select(arrived.c.occurrence, arrived.c.reading, arrived.c.tick).distinct().cte("answer_moment")
    same = and_(marked.c.occurrence == days.c.occurrence, marked.c.reading == days.c.reading)
    by_item = (
        select(days.c.occurrence, days.c.reading, days.c.tick, func.max(marked.c.key).label("key"))
        .join(marked, and_(same, marked.c.tick <= days.c.tick))
        .group_by(days.c.occurrence, days.c.reading, days.c.tick, marked.c.item)
        .cte("item_at_moment")
    )
    lacking = (
        select(by_item.c.occurrence, by_item.c.reading, by_item.c.tick)
        .where(stamped_code(by_item.c.key) == 1)
        .distinct()
        .cte("lacking_moment")
    )
    here = and_(
        lacking.c.occurrence == days.c.occurrence,
        lacking.c.reading == days.c.reading,
        lacking.c.tick == days.c.tick,
    )
    first = (
        select(days.c.occurrence, days.c.reading, func.min(days.c.tick).label("tick"))
        .outerjoin(lacking, here)
        .where(lacking.c.occurrence.is_(None))
        .group_by(days.c.occurrence, days.c.reading)
        .cte("first_complete")
    )
    coming = func.min(case((answers.c.counted > answers.c.day, answers.c.counted)))
    later_today = and_(answers.c.counted == answers.c.day, answers.c.counted_at > answers.c.now)
    complete = func.min(first.c.tick)
    return (
        select(
            answers.c.occurrence,
            answers.c.reading,
            ticked_day(complete).label("discharged_on"),
            ticked_at(complete).label("discharged_at"),
            func.count().label("answers"),
            coming.label("next_day"),
            func.min(case((later_today, answers.c.counted_at))).label("next_at"),
        )
        .outerjoin(first, and_(first.c.occurrence == answers.c.occurrence, first.c.reading == answers.c.reading))
        .group_by(answers.c.occurrence, answers.c.reading)
        .cte("discharge")
    )


def _contents(marked: CTE) -> CTE:
    """How many items are seen and how many missing, by the newest word on each."""
    newest = (
        select(marked.c.occurrence, marked.c.reading, func.max(marked.c.key).label("key"))
        .group_by(marked.c.occurrence, marked.c.reading, marked.c.item)
        .cte("newest_mark")
    )
    missing = func.sum(stamped_code(newest.c.key))
    return (
        select(newest.c.occurrence, newest.c.reading, (func.count() - missing).label("seen"), missing.label("missing"))
        .group_by(newest.c.occurrence, newest.c.reading)
        .cte("contents")
    )


def _marks(on_occurrence: CTE, asked: CTE) -> CTE:
    """Waivers, announcements, looks and standing judgements, newest word first."""
    days = select(asked.c.occurrence, asked.c.day).distinct().cte("asked_day")
    kind, finding, effective = on_occurrence.c.kind, on_occurrence.c.finding, on_occurrence.c.effective
    seen = effective <= days.c.day
    standing = and_(kind == "judgement", finding.in_(("kept", "not-kept")))
    is_look = or_(kind == "looked", kind == "review", standing)

    def has(what: str) -> ColumnElement[int]:
        return func.max(flag(and_(seen, kind == what)))

    def newest(what: ColumnElement[bool], code: str) -> ColumnElement[int]:
        key = stamp(effective, on_occurrence.c.seq, flag(finding == code))
        return func.max(case((and_(seen, what), key)))

    return (
        select(
            days.c.occurrence,
            has("waiver").label("waived"),
            has("announced").label("announced"),
            has("not_done").label("not_done"),
            func.min(case((and_(seen, kind == "carried", finding != "leaves"), effective))).label("carried"),
            newest(kind == "looked", "cannot-say").label("looked"),
            newest(standing, "kept").label("judged"),
            func.max(case((and_(seen, is_look), effective))).label("last_looked"),
            func.min(case((effective > days.c.day, effective))).label("next_day"),
        )
        .join(on_occurrence, on_occurrence.c.occurrence == days.c.occurrence)
        .group_by(days.c.occurrence)
        .cte("marks")
    )


def _measures(facts: CTE, asked: CTE) -> CTE:
    """The newest measures against the target; with `per`, every body's own measure is judged."""
    taken = _taken_measures(facts, asked)
    bodies = _by_body(taken)
    missed = bodies.c.over == 1
    worst_day = func.min(case((missed, bodies.c.measured_on)))
    worst_seq = func.max(case((missed, bodies.c.seq)))
    judged = (
        select(
            bodies.c.obligation,
            bodies.c.reading,
            func.max(bodies.c.over).label("over"),
            func.coalesce(worst_day, func.min(bodies.c.measured_on)).label("measured_on"),
            func.coalesce(worst_seq, func.max(bodies.c.seq)).label("measure_seq"),
        )
        .group_by(bodies.c.obligation, bodies.c.reading)
        .cte("judged_measure")
    )
    dates = _measure_days(taken)
    same = and_(judged.c.obligation == dates.c.obligation, judged.c.reading == dates.c.reading)
    return (
        select(dates, judged.c.over, judged.c.measured_on, judged.c.measure_seq).outerjoin(judged, same).cte("measures")
    )


def _taken_measures(facts: CTE, asked: CTE) -> CTE:
    """Every live measure that speaks to a target, with the target beside it."""
    target = (asked.c.target_how, asked.c.target_form, asked.c.target_numerator, asked.c.target_denominator)
    wanted = (
        select(
            asked.c.encoding,
            asked.c.obligation,
            asked.c.reading,
            asked.c.day,
            *target,
            asked.c.target_per,
            asked.c.target_sources,
        )
        .where(asked.c.target_how.is_not(None))
        .distinct()
        .cte("wanted_measure")
    )
    sources = and_(
        measured_by.c.encoding == wanted.c.encoding,
        measured_by.c.obligation == wanted.c.obligation,
        measured_by.c.reading == wanted.c.reading,
    )
    measure = and_(facts.c.kind == "measure", facts.c.target == measured_by.c.source)
    return (
        select(
            wanted,
            measured_by.c.source,
            func.coalesce(facts.c.per, "").label("per"),
            facts.c.seq,
            facts.c.effective,
            facts.c.value_numerator,
            facts.c.value_denominator,
            facts.c.of_numerator,
            facts.c.of_denominator,
        )
        .join(measured_by, sources)
        .join(facts, measure)
        .where(
            or_(
                and_(wanted.c.target_per == 1, facts.c.per.is_not(None)),
                and_(wanted.c.target_per == 0, facts.c.per.is_(None)),
            )
        )
        .cte("taken_measure")
    )


def _by_body(taken: CTE) -> CTE:
    """The newest value of each body: one measure, or the sum of the newest of several sources."""
    newest = (
        select(
            taken.c.obligation,
            taken.c.reading,
            taken.c.per,
            taken.c.source,
            func.max(stamp(taken.c.effective, taken.c.seq, literal(0))).label("key"),
        )
        .where(taken.c.effective <= taken.c.day)
        .group_by(taken.c.obligation, taken.c.reading, taken.c.per, taken.c.source)
        .cte("newest_measure")
    )
    same = and_(
        taken.c.obligation == newest.c.obligation,
        taken.c.reading == newest.c.reading,
        taken.c.source == newest.c.source,
        taken.c.seq == stamped_seq(newest.c.key),
    )
    values = (func.sum(taken.c.value_numerator), func.max(taken.c.value_denominator))
    whole = (func.max(taken.c.of_numerator), func.max(taken.c.of_denominator))
    complete = func.count() == func.max(taken.c.target_sources)
    missed = target_missed(
        func.max(taken.c.target_how),
        func.max(taken.c.target_form),
        values,
        whole,
        (func.max(taken.c.target_numerator), func.max(taken.c.target_denominator)),
    )
    return (
        select(
            newest.c.obligation,
            newest.c.reading,
            newest.c.per,
            case((complete, missed)).label("over"),
            func.min(taken.c.effective).label("measured_on"),
            func.max(taken.c.seq).label("seq"),
        )
        .join(taken, same)
        .group_by(newest.c.obligation, newest.c.reading, newest.c.per)
        .cte("body")
    )


def _measure_days(taken: CTE) -> CTE:
    """The first day on which one measure reached the target, and the next measure that will count."""
    missed = target_missed(
        taken.c.target_how,
        taken.c.target_form,
        (taken.c.value_numerator, taken.c.value_denominator),
        (taken.c.of_numerator, taken.c.of_denominator),
        (taken.c.target_numerator, taken.c.target_denominator),
    )
    alone = and_(taken.c.target_per == 0, taken.c.target_sources == 1)
    reached = and_(alone, taken.c.effective <= taken.c.day, missed == 0)
    return (
        select(
            taken.c.obligation,
            taken.c.reading,
            func.min(case((reached, taken.c.effective))).label("reached_on"),
            func.min(case((taken.c.effective > taken.c.day, taken.c.effective))).label("next_day"),
        )
        .group_by(taken.c.obligation, taken.c.reading)
        .cte("measure_day")
    )


Fraction = tuple["ColumnElement[int]", "ColumnElement[int]"]


def target_missed(
    how: ColumnElement[str], form: ColumnElement[str], value: Fraction, whole: Fraction, bound: Fraction
) -> ColumnElement[int]:
    """1 where the target is missed, 0 where it is reached, null where the bound or the whole is not known.

    Exact: fractions are compared as integer cross-products, never divided. The recording
    keeps the numbers small enough for 64 bits.
    """
    is_share = form == "share"
    numerator = case((is_share, value[0] * whole[1]), else_=value[0])
    denominator = case((is_share, value[1] * whole[0]), else_=value[1])
    left, right = numerator * bound[1], bound[0] * denominator
    return case(
        (or_(left.is_(None), right.is_(None)), null()),
        (and_(how == "at-most", left > right), 1),
        (and_(how == "at-least", left < right), 1),
        (and_(how == "above", left <= right), 1),
        else_=0,
    )
