"""`make demo`: the real command line on the real encoding, through a year, with a real mail server and a webhook.

The steps stand in `demo.toml`: what is said, which command runs on which day, and what it has to print.
Each command is a process of its own, on a fresh database in `demo-data/`. A step whose expectation fails
ends the demonstration with exit code 1.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import textwrap
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from duewatch.console.hookbox import Hookbox
from duewatch.console.postbox import Postbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import EmailMessage

STEPS: Final = Path(__file__).with_name("demo.toml")
FOLDER: Final = Path("demo-data")
DATABASE: Final = FOLDER / "duewatch.db"
CONTACTS: Final = FOLDER / "contacts.yaml"
PAYLOADS: Final = FOLDER / "slack.json"
PATIENCE: Final = 50  # seconds for one command; all of them together stay under a minute
WIDTH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command, on one day, with what it has to print."""

    run: tuple[str, ...]  # the words after `duewatch`
    now: str  # the instant at which it runs, with offset
    says: str = ""  # told before it
    expect: tuple[str, ...] = ()  # each stands in what it prints
    refuse: tuple[str, ...] = ()  # none stands in what it prints
    mails: int | None = None  # mails received since the beginning, once it has run
    posts: int | None = None  # the same for what was posted to the webhook
    exit: int = 0

    @classmethod
    def read(cls, table: Mapping[str, object]) -> Step:
        """Take a table of `demo.toml`; lists become tuples, and an unknown key is an error of ours."""
        return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in table.items()})  # type: ignore[arg-type]


def main() -> int:
    """Run all steps; 0 when each did what it had to."""
    script = tomllib.loads(STEPS.read_text(encoding="utf-8"))
    for leftover in sorted(FOLDER.glob(f"{DATABASE.name}*")):
        leftover.unlink()
    FOLDER.mkdir(exist_ok=True)
    CONTACTS.write_text(script["contacts"], encoding="utf-8")
    with Postbox() as postbox, Hookbox() as hookbox:
        for table in script["step"]:
            if wrong := take(Step.read(table), postbox, hookbox):
                print(f"\nThe demonstration failed here: {wrong}", file=sys.stderr)
                return 1
    print(f"\n{script['end'].strip()}")
    return 0


def take(step: Step, postbox: Postbox, hookbox: Hookbox) -> str:
    """Run one step and print it; give what is wrong with it, or nothing."""
    if step.says:
        print("\n" + textwrap.fill(f"# {' '.join(step.says.split())}", WIDTH, subsequent_indent="# "))
    print(f"$ DUEWATCH_NOW={step.now} {shlex.join(['duewatch', *step.run])}", flush=True)
    mails, posts = len(postbox.mails), len(hookbox.posts)
    ended = subprocess.run(  # noqa: S603 (our own command, with words of our own file)
        [sys.executable, "-m", "duewatch", *step.run],
        env=surroundings(step.now, postbox.port, hookbox.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    print(ended.stdout.rstrip())
    for mail in postbox.mails[mails:]:
        print(as_received(mail))
    for post in hookbox.posts[posts:]:
        print(as_posted(post))
    return missing(step, ended.stdout, ended.returncode, len(postbox.mails), len(hookbox.posts))


def surroundings(now: str, port: int, hook: str) -> dict[str, str]:
    """Give the environment of a command: nobody's own settings, the day of the step, the postbox and the webhook."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUEWATCH_")}
    return kept | {
        "COLUMNS": str(WIDTH),
        "DUEWATCH_CONTACTS": str(CONTACTS),
        "DUEWATCH_DATABASE_URL": f"sqlite:///{DATABASE}",
        "DUEWATCH_NOW": now,
        "DUEWATCH_SMTP_HOST": "127.0.0.1",
        "DUEWATCH_SMTP_PORT": str(port),
        "DUEWATCH_SMTP_SECURITY": "none",
        "DUEWATCH_SMTP_FROM": "duewatch@example.org",
        "DUEWATCH_SLACK_WEBHOOK_URL": hook,
    }


def as_received(mail: EmailMessage) -> str:
    """Show a mail as the server took it."""
    headers = [f"{name}: {mail[name]}" for name in ("From", "To", "Subject", "Message-ID") if mail[name]]
    body = mail.get_body(("plain",))
    text = str(body.get_content()).rstrip() if body else ""
    lines = ["received by the mail server:", *headers, "", *text.splitlines()]
    return "\n".join(f"    | {line}".rstrip() for line in lines)


def as_posted(payload: Mapping[str, Any]) -> str:
    """Show what the webhook took, a block a line and cut to the screen, and keep all of it in a file."""
    PAYLOADS.write_text(json.dumps(payload, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    lines = ["posted to the Slack webhook:"]
    for name, value in payload.items():
        blocks = value if isinstance(value, list) else [value]
        lines += [f"{name}: {json.dumps(block, ensure_ascii=False)}" for block in blocks]
    cut = [line if len(line) <= WIDTH else f"{line[: WIDTH - 4]} ..." for line in lines]
    return "\n".join(f"    | {line}" for line in [*cut, f"(all of it stands in {PAYLOADS})"])


def missing(step: Step, printed: str, code: int, mails: int, posts: int) -> str:
    """Compare what a step did with what it had to do; give the first difference in words."""
    seen = " ".join(printed.split())
    if code != step.exit:
        return f"exit code {code} instead of {step.exit}"
    for words in step.expect:
        if words not in seen:
            return f"{words!r} was not printed"
    for words in step.refuse:
        if words in seen:
            return f"{words!r} was printed"
    if step.mails is not None and mails != step.mails:
        return f"{mails} mails were received instead of {step.mails}"
    if step.posts is not None and posts != step.posts:
        return f"{posts} messages were posted instead of {step.posts}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
