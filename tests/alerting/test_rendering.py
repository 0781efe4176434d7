"""What a person reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.alerting.house import AS_OF, DUE, INSTRUMENT

from duewatch.engine.alerting.rendering import Explained, Letter, Told, day_in_words, short_symbol, subject, write
from duewatch.engine.alerting.words import Delivery, Notice

if TYPE_CHECKING:
    from duewatch.notifiers.message import Message

NAME = "op19.report/1"


def an_item(**changes: Any) -> dict[str, Any]:
    return {
        "instrument": INSTRUMENT,
        "occurrence": f"{INSTRUMENT}#{NAME}",
        "provision": "OP 19",
        "verb": "requests",
        "bearer": ["secretary-general"],
        "member": None,
        "counterparty": ["security-council"],
        "action": "report on the adaptation of the force",
        "due": "2021-07-15",
        "status": "overdue",
        "says": "overdue by 1 day: no delivery recorded",
        "because": "due on 15 July 2021, and nothing that answers it is recorded",
        "days_until_due": -1,
        "days_late": 1,
        "contents": {"seen": 0, "missing": 0, "unchecked": 8, "of": 8},
        "last_looked": None,
    } | changes


def a_telling(
    number: int = 1, *, explained: Explained | None = None, stage: str = "overdue", more: Any = None, **changes: Any
) -> Told:
    item = an_item(**changes)
    told = Notice(
        key=str(number),
        occurrence=item["occurrence"],
        stage=stage,
        due=DUE,
        reason="responsible for OP 19",
    )
    return Told(notice=told, item=item, explained=explained or Explained(name=NAME), **(more or {}))


def a_message(*told: Told, **about: Any) -> Message:
    notices = tuple(each.notice for each in told)
    envelope = Delivery(
        key="0123456789abcdef" * 2, person="officer", channel="email", address="o@example.org", as_of=0, notices=notices
    )
    given = {"delivery": envelope, "to_name": "Officer", "date": AS_OF, "about": AS_OF, "head": (0, "0" * 64)}
    return write(Letter(**given | about), told)


def a_mail(*told: Told, **about: Any) -> str:
    return a_message(*told, **about).text


# ------------------------------------------------------------------ the subject
@pytest.mark.parametrize(
    ("changes", "reads"),
    [
        ({}, "Overdue 1 day: report on the adaptation of the force (OP 19, 2584), was due 15 Jul"),
        (
            {"status": "due", "says": "due today", "days_until_due": 0, "days_late": None},
            "Due today: report on the adaptation of the force (OP 19, 2584), due 15 Jul",
        ),
        (
            {"status": "contested", "action": "report", "says": "two readings differ: 15 and 25 July"},
            "Readings differ: report (OP 19, 2584), 15 Jul in the default reading",
        ),
        (
            {"status": "breached", "says": "above the authorized ceiling", "due": None, "days_late": None},
            "Above the authorized ceiling: report on the adaptation of the force (OP 19, 2584)",
        ),
        (
            {"says": "not recorded as done, 3 days past 15 July 2021", "action": "report", "days_late": 3},
            "Not recorded as done: report (OP 19, 2584), was due 15 Jul",
        ),
        (
            {"says": "announced late or never; due on 15 July 2022, in 9 days", "action": "report", "due": "2022-07-15"}
            | {"days_until_due": 9, "days_late": None},
            "Announced late or never: report (OP 19, 2584), due 15 Jul 2022",
        ),
        (
            {"says": "13,300 recorded on 1 August 2021, beyond 13,289", "action": "x", "due": None, "days_late": None},
            "13,300 recorded on 1 August 2021: x (OP 19, 2584)",
        ),
        (
            {"stage": "closed", "says": "delivered on 19 July 2021, 4 days late", "action": "x", "days_late": 4}
            | {"days_until_due": None},
            "Closed, 4 days late: x (OP 19, 2584), was due 15 Jul",
        ),
        (
            {"stage": "closed-2", "says": "waived", "action": "x", "days_late": None, "days_until_due": None},
            "Closed: x (OP 19, 2584), was due 15 Jul",
        ),
        (
            {"stage": "moved", "action": "x", "due": "2021-07-31", "more": {"told_day": DUE}},
            "Date moved to 31 Jul: x (OP 19, 2584), was 15 Jul",
        ),
        ({"stage": "moved", "action": "x", "due": None, "days_late": None}, "Date moved: x (OP 19, 2584)"),
        ({"stage": "reopened", "action": "x"}, "Open again, overdue 1 day: x (OP 19, 2584), was due 15 Jul"),
    ],
)
def test_the_subject_begins_with_the_state(changes: dict[str, Any], reads: str) -> None:
    assert subject([a_telling(**changes)], AS_OF.date()) == reads


def test_the_subject_of_many_names_their_paragraph_and_how_many() -> None:
    told = [a_telling(each, provision=f"OP 4 bullet {each}") for each in range(1, 8)]
    assert subject(told, AS_OF.date()).endswith("of the force and 6 more (OP 4, 2584), was due 15 Jul")


def test_a_long_action_is_shortened_at_a_word() -> None:
    told = a_telling(action="report on " + "very " * 40 + "many things")
    assert "very very ... (OP 19" in subject([told], AS_OF.date())


def test_while_readings_differ_no_subject_says_that_the_date_passed() -> None:
    told = a_telling(status="contested", says="the date has passed under one of two readings")
    assert "was due" not in subject([told], AS_OF.date())
    assert "verdue" not in subject([told], AS_OF.date())


# ------------------------------------------------------------------ the body
def test_a_mail_says_what_why_and_what_would_close_it() -> None:
    explained = Explained(
        name=NAME,
        quotes=("no later than 15 July 2021",),
        limits=("within existing resources",),
        recorded=("Fact 3: looked on 14 July 2021, found nothing.",),
        steps=("15 July 2021 is printed.", "The day ends at midnight in New York."),
        closes=("A document recorded as delivered.",),
    )
    assert (
        a_mail(
            a_telling(
                explained=explained,
                last_looked="2021-07-14",
                more={"next_stage": "overdue+3", "next_day": DUE + 4, "others": ("Deputy (email, slack)",)},
            ),
            head=(7, "0123456789abcdef" * 4),
        )
        == f"""\
Overdue by 1 day: no delivery recorded
OP 19, {INSTRUMENT}: report on the adaptation of the force

What was asked
  "requests": secretary-general (towards security-council)
  By the words "no later than 15 July 2021".
  Narrowed by "within existing resources".

What is recorded
  Fact 3: looked on 14 July 2021, found nothing.
  Contents: 0 seen, 0 missing, 8 unchecked.
  Last looked: 14 Jul 2021.

Why this date
  15 July 2021 is printed.
  The day ends at midnight in New York.
  Due on 15 July 2021, and nothing that answers it is recorded

What would close it
  A document recorded as delivered.

What happens next
  The next message comes on 19 Jul 2021 (overdue+3), unless a fact
    settles it before.

Who else is told
  Deputy (email, slack)

More
  duewatch explain {NAME}

--\x20
You read this because you are responsible for OP 19.
Reference: 0123456789ab (overdue from 15 Jul 2021; ledger up to entry 7,
  0123456789ab)
"""
    )


def test_a_mail_about_an_undated_norm_says_why_without_a_date() -> None:
    text = a_mail(a_telling(due=None, contents=None, says="above the ceiling", counterparty=[], bearer=[]))
    assert "\nWhy\n" in text
    assert "Why this date" not in text
    assert "Contents" not in text
    assert "What would close it" not in text
    assert '"requests": nobody in particular\n' in text


def test_nothing_recorded_is_said_and_never_called_not_done() -> None:
    text = a_mail(a_telling())
    assert "  Nothing is recorded.\n" in text
    assert "No look at it is recorded." in text
    assert "not done" not in text


def test_a_member_that_owes_it_by_itself_is_named_alone() -> None:
    text = a_mail(a_telling(member="mali", bearer=["g5-sahel"]))
    assert '"requests": mali (towards' in text


def test_a_name_that_the_shell_would_take_apart_is_quoted_and_never_broken() -> None:
    name = f"{INSTRUMENT}#op61.a-report-with-a-very-long-name-that-does-not-fit-into-a-line/1"
    assert f"\n  duewatch explain '{name}'\n" in a_mail(a_telling(explained=Explained(name=name)))


def test_many_items_are_told_one_after_the_other_up_to_a_hundred() -> None:
    text = a_mail(*[a_telling(each) for each in range(103)])
    assert text.count("Overdue by 1 day") == 100
    assert "... and 3 more; `duewatch status` lists them." in text


def test_lines_are_short_enough_to_be_quoted() -> None:
    steps = ("three months after the adoption of this instrument, counted from the day after it " * 4,)
    text = a_mail(a_telling(explained=Explained(name=NAME, steps=steps)))
    assert max(map(len, text.splitlines())) <= 78


def test_the_message_carries_key_address_and_date() -> None:
    told = a_telling()
    message = a_message(told)
    assert (message.key, message.to_name, message.to_address) == (
        "0123456789abcdef" * 2,
        "Officer",
        "o@example.org",
    )
    assert message.date == AS_OF
    assert message.subject == subject([told], AS_OF.date())


def test_only_what_follows_on_a_message_answers_it() -> None:
    assert a_message(a_telling(), follows=("k1",)).follows == ()
    assert a_message(a_telling(stage="closed"), follows=("k1", "k2")).follows == ("k1", "k2")


@pytest.mark.parametrize(
    ("stage", "says"),
    [
        ("closed", "It is closed now."),
        ("reopened-2", "It is open again."),
        ("moved", "You were told 15 Jul 2021. The date is 31 Jul 2021 now."),
    ],
)
def test_a_follow_up_says_first_what_changed(stage: str, says: str) -> None:
    matter = a_message(a_telling(stage=stage, due="2021-07-31", more={"told_day": DUE})).matters[0]
    assert matter.sections[0].title == "What changed"
    assert says in matter.sections[0].lines[0]


def test_what_happens_next_is_said_also_where_nothing_does() -> None:
    assert "stays in `duewatch status`" in a_mail(a_telling())
    assert "unless it is opened again" in a_mail(a_telling(stage="closed"))


def test_a_matter_carries_the_item_of_status_for_programs() -> None:
    told = a_telling()
    assert a_message(told).matters[0].data == {"stage": "overdue", "item": told.item}


@pytest.mark.parametrize(
    ("group", "tone"), [("late", "late"), ("soon", "soon"), ("done", "done"), ("cannot-say", "plain"), (None, "plain")]
)
def test_the_tone_is_that_of_the_group(group: str | None, tone: str) -> None:
    assert a_message(a_telling(group=group)).matters[0].tone == tone


@pytest.mark.parametrize(
    ("symbol", "short"),
    [
        (INSTRUMENT, "2584"),
        ("T/1 (2021)", "T/1 (2021)"),
        ("Contract 4711/B", "Contract 4711/B"),
        ("X/4711", "4711"),
        ("Y/Z/12/345", "12/345"),
        ("HSA/2026/17", "HSA/2026/17"),
        ("Regulation (EU) 2016/679", "Regulation (EU) 2016/679"),
    ],
)
def test_an_instrument_is_called_by_its_number_where_that_is_telling(symbol: str, short: str) -> None:
    assert short_symbol(symbol) == short


@pytest.mark.parametrize(("iso", "reads"), [("2021-07-05", "5 Jul 2021"), ("2022-12-31", "31 Dec 2022")])
def test_dates_are_read_the_same_in_every_country(iso: str, reads: str) -> None:
    assert day_in_words(iso) == reads
