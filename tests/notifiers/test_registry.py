"""Channels are found by name, ours like a guest's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from duewatch.notifiers import registry
from duewatch.notifiers.console import Console
from duewatch.notifiers.message import NotConfigured

if TYPE_CHECKING:
    from pathlib import Path


def test_ours_come_in_by_entry_points() -> None:
    assert {"email", "console"} <= set(registry.names())
    assert isinstance(registry.open_channel("console", {}), Console)


def test_a_guests_channel_needs_no_edit_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pigeon.py").write_text("def open_channel(settings):\n    return 'pigeon to ' + settings['loft']\n")
    about = tmp_path / "pigeon-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[duewatch.channels]\npigeon = pigeon:open_channel\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert "pigeon" in registry.names()
    assert registry.open_channel("pigeon", {"loft": "Bamako"}) == "pigeon to Bamako"


def test_an_unknown_channel_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotConfigured, match=r"no channel is called `fax`; there are: .*console, email"):
        registry.open_channel("fax", {})
