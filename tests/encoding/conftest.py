"""Short ways to read an encoding that is written in a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.rulefiles import load_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duewatch.engine.words import Instrument, Norm
    from duewatch.rules.strengths import Verbs

HEAD = """
instrument: {symbol: T/1 (2021), adopted: {date: "2021-06-29"}, zone: Europe/Paris}
parties: {secretary: {}, council: {}, states: {open: true}, sides: {members: [secretary, council]}}
events: {begun: {date: "2021-07-01"}, case: {repeats: true}}
periods: {mandate: {from: adoption, until: "2022-06-30"}}
"""


@pytest.fixture(scope="session")
def verbs() -> Mapping[str, Verbs]:
    return load_rules(None).verbs


@pytest.fixture
def encode(verbs: Mapping[str, Verbs]) -> Callable[..., Instrument]:
    """Read the list of obligations in `text` under a small head (`more` are further sections)."""

    def read(text: str, more: str = "", head: str = HEAD) -> Instrument:
        return read_instrument(f"{head}{more}obligations:\n{text}".encode(), verbs, name="t.yaml")[0]

    return read


@pytest.fixture
def norm(encode: Callable[..., Instrument]) -> Callable[..., Norm]:
    """Read one achieved norm with further fields, and give it under its default reading."""

    def read(fields: str, kind: str = "achieve", more: str = "") -> Norm:
        entry = (
            f"- {{id: a, provision: Art 1, verb: requests, bearer: secretary, kind: {kind}, action: act, {fields}}}\n"
        )
        return encode(entry, more).obligations[0].norms[0]

    return read
