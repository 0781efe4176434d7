"""Whom a stretch of a text names as the one who is to act: proposed in words of the text, never decided.

A verb that asks has it behind ("requests the Director to"), a verb that binds has it before ("the Director shall").
After "that" ("demands that all parties cease") no word ends it: there only names are taken that the text has elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duewatch.engine.encoding.source_text import SourceText
    from duewatch.engine.encoding.tongue import Tongue
    from duewatch.rules.strengths import Verbs

MOST_WORDS: Final = 12  # of a quotation
_LONGEST: Final = 60  # words after which nobody is named any more
_IN_BRACKETS: Final = re.compile(r"\s?\([^()]*\)")
_NOTE: Final = re.compile(
    r"^\d{1,3}\s|(?<=[a-zà-ÿ]{3})\s?\d{1,3}$|(?<=[a-zà-ÿ]{3})\d{1,3}(?=[\s,])"
)  # the number of a footnote
_POSSESSED: Final = re.compile(r"^([A-Z][\w-]*)[’']s\s.*$")  # noqa: RUF001 (a printed apostrophe)
_LAST_CLAUSE: Final = re.compile(r"(?:^|[,;:.”)]\s?\d{0,3}\s)([^,;:.]*)$")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb as it stands in a text; `words` as printed, small, "" for none."""

    at: range
    words: str
    strength: str


NO_VERB: Final = Verb(range(0), "", "")


class Whom:
    """Finds whom verbs of a text name; `names` are known from elsewhere, in small letters and without articles."""

    def __init__(self, text: SourceText, tongue: Tongue, table: Verbs) -> None:
        """Look in a text whose verbs are those of a table."""
        self.text, self.tongue, self.table = text, tongue, table
        self.names: re.Pattern[str] | None = None

    def learn(self, names: Iterable[str]) -> None:
        """Take names that may stand after "that"."""
        known = {*filter(None, names), *self.tongue.texts("usual-names")}
        either = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
        article = "|".join(map(re.escape, self.tongue.texts("articles")))
        self.names = re.compile(rf"{self.tongue.before_that}((?:(?:{article})\s?)*(?:{either}))\b", re.IGNORECASE)

    def of(self, verb: Verb, at: range, *, leads_on: bool = False) -> str:
        """Give whom a verb of a stretch names, without what stands in brackets; "" where it names nobody.

        `leads_on`: the stretch ends where items begin ("Requests the Director:").
        """
        if verb.strength in {"", self.table.binds_nobody} or verb.words.split()[-1] in self.tongue.asking_nobody:
            return ""
        behind = self._plain(range(verb.at.stop, at.stop))
        if verb.words.split()[0] in self.tongue.after_bearer:
            return self._told(self._before(range(at.start, verb.at.start), behind))
        if named := (self.names.match(behind) if self.names else None):
            return named[1]
        if said := self.tongue.that_somebody.match(behind):
            return self._told(_POSSESSED.sub(r"\1", said["who"]))
        if verb.strength == self.table.strengths[0] and verb.words.split()[-1] not in self.tongue.granting:
            return ""
        found = self.tongue.asked.match(f"{behind}:" if leads_on else behind)
        return self._told(self._shortened(found["who"])) if found else ""

    def is_bound_before(self, verb: Verb, at: range) -> bool:
        """Say whether a verb binds somebody who stands before it, in the active voice."""
        behind = self._plain(range(verb.at.stop, at.stop))
        return verb.words.split()[0] in self.tongue.after_bearer and not self.tongue.passive.match(behind)

    def _plain(self, at: range) -> str:
        return _NOTE.sub("", _IN_BRACKETS.sub("", self.text.words(at)).lstrip())

    def _before(self, at: range, behind: str) -> str:
        """Give the words before a verb that binds, from the last stop on; "" in the passive voice."""
        if self.tongue.passive.match(behind):
            return ""
        found = _LAST_CLAUSE.search(self._plain(at).strip(" ,"))
        return self.tongue.lead_in.sub("", found[1].strip()) if found else ""

    def _shortened(self, who: str) -> str:
        first, _, more = who.strip(" ,").partition(", ")
        is_list = more and more.split()[0].casefold() not in self.tongue.asides  # not "the Director, in her report"
        return f"{first}, {more}" if is_list else first

    def _told(self, who: str) -> str:
        who = _NOTE.sub("", who)
        words = who.casefold().split()
        ends_open = not self.tongue.pronouns.isdisjoint(words[-1:])
        begins_otherwise = " ".join((*words, "")).startswith(self.tongue.not_whom)
        return "" if ends_open or begins_otherwise or len(words) > _LONGEST else who
