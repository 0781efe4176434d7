"""The text form of a deadline -> the same tree that YAML would have given for it as a mapping.

A small grammar read from left to right; nothing is guessed. `docs/deadlines.md` lists its sentences.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.conditions import conditions
from duewatch.engine.encoding.cursor import cursor
from duewatch.engine.encoding.nodes import MappingNode, ScalarNode
from duewatch.engine.encoding.phrases import (
    AFTER,
    DEEPEST,
    begins_day,
    begins_imprecise,
    begins_length,
    imprecise,
    length,
    moment,
    name,
    period,
)
from duewatch.engine.encoding.shapes import BROKEN, text_of
from duewatch.engine.encoding.tokens import Stuck

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from duewatch.engine.encoding.cursor import Cursor
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.shapes import Schema, Shape
    from duewatch.engine.encoding.tokens import Token
    from duewatch.engine.problems import Place

EXAMPLES: Final = '"by 2021-07-15", "within 30 days after served" or "every 3 months after adoption until term.end"'
_AT_LEAST: Final = ("at least", "not less than", "no less than", "not fewer than", "no fewer than")
_NOT_BEFORE: Final = ("no earlier than", "not earlier than", "no sooner than", "not sooner than", "not before")
_BY: Final = (
    "no later than",
    "not later than",
    "on or before",
    "at the latest on",
    "at the latest by",
    "at the latest",
    "by",
)
_SOFT: Final = (
    "as soon as possible",
    "as soon as practicable",
    "without undue delay",
    "without delay",
    "promptly",
    "immediately",
)
_REGULAR: Final = ("regularly", "periodically", "from time to time")


def deadline_tree(text: str, start: Place) -> MappingNode:
    """Give the tree of a deadline's text; `start` is the place of its first letter. Stuck where it cannot be read."""
    reading = cursor(text, start)
    found = _whole(reading)
    if reading.here.sort != "end":
        raise reading.stuck("the deadline is complete before it: leave the rest out, or begin a condition with a comma")
    return found


@dataclass(frozen=True, slots=True)
class DeadlineText:
    """A deadline written as a text; `form` reads the mapping that it stands for."""

    form: Shape

    want = "a deadline such as {by: MOMENT}"

    def read(self, node: Node, book: Notebook) -> object:
        """Give the deadline, or BROKEN once it was noted where and why the text cannot be read."""
        text = text_of(node, self.want, book)
        if text is None or not isinstance(node, ScalarNode):
            return BROKEN
        try:
            tree = opened(node)
        except Stuck as stuck:
            book.wrong(_at(node, stuck.column), stuck.wrong, stuck.right)
            return BROKEN
        return self.form.read(tree, book)

    def schema(self) -> Schema:
        """Describe it."""
        return {"type": "string", "pattern": r"\S"}


def opened(node: ScalarNode) -> MappingNode:
    """Give the tree of a deadline's text where it stands in a file. Stuck where it cannot be read."""
    return deadline_tree(str(node.value), _at(node, 0))


def _at(node: ScalarNode, column: int) -> Place:
    """Give the place of a letter of a text; of one over several lines only where it begins is known."""
    if not node.place.line or "\n" in node.text:
        return node.place
    return replace(node.place, column=node.place.column + column + (1 if node.quoted else 0))


# ------------------------------------------------------------------ the whole: a form and its conditions
def _whole(cursor: Cursor) -> MappingNode:
    first = cursor.here
    form = _form(cursor)
    while cursor.take(","):
        if cursor.take("and no later than", "and not later than", "but no later than", "but not later than"):
            cursor.at -= len(["no", "later", "than"])
            form = cursor.mapping(first, earliest_of=cursor.listing(first, [form, _form(cursor)]))
        elif cursor.take("or"):
            form = _either(cursor, first, form)
        else:
            form = replace(form, entries=(*form.entries, *conditions(cursor, form.keys)))
    return form


def with_conditions(cursor: Cursor, form: MappingNode) -> MappingNode:
    """Read conditions alone behind a form, to the end of the text."""
    while cursor.take(","):
        form = replace(form, entries=(*form.entries, *conditions(cursor, form.keys)))
    if cursor.here.sort != "end":
        raise cursor.stuck("begin a condition with a comma, or leave the rest out")
    return form


def _either(cursor: Cursor, first: Token, form: MappingNode) -> MappingNode:
    """`30 days after served, or 60 days after issued, whichever is earlier`."""
    parts = cursor.listing(first, [form, _form(cursor)])
    cursor.take(",")
    cursor.want("whichever is", "whichever comes", after="the other deadline")
    side = cursor.want("earlier", "later", "first", "last", after="`whichever`")
    if side.folded in {"earlier", "first"}:
        return cursor.mapping(first, earliest_of=parts)
    return cursor.mapping(first, latest_of=parts)


def _form(cursor: Cursor) -> MappingNode:
    cursor.depth += 1
    if cursor.depth > DEEPEST:
        raise Stuck(cursor.here.column, f"more than {DEEPEST} things within one another", "write it more simply")
    found = _form_here(cursor)
    cursor.depth -= 1
    return found


def _form_here(cursor: Cursor) -> MappingNode:
    first = cursor.here
    if cursor.take("("):
        inner = _whole(cursor)
        cursor.want(")")
        return inner
    for phrases, read in _OPENINGS:
        if cursor.take(*phrases):
            return read(cursor, first)
    if begins_length(cursor) and not begins_imprecise(cursor):
        return _counted(cursor, first)
    if begins_day(cursor) or begins_imprecise(cursor) or cursor.sees("the") or first.sort == "instant":
        return cursor.mapping(first, by=moment(cursor))
    raise cursor.stuck(
        f"write a deadline such as {EXAMPLES}", (phrase for phrases, _ in _OPENINGS for phrase in phrases)
    )


# ------------------------------------------------------------------ forms, each after its opening words
def _by(cursor: Cursor, first: Token) -> MappingNode:
    """A day; or a length of time, which then says how long before or after something."""
    if begins_length(cursor) and not begins_imprecise(cursor):
        return _counted(cursor, first)
    return cursor.mapping(first, by=moment(cursor))


def _counted(cursor: Cursor, first: Token) -> MappingNode:
    """`30 days after served`, `3 clear days before hearing`."""
    span = length(cursor)
    if cursor.take("before"):
        return cursor.mapping(first, at_least=span, before=moment(cursor))
    cursor.want(*AFTER, "before", after="a length of time")
    return cursor.mapping(first, within=span, after=moment(cursor))


def _at_least(cursor: Cursor, first: Token) -> MappingNode:
    span = length(cursor)
    if cursor.take("before"):
        return cursor.mapping(first, at_least=span, before=moment(cursor))
    cursor.want("before", *AFTER, after="a length of time")
    return cursor.mapping(first, not_before=span, after=moment(cursor))


def _within(cursor: Cursor, first: Token) -> MappingNode:
    span = length(cursor)
    cursor.want(*AFTER, after="a length of time")
    return cursor.mapping(first, within=span, after=moment(cursor))


def _not_before(cursor: Cursor, first: Token) -> MappingNode:
    span = length(cursor)
    cursor.want(*AFTER, after="a length of time")
    return cursor.mapping(first, not_before=span, after=moment(cursor))


def _before(cursor: Cursor, first: Token) -> MappingNode:
    if cursor.take("the end of"):
        return cursor.mapping(first, before_end_of=period(cursor))
    return cursor.mapping(first, before=moment(cursor))


def _between(cursor: Cursor, first: Token) -> MappingNode:
    start = moment(cursor)
    cursor.want("and", after="the first day")
    return cursor.mapping(first, between=cursor.listing(first, [start, moment(cursor)]))


def _from(cursor: Cursor, first: Token) -> MappingNode:
    """`from D` leaves D out, `beginning on D` takes it in: section 36(1) of the Acts Interpretation Act 1901 (Cth)."""
    start = moment(cursor)
    cursor.want("until", "to", after="the first day")
    days = cursor.listing(first, [start, moment(cursor)])
    return cursor.mapping(first, between=days, first_day="excluded" if first.folded == "from" else None)


def _during(cursor: Cursor, first: Token) -> MappingNode:
    return cursor.mapping(first, during=period(cursor))


def _in(cursor: Cursor, first: Token) -> MappingNode:
    if not begins_imprecise(cursor):
        raise cursor.stuck("write a month with its year, or a year: `in May 2026`, `in early 2027`")
    return cursor.mapping(first, by=imprecise(cursor))


def _every(cursor: Cursor, first: Token) -> MappingNode:
    if cursor.ahead(1).folded in {"session", "sessions"}:
        return _every_session(cursor, first)
    every = length(cursor)
    cursor.want(*AFTER, after="the interval")
    after = moment(cursor)
    fields: dict[str, Node | str] = {}
    if cursor.take("until"):
        fields["until"] = moment(cursor)
    elif cursor.take("while", "during"):
        fields["while_"] = period(cursor)
    if cursor.here.sort == "number" and cursor.ahead(1).folded in {"time", "times"}:
        fields["times"] = cursor.number(cursor.here, int(cursor.step().text))
        cursor.step()
    return cursor.mapping(first, every=every, after=after, **fields)


def _every_session(cursor: Cursor, first: Token) -> MappingNode:
    number = cursor.step()
    step = cursor.text(number, f"{number.text} {cursor.step().folded}")
    cursor.want("from", "starting with", after="the interval")
    start = period(cursor)
    last = period(cursor) if cursor.take("to", "until") else None
    return cursor.mapping(first, every=step, from_=start, to=last)


def _schedule(cursor: Cursor, first: Token) -> MappingNode:
    span = length(cursor)
    cursor.want("from", after="the length")
    start = moment(cursor)
    cursor.want("to", "until", after="the first day")
    end = moment(cursor)
    fields: dict[str, Node | str] = {}
    if cursor.take("on the last day"):
        fields["day"] = "last"
    elif cursor.take("on day"):
        fields["day"] = cursor.number(cursor.here, _whole_number(cursor))
    stub = cursor.take("stub at start", "stub at end")
    if stub is not None:
        fields["stub"] = f"at-{cursor.words[cursor.at - 1].folded}"
    return cursor.mapping(first, schedule=span, from_=start, to=end, **fields)


def _whole_number(cursor: Cursor) -> int:
    if cursor.here.sort != "number":
        raise cursor.stuck("write a whole number")
    return int(cursor.step().text)


def _soft(cursor: Cursor, first: Token) -> MappingNode:
    return _target(cursor, first, "promptly")


def _regularly(cursor: Cursor, first: Token) -> MappingNode:
    return _target(cursor, first, "regularly")


def _target(cursor: Cursor, first: Token, form: str) -> MappingNode:
    """`promptly (target 14 days)`: a day that we set ourselves, because the words set none."""
    words = " ".join(word.folded for word in cursor.words[cursor.words.index(first) : cursor.at])
    if not cursor.take("( target"):
        raise Stuck(
            cursor.here.column, f"`{words}` sets no date", f"add a target of our own: `{words} (target 14 days)`"
        )
    soft = cursor.mapping(first, word=None if words == form else words, soft=length(cursor))
    cursor.want(")")
    return cursor.mapping(first, **{form: soft})


def _parts(cursor: Cursor) -> Iterator[Node]:
    """Parts divided by commas and `and`; one with conditions of its own stands in brackets."""
    yield _part(cursor)
    while cursor.take(", and", ",", "and"):
        yield _part(cursor)


def _part(cursor: Cursor) -> Node:
    """A deadline; a name alone is a moment."""
    if cursor.here.sort == "word" and cursor.ahead(1).folded in {",", "and", ")", ""}:
        return cursor.text(cursor.here, name(cursor))
    return _form(cursor)


def _earliest(cursor: Cursor, first: Token) -> MappingNode:
    return cursor.mapping(first, earliest_of=cursor.listing(first, list(_parts(cursor))))


def _latest(cursor: Cursor, first: Token) -> MappingNode:
    return cursor.mapping(first, latest_of=cursor.listing(first, list(_parts(cursor))))


def _moment_form(key: str) -> Callable[[Cursor, Token], MappingNode]:
    return lambda cursor, first: cursor.mapping(first, **{key: moment(cursor)})


# Longer openings come before those that they begin with.
_OPENINGS: Final[tuple[tuple[tuple[str, ...], Callable[[Cursor, Token], MappingNode]], ...]] = (
    (("the earliest of", "earliest of"), _earliest),
    (("the latest of", "latest of"), _latest),
    (_AT_LEAST, _at_least),
    (_NOT_BEFORE, _not_before),
    (_BY, _by),
    (("before",), _before),
    (("until",), _moment_form("holds_until")),
    (("on",), _moment_form("day")),
    (("between",), _between),
    (("from", "beginning on", "starting on"), _from),
    (("within",), _within),
    (("every",), _every),
    (("schedule of",), _schedule),
    (("during", "at"), _during),
    (("in",), _in),
    (_SOFT, _soft),
    (_REGULAR, _regularly),
)
