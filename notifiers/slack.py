"""The channel `slack`: an incoming webhook, with the message as blocks and as plain text.

The webhook belongs to one Slack channel. A person's address is their member id (`U0123ABCD`),
which mentions them there; without one the name stands alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from duewatch.notifiers.http import Target, post, read_target
from duewatch.notifiers.message import NotConfigured, Receipt, Refused
from duewatch.notifiers.plain import one_line, readable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from duewatch.notifiers.message import Matter, Message, Section

_MEMBER: Final = re.compile(r"[UW][A-Z0-9]{2,30}")
# Block Kit: at most so many characters in a heading and in a text, and so many blocks.
_HEADING: Final = 150
_TEXT: Final = 3000
_BLOCKS: Final = 50
_FULL: Final = 3  # matters that are told with all that stands behind them; of more only the state
_LISTED: Final = 40
_BARS: Final = {"late": ":red_circle:", "soon": ":large_yellow_circle:", "done": ":white_check_mark:", "plain": ""}


@dataclass(frozen=True, slots=True)
class Slack:
    """Posts to one incoming webhook."""

    target: Target
    name: ClassVar[str] = "slack"

    def freeze(self, message: Message) -> bytes:
        """Give the JSON to post. Refused where the address is no member id."""
        if message.to_address and not _MEMBER.fullmatch(message.to_address):
            reason = f"{one_line(message.to_address)!r} is not the id of a Slack member, such as U0123ABCD"
            raise Refused(reason, for_good=True, scope="message")
        blocks = _blocks(message)
        payload = {"text": _cut(escaped(one_line(message.subject)), _TEXT), "blocks": blocks}
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    def send(self, raw: bytes, to: str, *, at: datetime, deadline: float) -> Receipt:  # noqa: ARG002 - it is in the bytes
        """Post it. NotSent where Slack did not take it, or may not have."""
        receipt = post(self.target, raw, {}, at=at, deadline=deadline)
        trouble = _complaint(receipt.detail)
        if trouble:
            raise Refused(f"{self.target.place}: {trouble}", for_good=True, scope="message")
        return receipt


def open_channel(settings: Mapping[str, str]) -> Slack:
    """Open the channel from `slack_webhook_url`."""
    if not settings.get("slack_webhook_url"):
        raise NotConfigured("no Slack webhook is set; give its URL in DUEWATCH_SLACK_WEBHOOK_URL or .._FILE")
    return Slack(read_target(settings["slack_webhook_url"], "DUEWATCH_SLACK_WEBHOOK_URL"))


def escaped(text: str) -> str:
    """Give text of which Slack makes neither a link nor a mention (its reference, "Escaping text")."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _complaint(answer: str) -> str:
    """Give the error of an answer that says 200 and means no."""
    body = answer.partition(" ")[2]
    try:
        found = json.loads(body) if body.startswith("{") else {}
    except ValueError:
        return ""
    refused = isinstance(found, dict) and found.get("ok") is False
    return f"200, but {one_line(str(found.get('error', 'not ok')))}" if refused else ""


def _blocks(message: Message) -> list[dict[str, Any]]:
    head = {
        "type": "header",
        "block_id": f"duewatch-{message.key}",
        "text": {"type": "plain_text", "text": _cut(escaped(one_line(message.subject)), _HEADING), "emoji": False},
    }
    person = f"<@{message.to_address}>" if message.to_address else escaped(one_line(message.to_name))
    blocks = [head, _section(f"For {person}"), *_told(message)]
    foot = [_mrkdwn(escaped(one_line(line))) for line in message.foot]
    return [*blocks[: _BLOCKS - 1], *([{"type": "context", "elements": foot[:10]}] if foot else [])]


def _told(message: Message) -> list[dict[str, Any]]:
    if not message.matters:
        return [_section(escaped(readable(message.text)))]
    if len(message.matters) <= _FULL:
        return [block for matter in message.matters for block in _whole(matter)]
    listed = [_section(_heading(matter)) for matter in message.matters[:_LISTED]]
    more = len(message.matters) - _LISTED
    return [*listed, *([_section(f"... and {more} more")] if more > 0 else [])]


def _whole(matter: Matter) -> list[dict[str, Any]]:
    return [_section(_heading(matter)), *map(_part, matter.sections), {"type": "divider"}]


def _heading(matter: Matter) -> str:
    mark = f"{_BARS[matter.tone]} ".lstrip()
    return f"{mark}*{escaped(one_line(matter.state))}*\n{escaped(one_line(matter.what))}"


def _part(section: Section) -> dict[str, Any]:
    lines = [escaped(one_line(line)) for line in section.lines]
    body = "\n".join(f"`{line}`" if section.verbatim else line for line in lines)
    return _section(f"*{escaped(one_line(section.title))}*\n{body}")


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": _cut(text, _TEXT), "verbatim": True}  # verbatim: no @names, no #channels


def _cut(text: str, most: int) -> str:
    """Shorten a text, and leave no half of an escaped character."""
    if len(text) <= most:
        return text
    return re.sub(r"&[a-z]*\Z", "", text[: most - 4]) + " ..."
