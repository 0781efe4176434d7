"""Instruments of other drafting traditions: no line of Python, examples that run, and messages in their own words."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

from duewatch.console.postbox import Postbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Duewatch = Callable[..., Any]

CONTACTS = """
people:
- {id: dpo, name: Data protection officer, email: dpo@example.org}
- {id: counsel, name: Counsel, email: counsel@example.org}
responsible:
- {who: dpo, instrument: GDPR}
- {who: counsel, instrument: HSA/2026/17, provision: cl 6}
"""
OF_THE_COUNCIL = re.compile(r"\b(requests?|OP|resolution|delivery|asked)\b")


def test_every_encoding_among_the_examples_passes_its_own_examples(duewatch: Duewatch, root: Path) -> None:
    shutil.copytree(root / "examples", "examples")
    for path in sorted((root / "examples").glob("*.yaml")):
        if "\nobligations:" in path.read_text(encoding="utf-8"):
            ended = duewatch("check", f"examples/{path.name}")
            assert (ended.code, ended.err) == (0, "")
            count = re.search(r"(\d+) examples? that come out", ended.words)
            assert count
            assert int(count[1]) >= 3


def test_acts_of_the_union_and_a_contract_stand_side_by_side_and_are_told_in_their_own_words(
    duewatch: Duewatch, empty: Path, root: Path
) -> None:
    (empty / "contacts.yaml").write_text(CONTACTS, encoding="utf-8")
    for name in ("gdpr.yaml", "contract.yaml", "nis2.yaml"):
        shutil.copy(root / "examples" / name, empty)
    both = {"DUEWATCH_OBLIGATIONS": "gdpr.yaml:contract.yaml:nis2.yaml"}

    def said(*words: str, now: str) -> Any:
        ended = duewatch(*words, now=now, **both)
        assert ended.code in {0, 1}, ended.err
        return ended

    aware = ("controller-aware", "--date", "2026-06-04T16:40+02:00")
    moved = said("record", "event", *aware, "--by", "officer", now="2026-06-04T16:00Z")
    assert "art33.1.notify/1: dormant -> open, due undated -> 2026-06-07" in moved.words
    seen = ("incident-detected", "--date", "2026-06-03T22:10+02:00", "--symbol", "INC/7")
    said("record", "event", *seen, "--by", "officer", now="2026-06-04T16:00Z")
    grave = ("entity-aware", "--date", "2026-06-04T16:40+02:00", "--symbol", "INC/7")
    moved = said("record", "event", *grave, "--by", "officer", now="2026-06-04T16:00Z").words
    assert "art23.4.a.early-warning/1: contested -> due, due undated -> 2026-06-05" in moved
    said("record", "event", "invoice-received", "--date", "2026-05-08", "--by", "officer", now="2026-06-04T16:00Z")
    said("record", "review", "art33.5.document", "--on", "2026-06-01", "--by", "officer", now="2026-06-04T16:00Z")

    table = said("status", now="2026-06-09T10:00Z").words
    assert "GDPR#art33.1.notify/1 controller 2026-06-07 overdue by 2 days: no notification recorded" in table
    assert "NIS2#art23.4.a.early-warning/1 entity 2026-06-05 overdue by 4 days: no early warning recorded" in table
    assert "HSA/2026/17#cl6.2.pay/1 client 2026-06-08 overdue by 1 day: no payment recorded" in table
    assert not OF_THE_COUNCIL.search(table)

    why = said("explain", "art33.1.notify/1", now="2026-06-09T10:00Z").words
    assert "What must be done GDPR, Art 33(1): controller shall notify" in why
    assert "its own hour not counted: from 4 June 2026, 17:00 (UTC+02:00) [Reg. 1182/71 art. 3(1)]" in why
    assert "in time up to 7 June 2026, 17:00 (UTC+02:00)" in why
    why = said("explain", "cl6.2.pay/1", now="2026-06-09T10:00Z").words
    assert "What must be done HSA/2026/17, cl 6.2: client must pay the invoice" in why
    assert "7 June 2026 is no working day (gb-england-wales), so the next one: 8 June 2026" in why

    with Postbox() as box:
        server = {"DUEWATCH_SMTP_HOST": "127.0.0.1", "DUEWATCH_SMTP_PORT": str(box.port)}
        said("evaluate", now="2026-06-09T10:00Z")
        ended = duewatch("deliver", now="2026-06-09T10:00Z", **both, **server)
        assert ended.code == 0
        mails = {mail["To"]: mail for mail in box.mails if "Overdue" in mail["Subject"]}
    told = {who: mail.get_body(("plain",)).get_content().replace("\r\n", "\n") for who, mail in mails.items()}
    [notify] = [text for who, text in told.items() if "dpo@" in who]
    [pay] = [text for who, text in told.items() if "counsel@" in who]
    assert 'What must be done\n  controller "shall notify" (towards supervisory-authority)' in notify
    assert 'What must be done\n  client "must pay" (towards supplier)' in pay
    assert pay.startswith("Overdue by 1 day: no payment recorded\ncl 6.2, HSA/2026/17: pay the invoice")
    assert not any(OF_THE_COUNCIL.search(text) for text in told.values())

    paid = ("delivered", "cl6.2.pay/1", "--received", "2026-06-09", "--symbol", "PAY/1", "--form", "payment")
    said("record", *paid, "--by", "officer", now="2026-06-09T11:00Z")
    table = said("status", "--status", "met_late", now="2026-06-09T12:00Z").words
    assert "payment of 9 June 2026, 1 day late" in table


def test_an_example_that_fails_refuses_the_file_and_nothing_is_half_adopted(
    duewatch: Duewatch, folder: Path, root: Path
) -> None:
    text = (root / "obligations.yaml").read_text(encoding="utf-8")
    good = '- {as-of: "2021-07-16", expect: overdue, days-late: 1}'
    changed = folder / "changed.yaml"
    changed.write_text(text.replace(good, good.replace("overdue", "met"), 1), encoding="utf-8")
    before = duewatch("status", "--format", "json").json["encoding"]
    line = text[: text.index(good)].count("\n") + 1
    for words in (("check", "changed.yaml"), ("load", "changed.yaml", "--yes")):
        ended = duewatch(*words)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith(f"changed.yaml:{line}:")
        assert "it comes out overdue, not met (overdue by 1 day: no delivery recorded)" in ended.err
    (folder / "duewatch.db").unlink()
    assert duewatch("status", DUEWATCH_OBLIGATIONS="changed.yaml").code == 2
    after = duewatch("status", "--format", "json").json
    assert after["encoding"] == before
