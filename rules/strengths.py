"""Operative verbs and how strongly each binds, as one drafting tradition has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from duewatch.rules.faults import Fault, Faults, remedy

PARAGRAPH: Final = "Art"
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Verbs:
    """What verbs/NAME.yaml says: strengths from the strongest on, and the strength of each verb phrase."""

    strengths: tuple[str, ...]
    verbs: Mapping[str, str]  # phrases in lower case, with single spaces
    paragraph: str = PARAGRAPH  # the word that its lawyers put before the number of a paragraph
    symbols: tuple[str, ...] = ()  # how the symbols of the documents of this tradition begin
    noting: str = ""  # the strength of verbs that bind nobody, but only say something; "" for the weakest

    @property
    def binds_nobody(self) -> str:
        """Give the strength of verbs that only note, recall or acknowledge."""
        return self.noting or self.strengths[-1]


def check_verbs(data: object) -> tuple[Verbs | None, list[Fault]]:
    """Read `{strengths: [requests, urges], verbs: {further requests: requests}}`."""
    faults = Faults()
    top = faults.mapping(data, (), "the file", ("strengths", "verbs", "paragraph", "symbols", "noting"))
    strengths = _strengths(faults.listed(top, "strengths", (), "the file"), faults)
    symbols = faults.sequence(top["symbols"], ("symbols",), "`symbols`") if "symbols" in top else []
    word = faults.text(top, "paragraph", (), "the file") if "paragraph" in top else PARAGRAPH
    noting = faults.text(top, "noting", (), "the file") if "noting" in top else ""
    if noting and noting not in strengths:
        faults.add(("noting",), f"`{noting}` is not a strength of this file", remedy(noting, strengths))
    verbs: dict[str, str] = {}
    entries = faults.inner(top, "verbs", (), "the file")
    for phrase in entries:
        strength = faults.text(entries, phrase, ("verbs",), "`verbs`")
        if strength and strength not in strengths:
            faults.add(("verbs", phrase), f"`{strength}` is not a strength of this file", remedy(strength, strengths))
        if _normal(phrase) in verbs:
            faults.add(("verbs", phrase), f"the verb `{phrase}` is given twice", "keep one")
        verbs[_normal(phrase)] = strength
    for strength in strengths:
        if strength not in verbs.values():
            faults.add(("strengths",), f"no verb is as strong as `{strength}`", "add a verb, or delete the strength")
    if faults.found:
        return None, faults.found
    return Verbs(strengths, MappingProxyType(verbs), word, tuple(map(str, symbols)), noting), []


def _strengths(entries: list[object], faults: Faults) -> tuple[str, ...]:
    read: list[str] = []
    for number, entry in enumerate(entries):
        if not isinstance(entry, str) or not entry.strip():
            faults.add(("strengths", number), "a strength is a word", "write its name")
        elif entry in read:
            faults.add(("strengths", number), f"`{entry}` is given twice", "keep one")
        else:
            read.append(entry)
    return tuple(read)


def _normal(phrase: str) -> str:
    return _SPACES.sub(" ", phrase).strip().casefold()
