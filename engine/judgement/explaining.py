"""Why: one occurrence told from its verdict's own row, so that an officer can show it years later.

Each number, date and fact is taken from the row that decided, from the dating behind it, or from
the ledger entries that were counted. Changing one fact changes exactly the lines that rest on it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select

from duewatch.engine.judgement import naming
from duewatch.engine.judgement.asking import answer_of, measured, readings_of, remember, said
from duewatch.engine.judgement.effects import added_items, taken_over, told
from duewatch.engine.judgement.horizons import extended
from duewatch.engine.judgement.sources import looked_at, scope_of
from duewatch.engine.judgement.testimony import marks_of, testimony
from duewatch.engine.judgement.verdicts import ABSENT, judging
from duewatch.engine.judgement.wording import Wording, fill
from duewatch.engine.ledger.tables import dating, need, obligation, variant
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.judgement.desk import Desk, Question
    from duewatch.engine.judgement.verdicts import Judged

Section = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A title and sections of lines, in the order in which people ask."""

    title: str
    name: str  # as the command line takes it
    item: Item
    sections: tuple[Section, ...]
    quotes: tuple[str, ...]  # the words of the clock, as printed
    limits: tuple[str, ...]  # the words that narrow the norm, as printed
    heading: str  # over the norm: what was asked, or what must be done
    quoted: str  # who is asked or bound by which verb, with gaps for both

    def lines(self, title: str) -> tuple[str, ...]:
        """The lines of one section; none where it is not told."""
        return dict(self.sections).get(title, ())

    def as_json(self) -> dict[str, object]:
        """The same as JSON: the item of `status` and the sections."""
        return {
            "title": self.title,
            "item": self.item.as_json(),
            "sections": {name: list(lines) for name, lines in self.sections},
        }


def explain(desk: Desk, typed: str, question: Question) -> Explanation:
    """Explain an occurrence, or an entry that has none. BadInput where the name is not known or not unique."""
    with extended(desk, question.as_of) as connection:
        owner = naming.find_obligation(connection, desk.encoding, naming.split_occurrence(typed)[0])
        scope = scope_of(connection, desk.encoding, owner)
        with judging(connection, desk, question, scope) as judged:
            explanation = _Telling(connection, desk, question, judged).tell(owner, typed)
    remember(desk, judged.fresh)
    return explanation


@dataclass(frozen=True, slots=True)
class Sitting:
    """A question that has been judged as a whole, and stays open for more."""

    connection: Connection  # within which the verdicts are laid out
    judged: Judged
    explain: Callable[[str], Explanation]  # an occurrence by its full name
    items: Callable[[], Collection[Item]]  # of the whole answer


@contextmanager
def sitting(desk: Desk, question: Question) -> Iterator[Sitting]:
    """Judge a question once, to explain as many occurrences as there are; writes nothing, not even decisions."""
    with extended(desk, question.as_of) as connection, judging(connection, desk, question) as judged:
        telling = _Telling(connection, desk, question, judged)
        yield Sitting(
            connection,
            judged,
            explain=lambda name: telling.tell(naming.split_occurrence(name)[0], name),
            items=telling.all_items,
        )


class _Telling:
    """Explanations in the making: the open question and what it came to."""

    def __init__(self, connection: Connection, desk: Desk, question: Question, judged: Judged) -> None:
        self.connection, self.desk, self.question, self.judged = connection, desk, question, judged
        self.looked = looked_at(connection, desk.encoding, judged.k)

    @cached_property
    def items(self) -> dict[str, Item]:
        """The items of the answer: by occurrence, or by obligation where there is none."""
        answer = answer_of(self.connection, self.desk, self.question, self.judged.k)
        return {
            item.occurrence or naming.full_obligation(item.instrument, item.obligation): item for item in answer.items
        }

    @cached_property
    def names(self) -> list[str]:
        """Every obligation, in full."""
        return naming.obligations_of(self.connection, self.desk.encoding)

    def typed(self, name: str) -> str:
        """Give a name as the command line takes it."""
        return naming.typed_name(name, self.names)

    def all_items(self) -> Collection[Item]:
        """Give the items of the whole answer."""
        return self.items.values()

    @cached_property
    def readings(self) -> dict[str, list[RowMapping]]:
        """The decided rows of each occurrence."""
        return readings_of(self.connection, self.desk)

    def tell(self, owner: str, typed: str) -> Explanation:
        entry = self._entry(owner)
        items = self.items
        bare = items.get(owner)
        if bare is not None:
            return self._told(entry, entry["body"], bare, [("Status", (bare.says,))])
        known = typed in self.readings
        name = typed if known else naming.find_occurrence(self.connection, self.desk.encoding, typed)
        rows = self.readings[name]
        if name not in items:
            raise BadInput(f"`{naming.local_id(name)}` is not owed {self._when()}, under no arguable reading")
        sections = [
            *self._status(items[name], rows),
            self._dates(name, rows),
            self._facts(name, owner, rows),
            *self._sources(name),
            *self._contents(owner, name, rows[0]),
            ("What it takes over", taken_over(self.connection, self.desk.encoding, owner)),
            ("What later instruments do to it", told(self.connection, self.desk.encoding, name)),
            self._closing(rows[0]),
        ]
        return self._told(entry, rows[0]["body"], items[name], sections)

    def _told(self, entry: RowMapping, body: Mapping[str, Any], item: Item, sections: list[Section]) -> Explanation:
        """`body` is the norm under the reading that stands as the default: a ruling may have moved it."""
        telling = self.desk.rules.telling(body["strength"])
        return Explanation(
            title=_title(item),
            name=self.typed(item.occurrence or naming.full_obligation(item.instrument, item.obligation)),
            item=item,
            sections=tuple(section for section in (self._norm(entry, body), *sections) if section[1]),
            quotes=(body["phrase"],) if body["phrase"] else (),
            limits=tuple(limit["words"] for limit in body["limits"]),
            heading=telling.heading,
            quoted=telling.quoted,
        )

    def _when(self) -> str:
        known = said(self.question.as_known)
        return f"as of {said(self.question.as_of)}" + (f", using what was recorded by {known}" if known else "")

    def _entry(self, owner: str) -> RowMapping:
        query = (
            select(obligation, variant.c.body)
            .join(
                variant,
                and_(variant.c.encoding == obligation.c.encoding, variant.c.obligation == obligation.c.obligation),
            )
            .where(
                obligation.c.encoding == self.desk.encoding, obligation.c.obligation == owner, variant.c.is_default == 1
            )
        )
        return self.connection.execute(query).mappings().one()

    def _norm(self, entry: RowMapping, body: Mapping[str, Any]) -> Section:
        """What is asked or must be done, by which words, by whom."""
        telling = self.desk.rules.telling(body["strength"])
        who = ", ".join(body["bearer"]["parties"]) or "nobody in particular"
        how = "" if body["bearer"]["how"] in {"one", "not-named"} else f" ({body['bearer']['how']})"
        words = {"verb": body["verb"], "bearer": f"{who}{how}", "action": body["action"]}
        sentence = fill(telling.sentence, words)
        act = fill(telling.refrain if body["modality"] == "prohibition" else telling.act, words)
        lines = [f"{entry['instrument']}, {entry['provision']}: {sentence}", _going_on(sentence, act)]
        lines += [f"words of the clock: “{body['phrase']}”"] if body["phrase"] else []
        lines += [f"owed to {', '.join(body['counterparty'])}"] if body["counterparty"] else []
        lines += [f"narrowed ({limit['sort']}): “{limit['words']}”" for limit in body["limits"]]
        earlier = entry["flat"].get("continues")
        lines += [f"goes on from {'before' if earlier is True else earlier}"] if earlier else []
        return telling.heading, tuple(lines)

    def _status(self, item: Item, rows: Sequence[RowMapping]) -> list[Section]:
        """The verdict, and under each reading the rule that decided and the one that would have been next."""
        wording = Wording(self.desk.rules, measured(self.connection, {"": list(rows)}), self.looked)
        head = (f"{item.status}: {item.says}", item.because, self._when())
        told = [row for row in rows if row["standing"] == "arguable" or row["status"] != ABSENT]
        lines = [line for row in told for line in self._one_reading(wording, row)]
        return [("Status", tuple(line for line in head if line)), ("Readings", tuple(lines))]

    def _one_reading(self, wording: Wording, row: RowMapping) -> list[str]:
        marks = [
            mark
            for mark, holds in (("default", row["is_default"]), ("noted only", row["standing"] == "noted"))
            if holds
        ]
        name = f"{row['reading']} ({', '.join(marks)})" if marks else row["reading"]
        rule = self.desk.rules.status.rule(row["rule"])
        because = wording.sentence(row["rule"], row)
        lines = [f"{name}: {row['status']}" + (f": {because}" if because else "")]
        lines += [f"  why it may be read so: {row['body']['why']}"] if row["body"]["why"] else []
        lines.append(f"  rule {rule.name}: {self.desk.rules.status.in_words(rule)}")
        if (who := row["body"]["bearer"])["how"] == "each" and "@" not in row["occurrence"]:
            whose = ", ".join(who["parties"])
            lines.append(f"  each of {whose} owes it: what is recorded names none of them, so that it is judged as one")
        if row["next_rule"]:
            following = self.desk.rules.status.rule(row["next_rule"])
            lines.append(f"  next would have been {following.name}: {self.desk.rules.status.in_words(following)}")
        if row["doubt"]:
            lines.append("  in doubt: the readings of its sources give different answers")
        return lines

    def _dates(self, name: str, rows: Sequence[RowMapping]) -> Section:
        """Each step of the computation, once for all readings that share it."""
        day = rows[0]["day"]
        query = select(dating.c.reading, dating.c.steps).where(
            dating.c.encoding == self.desk.encoding,
            dating.c.occurrence == name,
            dating.c.k0 <= self.judged.k,
            dating.c.k1 > self.judged.k,
            dating.c.d0 <= day,
            dating.c.d1 > day,
        )
        shared: dict[tuple[str, ...], list[str]] = {}
        order = {row["reading"]: place for place, row in enumerate(rows)}
        for row in sorted(self.connection.execute(query), key=lambda row: order.get(row.reading, 0)):
            shared.setdefault(tuple(row.steps), []).append(row.reading)
        lines: list[str] = []
        for steps, names in shared.items():
            lines += [f"under {', '.join(names)}:"] if len(shared) > 1 else []
            lines += [f"  {step}" if len(shared) > 1 else step for step in steps]
        return "How the date comes about", tuple(lines)

    def _facts(self, name: str, owner: str, rows: Sequence[RowMapping]) -> Section:
        return "What is recorded", testimony(
            self.connection, (self.desk.encoding, self.judged.k), (name, owner), rows[0]
        )

    def _sources(self, name: str) -> list[Section]:
        """For a consequence: what was left undone, and what was not."""
        looked = self.looked.get(name)
        if not looked:
            return []
        undone = [naming.local_id(source) for source, is_undone in looked.items() if is_undone]
        rest = [naming.local_id(source) for source, is_undone in looked.items() if not is_undone]
        lines = [f"undone: {one}" for one in undone] + [f"not undone: {one}" for one in rest]
        return [("What it depends on", tuple(lines))]

    def _contents(self, owner: str, name: str, default: RowMapping) -> list[Section]:
        """The items that the report must contain, each with the newest word on it that counts by then."""
        query = select(need.c.item, need.c.added_by).where(
            need.c.encoding == self.desk.encoding, need.c.obligation == owner
        )
        rows = {row[0]: row[1] for row in self.connection.execute(query.order_by(need.c.place))}
        rows |= self._added(owner, name)
        if not rows:
            return []
        known = (self.desk.encoding, self.judged.k)
        marks = marks_of(self.connection, known, (name, owner), default)
        own = naming.local_id(owner)
        lines = [
            f"{marks.get(one, 'unchecked')}: {one}" + (f" (added by {by})" if by != own else "")
            for one, by in rows.items()
        ]
        return [("Contents", tuple(lines))]

    def _added(self, owner: str, name: str) -> dict[str, str]:
        """The items that later instruments add to this very report."""
        ordinal = naming.split_occurrence(name)[2]
        return added_items(self.connection, self.desk.encoding, owner, ordinal)

    def _closing(self, row: RowMapping) -> Section:
        """What would discharge it, or change the answer."""
        name = self.typed(row["occurrence"])
        if row["class_"] in {"done", "closed"}:
            return "What would close it", ()
        return "What would close it", (_remedy(row, name),)


def _remedy(row: RowMapping, name: str) -> str:
    if row["kind"] == "limit":
        return (
            f"a measure within the bound: duewatch record measure {name.partition('/')[0]} --value N --on DAY --by NAME"
        )
    if row["kind"] in {"maintain", "refrain"}:
        return f"a judgement: duewatch record judgement {name} --finding kept --on DAY --why WHY --by NAME"
    if row["kind"] == "permit" or row["modality"] in {"power", "permission", "intention"}:
        return "nothing is owed: it ends by itself, or with what it depends on"
    return f"a document, or what was done: duewatch record delivered {name} --dated DAY --symbol SYMBOL --by NAME"


def _title(item: Item) -> str:
    which = naming.local_id(item.occurrence) if item.occurrence else item.obligation
    return f"{item.provision} of {item.instrument}: {which}"


def _going_on(sentence: str, act: str) -> str:
    """Leave out what the verb has said already: after "shall not disclose", "not disclose the data" is "the data"."""
    words = act.split(" ")
    said = next((n for n in (2, 1) if n < len(words) and sentence.endswith(f" {' '.join(words[:n])}")), 0)
    return " ".join(words[said:])
