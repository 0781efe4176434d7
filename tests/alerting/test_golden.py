"""Eight messages as a person reads them: what is sent is compared with files that a lawyer can read.

DUEWATCH_TEST_GOLDEN=write writes them anew; then read each of them before you keep it.
"""

from __future__ import annotations

import html
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.console.errors import run
from duewatch.console.main import cli
from duewatch.console.postbox import Postbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

GOLDEN = Path(__file__).with_name("golden")
ROOT = Path(__file__).parents[2]
MORNING = "T09:30:00-04:00"
pytestmark = pytest.mark.slow


class House:
    """A folder of our own, with a mail server."""

    def __init__(self, folder: Path, postbox: Postbox, patch: pytest.MonkeyPatch) -> None:
        for name in ("obligations.yaml", "contacts.yaml"):
            shutil.copy(GOLDEN / name, folder / name)
        patch.chdir(folder)
        self.postbox, self.patch, self.folder = postbox, patch, folder
        settings = {
            "DATABASE_URL": f"sqlite:///{folder / 'duewatch.db'}",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(postbox.port),
            "SMTP_FROM": "duewatch@example.org",
        }
        for name, value in settings.items():
            patch.setenv(f"DUEWATCH_{name}", value)
        patch.setenv("LOGNAME", "officer")  # it goes into the ledger, and so into the hash of its head

    def do(self, day: str, *words: str) -> None:
        self.patch.setenv("DUEWATCH_NOW", day + MORNING)
        code = run(lambda: cli.main(list(words), prog_name="duewatch", standalone_mode=False))
        assert code in (0, 4), words  # 4: there is no Slack here

    def morning(self, day: str) -> list[EmailMessage]:
        """Evaluate and deliver; give the mails of this morning."""
        before = len(self.postbox.mails)
        self.do(day, "evaluate")
        self.do(day, "deliver")
        return self.postbox.mails[before:]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with Postbox() as postbox:
        yield House(tmp_path, postbox, monkeypatch)


def to(person: str, mails: list[EmailMessage], provision: str = "") -> EmailMessage:
    mine = [mail for mail in mails if f"{person}@example.org" in str(mail["To"])]
    [found] = [mail for mail in mine if f"({provision}" in str(mail["Subject"])]
    return found


def compare(name: str, mail: Any) -> None:
    """Compare a mail with its file: who, what, on which message it follows, the words, and those of its picture."""
    headers = [f"{each}: {mail[each]}" for each in ("To", "Subject", "Message-ID", "In-Reply-To") if mail[each]]
    body = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    page = mail.get_body(("html",)).get_content()
    picture = [f"Picture: {html.unescape(says)}" for says in re.findall(r'<img [^>]*alt="([^"]*)"', page)]
    written = "\n".join([*headers, *picture, "", body])
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("DUEWATCH_TEST_GOLDEN") == "write":
        file.write_text(written, encoding="utf-8")
    assert written == file.read_text(encoding="utf-8")


def test_a_report_from_its_lead_to_its_closing(house: House) -> None:
    compare("lead", to("partnerships", house.morning("2021-09-16"), "OP 40"))
    house.do(
        "2021-09-20", "record", "announced", "op40.support/1", "--on", "2021-09-20", "--will", "late", "--by", "J. Doe"
    )
    compare("announced", to("deputy", house.morning("2021-09-23"), "OP 40"))
    compare("due", to("partnerships", house.morning("2021-09-30"), "OP 40"))
    first = to("partnerships", house.morning("2021-10-01"), "OP 40")
    compare("overdue", first)
    house.do(
        "2021-10-05",
        *("record", "delivered", "op40.support/1", "--dated", "2021-10-04", "--symbol", "S/2021/850"),
        *("--form", "letter", "--why", "the letter gives what the report was to give", "--by", "J. Doe"),
    )
    closed = to("partnerships", house.morning("2021-10-05"), "OP 40")
    compare("closed", closed)
    assert closed["In-Reply-To"] == first["Message-ID"]
    assert house.morning("2021-10-06") == []


def test_a_date_that_moved(house: House) -> None:
    told = to("partnerships", house.morning("2021-07-01"))
    assert told["Subject"].startswith("Due in 14 days: ")
    house.do(
        "2021-07-05",
        *("record", "extension", "op19.adaptation/1", "--to", "2021-08-31", "--granted", "2021-07-02"),
        *("--granted-by", "security-council", "--symbol", "S/2021/600", "--by", "J. Doe"),
    )
    moved = to("partnerships", house.morning("2021-07-06"))
    compare("moved", moved)
    assert moved["References"] == told["Message-ID"]
    assert house.morning("2021-07-07") == []


def test_readings_that_differ(house: House) -> None:
    compare("readings", to("political", house.morning("2022-03-16")))


def test_what_is_only_urged_comes_in_one_message_where_the_rules_want_it_told(house: House) -> None:
    rules = house.folder / "rules"
    shutil.copytree(ROOT / "rules", rules, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    alerts = (rules / "alerts.yaml").read_text(encoding="utf-8")
    urged = '- {name: urged, ladder: urged, when: {strength: urges, dated_state: dated}, because: "we want to know"}\n'
    ladder = "ladders:\n  urged: {base: due, stages: {passed: 1}}\n"
    changed = alerts.replace("rules:\n", f"rules:\n{urged}", 1).replace("ladders:\n", ladder, 1)
    (rules / "alerts.yaml").write_text(changed, encoding="utf-8")
    house.patch.setenv("DUEWATCH_RULES", str(rules))
    mail = to("political", house.morning("2022-07-01"), "OP 4,")
    compare("urged", mail)
