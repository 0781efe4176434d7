"""What a person reads."""

from __future__ import annotations

from typing import Any

import pytest
from tests.alerting.house import AS_OF, DUE, INSTRUMENT

from duewatch.engine.alerting.rendering import Explained, Told, day_in_words, subject, write
from duewatch.engine.alerting.words import Delivery, Notice

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


def a_telling(number: int = 1, *, explained: Explained | None = None, **changes: Any) -> Told:
    item = an_item(**changes)
    told = Notice(
        key=str(number),
        occurrence=item["occurrence"],
        stage="overdue",
        due=DUE,
        reason="responsible for OP 19",
    )
    return Told(notice=told, item=item, explained=explained or Explained(name=NAME))


def a_mail(*told: Told) -> str:
    notices = tuple(each.notice for each in told)
    envelope = Delivery(
        key="0123456789abcdef" * 2, person="officer", channel="email", address="o@example.org", as_of=0, notices=notices
    )
    return write(envelope, told, to_name="Officer", date=AS_OF).text


# ------------------------------------------------------------------ the subject
@pytest.mark.parametrize(
    ("changes", "reads"),
    [
        ({}, f"Overdue by 1 day: report on the adaptation of the force (OP 19, {INSTRUMENT}), was due 15 Jul 2021"),
        (
            {"status": "due", "says": "due today", "days_until_due": 0, "days_late": None},
            f"Due today: report on the adaptation of the force (OP 19, {INSTRUMENT}), due 15 Jul 2021",
        ),
        (
            {"status": "contested", "action": "report", "says": "two readings differ: 15 and 25 July"},
            f"Two readings differ: report (OP 19, {INSTRUMENT}), 15 Jul 2021 in the default reading",
        ),
        (
            {"status": "breached", "says": "above the authorized ceiling", "due": None, "days_late": None},
            f"Above the authorized ceiling: report on the adaptation of the force (OP 19, {INSTRUMENT})",
        ),
        (
            {"status": "met_late", "says": "met, 4 days late", "days_until_due": None, "days_late": 4},
            f"Met, 4 days late: report on the adaptation of the force (OP 19, {INSTRUMENT}), was due 15 Jul 2021",
        ),
    ],
)
def test_the_subject_begins_with_the_state(changes: dict[str, Any], reads: str) -> None:
    assert subject([a_telling(**changes)]) == reads


def test_the_subject_of_many_names_their_paragraph_and_how_many() -> None:
    told = [a_telling(each, provision=f"OP 4 bullet {each}") for each in range(1, 8)]
    assert subject(told).endswith(f"of the force and 6 more (OP 4, {INSTRUMENT}), was due 15 Jul 2021")


def test_a_long_action_is_shortened_at_a_word() -> None:
    told = a_telling(action="report on " + "very " * 40 + "many things")
    assert "very very ... (OP 19" in subject([told])


def test_while_readings_differ_no_subject_says_that_the_date_passed() -> None:
    told = a_telling(status="contested", says="the date has passed under one of two readings")
    assert "was due" not in subject([told])
    assert "verdue" not in subject([told])


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
        a_mail(a_telling(explained=explained, last_looked="2021-07-14"))
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

More
  duewatch explain {NAME}

--\x20
You read this because you are responsible for OP 19.
Reference: 0123456789ab (overdue from 15 Jul 2021)
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
    envelope = Delivery(
        key="k" * 32, person="officer", channel="email", address="o@example.org", as_of=0, notices=(told.notice,)
    )
    message = write(envelope, [told], to_name="Officer", date=AS_OF)
    assert (message.key, message.to_name, message.to_address) == ("k" * 32, "Officer", "o@example.org")
    assert message.date == AS_OF
    assert message.subject == subject([told])


@pytest.mark.parametrize(("iso", "reads"), [("2021-07-05", "5 Jul 2021"), ("2022-12-31", "31 Dec 2022")])
def test_dates_are_read_the_same_in_every_country(iso: str, reads: str) -> None:
    assert day_in_words(iso) == reads
