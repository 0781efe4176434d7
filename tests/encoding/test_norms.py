"""From fields to norms: every form of a deadline, what holds by default, and readings multiplied out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from fractions import Fraction

import pytest

from duewatch.engine.problems import BadFile
from duewatch.engine.words import (
    AddsTo,
    ArmedBy,
    Bearer,
    Before,
    By,
    Content,
    Deadline,
    During,
    EarliestOf,
    Every,
    Fixed,
    Instrument,
    LatestOf,
    Limit,
    NoDate,
    Norm,
    OnDay,
    Ref,
    Setting,
    Shifted,
    Soft,
    Span,
    Target,
    Within,
)

Encode = Callable[..., Instrument]
Make = Callable[..., Norm]
BEGUN, END, ADOPTION = Ref("begun"), Ref("mandate.end"), Ref("adoption")
QUARTER = Span(3, "months")


# ------------------------------------------------------------------ deadlines
@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("none", NoDate()),
        ('{by: "2021-09-30"}', By(Fixed(date(2021, 9, 30)))),
        ('{by: "2021-09-30", cut-off: "17:30"}', By(Fixed(date(2021, 9, 30)), time(17, 30))),
        ("{by: begun}", By(BEGUN)),
        ("{by: {event: begun}}", By(BEGUN)),
        ("{by: 18 months after begun}", By(Shifted(BEGUN, (Span(18, "months"),)))),
        ("{by: 9 months and 1 day after begun}", By(Shifted(BEGUN, (Span(9, "months"), Span(1, "days"))))),
        ("{by: 10 days before mandate.end}", By(Shifted(END, (Span(-10, "days"),)))),
        ('{by: "1 week after 2021-09-30"}', By(Shifted(Fixed(date(2021, 9, 30)), (Span(1, "weeks"),)))),
        ("{before: mandate.start}", Before(Ref("mandate.start"))),
        ("{before-end-of: mandate}", By(END)),
        ("{by-end-of: mandate}", By(END)),
        ("{day: begun}", OnDay(BEGUN)),
        ("{within: 14 days, after: begun}", Within((Span(14, "days"),), BEGUN)),
        ("{during: mandate}", During("mandate")),
        ("{earliest-of: [begun, {before: mandate.end}]}", EarliestOf((By(BEGUN), Before(END)))),
        ("{latest-of: [begun, {earliest-of: [mandate.end]}]}", LatestOf((By(BEGUN), EarliestOf((By(END),))))),
        ("{promptly: {word: swiftly, soft: 60 days}}", Soft("swiftly", Span(60, "days"), ADOPTION)),
        ("{promptly: {soft: 1 week}}", Soft("promptly", Span(1, "weeks"), ADOPTION)),
    ],
)
def test_each_form_of_a_deadline(text: str, deadline: Deadline, norm: Make) -> None:
    assert norm(f"deadline: {text}").deadline == deadline


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("{every: 3 months, after: adoption, while: mandate}", Every(QUARTER, ADOPTION, END)),
        ('{every: 3 months, after: "2020-12-23", until: begun}', Every(QUARTER, Fixed(date(2020, 12, 23)), BEGUN)),
        ("{every: 3 months, after: previous-delivery}", Every(QUARTER, "previous-delivery")),
        ("{regularly: {soft: 6 months}}", Soft("regularly", Span(6, "months"), ADOPTION, again=True)),
    ],
)
def test_each_form_of_a_series(text: str, deadline: Deadline, norm: Make) -> None:
    assert norm(f"deadline: {text}", kind="recur").deadline == deadline


def test_what_is_armed_counts_from_then(norm: Make) -> None:
    assert norm("armed-by: {event: case}, deadline: {within: 3 days, after: armed}", "respond").deadline == Within(
        (Span(3, "days"),), "armed"
    )
    assert norm("armed-by: {event: case}, deadline: {promptly: {soft: 3 days}}", "respond").deadline == Soft(
        "promptly", Span(3, "days"), "armed"
    )
    assert norm("armed-by: {event: case}", "respond").deadline == NoDate()


def test_a_series_may_take_the_dates_of_another(encode: Encode) -> None:
    one = encode("""
- under: s
  provision: Art 1
  shared: {verb: requests, bearer: secretary, kind: recur, action: act}
  entries:
  - {id: third, deadline: {with: s.second, every: 3rd}}
  - {id: second, deadline: {with: s.first, every: 2nd}}
  - {id: first, deadline: {every: 3 months, after: adoption}}
  - {id: same, deadline: {with: s.first}}
""")
    deadlines = {entry.id: entry.norms[0].deadline for entry in one.obligations}
    assert deadlines == {
        "s.third": Every(QUARTER, ADOPTION, take=6),
        "s.second": Every(QUARTER, ADOPTION, take=2),
        "s.first": Every(QUARTER, ADOPTION),
        "s.same": Every(QUARTER, ADOPTION),
    }


def test_a_reading_that_makes_a_norm_standing_drops_its_date(encode: Encode) -> None:
    one = encode("""
- id: a
  provision: Art 1
  verb: requests
  bearer: secretary
  kind: achieve
  action: act
  deadline: {by: begun}
  readings:
    reach: {default: true, why: so}
    pursue: {kind: maintain, why: or so}
    gently: {deadline: {promptly: {soft: 1 week}}, why: or so}
- id: b
  provision: Art 2
  verb: requests
  bearer: secretary
  kind: achieve
  action: act
  deadline: {promptly: {soft: 1 week}}
  readings:
    act: {default: true, why: so}
    stand: {kind: limit, target: {count: letters, at-most: 9}, why: or so}
""")
    soft = Soft("promptly", Span(1, "weeks"), ADOPTION)
    assert [each.deadline for each in one.obligations[0].norms] == [By(BEGUN), NoDate(), soft]
    assert [each.deadline for each in one.obligations[1].norms] == [soft, NoDate()]


# ------------------------------------------------------------------ what holds by default
def test_what_holds_without_being_written(norm: Make) -> None:
    one = norm("title: x")
    assert (one.reading, one.is_default, one.standing, one.why) == ("default", True, "arguable", "")
    assert (one.modality, one.watch, one.lead, one.review_days) == ("obligation", "own", 14, None)
    assert (one.after_breach, one.counts_by, one.replaced_by, one.until) == ("still_owed", "dated", "", None)
    assert one.strength == "requests"


def test_a_statement_needs_neither_kind_nor_bearer(encode: Encode) -> None:
    (entry,) = encode("- {id: a, provision: Art 1, verb: notes, modality: statement, action: say so}\n").obligations
    assert (entry.norms[0].bearer, entry.norms[0].deadline) == (Bearer(how="not-named"), NoDate())


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("review: 3 months", 93),
        ("review: 2 weeks", 14),
        ("review: 1 year and 3 days", 369),
        ("review: never", None),
        ("reviewed-by: r.quarterly", 93 + 31),
        ("reviewed-by: r.half-yearly", 186 + 31),
        ("reviewed-by: r.now-and-then", 62 + 31),
        ("reviewed-by: r.quarterly, review: 10 days", 10),
        ("reviewed-by: r.quarterly, review: never", None),
        ("reviewed-by: r.quarterly, watch: inventory", None),
        ("review: 5 days, watch: inventory", 5),
        ("watch: others", None),
    ],
)
def test_how_long_a_look_lasts(text: str, days: int | None, encode: Encode) -> None:
    one = encode(f"""
- {{id: a, provision: Art 1, verb: requests, bearer: secretary, kind: maintain, action: act, {text}}}
- under: r
  provision: Art 2
  shared: {{verb: requests, bearer: secretary, kind: recur, action: act}}
  entries:
  - {{id: quarterly, deadline: {{every: 3 months, after: adoption}}}}
  - {{id: half-yearly, deadline: {{with: r.quarterly, every: 2nd}}}}
  - {{id: now-and-then, deadline: {{regularly: {{soft: 2 months}}}}}}
""")
    assert one.obligations[0].norms[0].review_days == days


@pytest.mark.parametrize(("text", "days"), [("3 days", 3), ("2 weeks", 14), ("0 days", 0)])
def test_a_lead_is_in_days(text: str, days: int, norm: Make) -> None:
    assert norm(f"lead: {text}").lead == days


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("verb: Further  requests", "requests"),
        ("verb: urges, strength: decides, why: so", "decides"),
        ("verb: murmurs, strength: notes, why: so", "notes"),
    ],
)
def test_the_strength_of_a_verb(text: str, strength: str, encode: Encode) -> None:
    (entry,) = encode(
        f"- {{id: a, provision: Art 1, bearer: secretary, kind: achieve, action: act, {text}}}\n"
    ).obligations
    assert entry.norms[0].strength == strength


def test_counts_by_comes_from_the_entry_or_the_instrument(encode: Encode) -> None:
    head = 'instrument: {symbol: T/1, adopted: {date: "2021-06-29"}, zone: UTC, counts-by: issued}\n'
    one = encode(
        "- {id: a, provision: Art 1, verb: notes, modality: statement, action: act}\n"
        "- {id: b, provision: Art 1, verb: notes, modality: statement, action: act, counts-by: received}\n",
        head=head,
    )
    assert [entry.norms[0].counts_by for entry in one.obligations] == ["issued", "received"]


# ------------------------------------------------------------------ the smaller mappings
@pytest.mark.parametrize(
    ("text", "bearer"),
    [
        ("council", Bearer(how="one", parties=("council",))),
        ("not-named", Bearer(how="not-named")),
        ("{each: sides}", Bearer(how="each", parties=("sides",))),
        (
            "{each: [secretary, states], as-at: dynamic}",
            Bearer(how="each", parties=("secretary", "states"), as_at="dynamic"),
        ),
        ("{together: sides, as-at: begun}", Bearer(how="together", parties=("sides",), as_at="begun")),
        ("{any-of: [secretary, council]}", Bearer(how="any-of", parties=("secretary", "council"))),
    ],
)
def test_who_owes_it(text: str, bearer: Bearer, encode: Encode) -> None:
    (entry,) = encode(
        f"- {{id: a, provision: Art 1, verb: requests, bearer: {text}, kind: achieve, action: act}}\n"
    ).obligations
    assert entry.norms[0].bearer == bearer


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (
            "{count: troops, at-most: 13289}",
            Target(measure="troops", form="count", how="at-most", bound=Fraction(13289)),
        ),
        (
            "{count: projects, at-least: 16, of: 16}",
            Target(measure="projects", form="count", how="at-least", bound=Fraction(16), of="16"),
        ),
        (
            "{share: women, at-least: 30/100, per: body}",
            Target(measure="women", form="share", how="at-least", bound=Fraction(3, 10), per="body"),
        ),
        (
            "{share: women, at-least: 30%, per: none}",
            Target(measure="women", form="share", how="at-least", bound=Fraction(3, 10)),
        ),
        (
            '{share: women, above: "12.5 per cent"}',
            Target(measure="women", form="share", how="above", bound=Fraction(1, 8)),
        ),
        (
            "{sum: [troops, police], at-most: 15209}",
            Target(
                measure="troops+police", form="sum", how="at-most", bound=Fraction(15209), parts=("troops", "police")
            ),
        ),
        (
            "{share: women, above: {value-on: adoption, value: unknown}}",
            Target(
                measure="women",
                form="share",
                how="above",
                bound=None,
                baseline="value on adoption: unknown",
                baseline_unknown=True,
            ),
        ),
        (
            "{count: women, above: {value-on: begun, value: 30}}",
            Target(measure="women", form="count", how="above", bound=Fraction(30), baseline="value on begun: 30"),
        ),
        (
            '{count: units, at-least: 2000, of: additional, baseline: {at: "2021-01-01"}}',
            Target(
                measure="units",
                form="count",
                how="at-least",
                bound=Fraction(2000),
                of="additional",
                baseline="value on 2021-01-01: unknown",
                baseline_unknown=True,
            ),
        ),
    ],
)
def test_each_form_of_a_target(text: str, target: Target, norm: Make) -> None:
    assert norm(f"target: {text}").target == target


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("target: {count: a, at-most: 1, says: above it}", "above it"),
        ("target: {count: a, at-most: 1, says: above it}, says: not so", "not so"),
        ("target: {count: a, at-most: 1}", ""),
        ("title: none", ""),
    ],
)
def test_whose_words_are_said(text: str, says: str, norm: Make) -> None:
    assert norm(text).says == says


def test_what_a_report_contains(norm: Make) -> None:
    two = "two: {provision: (ii), about: a, items: [x, y]}"
    assert norm(
        f"contains: {{one: {{provision: (i), about: [a]}}, {two}, three: {{part-of: one}}, four: {{}}}}"
    ).contains == (
        Content(item="one", provision="Art 1(i)", about=("a",)),
        Content(item="two.x", provision="Art 1(ii)", about=("a",)),
        Content(item="two.y", provision="Art 1(ii)", about=("a",)),
        Content(item="three", provision="Art 1", note="part of one"),
        Content(item="four", provision="Art 1"),
    )


def test_what_is_added_to_a_report(norm: Make) -> None:
    assert norm("item: x, adds-to: {entry: a}", "content").adds_to == AddsTo(entries=("a",))
    assert norm("item: x, adds-to: {entry: [a], which: next}", "content").adds_to == AddsTo(
        entries=("a",), which="next"
    )
    assert norm("item: x, adds-to: {instrument: T/0, what: its report}", "content").adds_to == AddsTo(
        elsewhere="T/0, its report"
    )


def test_the_rest_of_the_fields(norm: Make) -> None:
    one = norm(
        "counterparty: council, until: {event: case, per: state}, form: letter, phrase: by then,"
        "after-breach: {replaced_by: a2},"
        "limits: [{condition: where needed, of: all, why: so}], working-dates: {draft: -6 weeks, sent: -1 day}}\n"
        "- {id: a2, provision: Art 1, verb: requests, bearer: secretary, kind: achieve, action: act, title: b",
    )
    assert (one.counterparty, one.until, one.form, one.phrase) == (("council",), Ref("case"), "letter", "by then")
    assert (one.after_breach, one.replaced_by) == ("replaced_by", "a2")
    assert one.limits == (Limit(sort="condition", words="where needed", of="all", why="so"),)
    assert one.working_dates == (("draft", Span(-6, "weeks")), ("sent", Span(-1, "days")))


# ------------------------------------------------------------------ consequences
SOURCES = """
- under: g
  provision: Art 4
  shared: {verb: urges, bearer: secretary, kind: achieve, action: act}
  entries:
  - {id: one}
  - {id: two, kind: recur, deadline: {every: 3 months, after: adoption}}
  - {id: three, kind: maintain}
  - {id: four, modality: permission}
  - {id: five, readings: {now: {default: true, why: so, kind: maintain}, then: {why: or so}}}
  - {id: self, kind: respond, armed-by: {undone: UNDONE, which: all, at: mandate.end}}
- {id: six, provision: Art 4(b), verb: urges, bearer: secretary, kind: achieve, action: act}
- {id: seven, provision: Art 40, verb: urges, bearer: secretary, kind: achieve, action: act}
"""


@pytest.mark.parametrize(
    ("undone", "sources"),
    [("g", ("g.one", "g.two")), ("Art 4", ("g.one", "g.two", "six")), ("g.two", ("g.two",)), ("Art 4(b)", ("six",))],
)
def test_what_undone_stands_for(undone: str, sources: tuple[str, ...], encode: Encode) -> None:
    one = encode(SOURCES.replace("UNDONE", undone))
    armed = next(entry.norms[0].armed_by for entry in one.obligations if entry.id == "g.self")
    assert armed == ArmedBy(undone=undone, which="all", at=END, sources=sources)


def test_an_event_arms_each_case(norm: Make) -> None:
    assert norm("armed-by: {event: case, per: one incident}", "respond").armed_by == ArmedBy(
        event="case", per="one incident"
    )


def test_a_provision_not_encoded_has_no_sources(norm: Make) -> None:
    armed = norm("armed-by: {undone: Art 9}", "respond").armed_by
    assert armed is not None
    assert armed.sources == ()


# ------------------------------------------------------------------ readings and questions
QUESTIONS = """
questions:
  which:
    asks: which mandate?
    the-next: {why: it may be prolonged, sets: {mandate.end: {as: dynamic}}}
    this-one: {default: true, why: it is set here}
    the-last: {standing: noted, why: it ended then, sets: {mandate.end: "2021-06-30"}, watch: others}
"""
DOUBTED = """
- id: a
  provision: Art 1
  verb: requests
  bearer: {together: sides}
  kind: achieve
  action: act
  deadline: {before-end-of: mandate}
  questions: [which]
  readings:
    as-one: {default: true, why: one addressee, watch: inventory}
    each: {why: each can only do its own, bearer: {each: sides}}
"""


def test_readings_are_multiplied_out_with_the_default_first(encode: Encode) -> None:
    norms = encode(DOUBTED, QUESTIONS).obligations[0].norms
    assert [(norm.reading, norm.is_default, norm.standing) for norm in norms] == [
        ("as-one/this-one", True, "arguable"),
        ("as-one/the-next", False, "arguable"),
        ("as-one/the-last", False, "noted"),
        ("each/the-next", False, "arguable"),
        ("each/this-one", False, "arguable"),
        ("each/the-last", False, "noted"),
    ]
    assert norms[4].why == "each can only do its own. it is set here."


def test_a_reading_that_differs_in_its_bearer_alone_is_known(encode: Encode) -> None:
    norms = encode(DOUBTED.replace(", watch: inventory", ""), QUESTIONS).obligations[0].norms
    assert {norm.reading: norm.bearer_only for norm in norms if norm.bearer_only} == {"each/this-one": True}


def test_what_answers_set_is_collected_and_the_own_reading_has_the_last_word(encode: Encode) -> None:
    norms = {norm.reading: norm for norm in encode(DOUBTED, QUESTIONS).obligations[0].norms}
    assert norms["each/the-next"].settings == (Setting(target="mandate.end", dynamic=True),)
    assert norms["each/the-last"].settings == (Setting(target="mandate.end", moment=Fixed(date(2021, 6, 30))),)
    assert norms["each/this-one"].settings == ()
    assert norms["each/the-last"].watch == "others"  # the answer's
    assert norms["as-one/the-last"].watch == "inventory"  # the reading's own


def test_the_settings_of_an_own_reading_stand_over_those_of_an_answer(encode: Encode) -> None:
    text = DOUBTED.replace(
        "why: one addressee,", 'why: one addressee, sets: {mandate.end: begun, begun: "2022-01-01"},'
    )
    norms = {norm.reading: norm for norm in encode(text, QUESTIONS).obligations[0].norms}
    own = (Setting(target="mandate.end", moment=BEGUN), Setting(target="begun", moment=Fixed(date(2022, 1, 1))))
    assert norms["as-one/the-next"].settings == own


def test_a_reading_replaces_a_field_whole_and_none_unsets_it(encode: Encode) -> None:
    norms = (
        encode("""
- id: a
  provision: Art 1
  verb: requests
  bearer: secretary
  counterparty: council
  kind: achieve
  action: act
  deadline: {by: begun, cut-off: "10:00"}
  target: {count: a, at-least: 1, per: body}
  contains: {x: {}}
  readings:
    one: {default: true, why: so}
    two: {why: so, deadline: {by: begun}, target: {count: a, at-least: 2}}
    three: {why: so, deadline: none, target: none, contains: none, counterparty: none}
""")
        .obligations[0]
        .norms
    )
    assert (norms[1].deadline, norms[1].target) == (
        By(BEGUN),
        Target(measure="a", form="count", how="at-least", bound=Fraction(2)),
    )
    assert (norms[2].deadline, norms[2].target, norms[2].contains, norms[2].counterparty) == (NoDate(), None, (), ())


def test_readings_of_several_questions_come_in_the_order_named(encode: Encode) -> None:
    more = "questions:\n" + "".join(
        f"  {name}: {{asks: which?, {name}1: {{default: true, why: so}}, {name}2: {{why: so}}}}\n" for name in "pq"
    )
    text = "- {id: a, provision: Art 1, verb: notes, modality: statement, action: act, questions: [q, p]}\n"
    assert [norm.reading for norm in encode(text, more).obligations[0].norms] == ["q1/p1", "q1/p2", "q2/p1", "q2/p2"]


def test_too_many_readings_are_refused_before_they_are_made(encode: Encode) -> None:
    noted = ", ".join(f"n{number}: {{standing: noted, why: so}}" for number in range(99))
    more = "questions:\n" + "".join(
        f"  q{n}: {{asks: which?, d: {{default: true, why: so}}, {noted}}}\n" for n in range(9)
    )
    names = ", ".join(f"q{n}" for n in range(9))
    text = f"- {{id: a, provision: Art 1, verb: notes, modality: statement, action: act, questions: [{names}]}}\n"
    with pytest.raises(BadFile, match=f"{100**9} readings .* 256 is the most"):
        encode(text, more)


# ------------------------------------------------------------------ groups
def test_groups_give_ids_provisions_and_fields(encode: Encode) -> None:
    one = encode("""
- under: art30
  provision: Art 30
  shared: {verb: decides, bearer: secretary, kind: maintain, until: begun}
  entries:
  - under: a
    provision: (a)
    shared: {bearer: council, until: mandate.end}
    entries:
    - {id: i.one, provision: (i), action: act}
    - {id: two, provision: Art 30(a)(ii), action: act, until: none}
  - {id: b, provision: bullet 2, action: act}
- {under: art30, provision: Art 30, entries: [{id: c, verb: notes, modality: statement, action: act}]}
""")
    found = [
        (entry.id, entry.provision, entry.groups, entry.norms[0].bearer.parties, entry.norms[0].until)
        for entry in one.obligations
    ]
    assert found == [
        ("art30.a.i.one", "Art 30(a)(i)", ("art30", "art30.a"), ("council",), END),
        ("art30.a.two", "Art 30(a)(ii)", ("art30", "art30.a"), ("council",), None),
        ("art30.b", "Art 30 bullet 2", ("art30",), ("secretary",), BEGUN),
        ("art30.c", "Art 30", ("art30",), (), None),
    ]
    assert one.obligations[0].place == "t.yaml:16:7"


# ------------------------------------------------------------------ the instrument
def test_what_an_instrument_declares(encode: Encode) -> None:
    one = encode(
        "- {id: a, provision: Art 1, verb: shall, bearer: north, kind: achieve, action: act, questions: [q]}\n",
        head="""
instrument:
  symbol: T/1 (2021)
  title: A test
  adopted: {date: "2021-06-29", how: by consensus, source: the record}
  zone: Europe/Paris
  regime: plain
  verbs: contract
  topics: [one, two]
questions: {q: {asks: which  one?, x: {why: so}, y: {default: true, why: so}}}
parties: {north: {name: North, open: true}, sides: {members: [north]}}
events:
  begun: {date: "2021-07-01", provision: Art 2, source: the record, why: so, certainty: inferred}
  open: {date: unknown, why: so}
  case: {repeats: true}
periods:
  first: {from: adoption, until: "2022-06-30", last-day: excluded, provision: Art 3}
  second: {from: 1 day after first.end, for: 9 months and 1 day}
""",
    )
    assert (one.symbol, one.title, one.adopted, one.zone) == ("T/1 (2021)", "A test", date(2021, 6, 29), "Europe/Paris")
    assert (one.regime, one.verbs, one.topics, one.file) == ("plain", "contract", ("one", "two"), "t.yaml")
    events = {name: (event.day, event.certainty, event.repeats, event.source) for name, event in one.events.items()}
    assert events == {
        "adoption": (date(2021, 6, 29), "printed", False, "the record; by consensus"),
        "begun": (date(2021, 7, 1), "inferred", False, "Art 2; the record; so"),
        "open": (None, "printed", False, "so"),
        "case": (None, "printed", True, ""),
    }
    first, second = one.periods["first"], one.periods["second"]
    assert (first.start, first.until, first.length, first.last_day) == (
        ADOPTION,
        Fixed(date(2022, 6, 30)),
        None,
        "excluded",
    )
    assert second.start == Shifted(Ref("first.end"), (Span(1, "days"),))
    assert (second.until, second.length) == (None, (Span(9, "months"), Span(1, "days")))
    assert (one.parties["north"].title, one.parties["north"].open, one.parties["sides"].members) == (
        "North",
        True,
        ("north",),
    )
    question = one.questions["q"]
    assert (question.asks, question.answers, question.default) == ("which one?", ("x", "y"), "y")


def test_the_regime_and_the_verbs_have_defaults(encode: Encode) -> None:
    one = encode("- {id: a, provision: Art 1, verb: requests, bearer: secretary, kind: achieve, action: act}\n")
    assert (one.regime, one.verbs, one.counts_by, one.title, one.topics) == ("un-sc", "un-sc", "dated", "", ())
