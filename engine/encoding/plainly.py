"""PyYAML's own parser, where libyaml is missing or refuses a file.

It differs from libyaml in one thing that texts do: inside braces it ends a text at a question mark.
"""

from __future__ import annotations

import yaml


class PlainLoader(yaml.SafeLoader):
    """Reads `{asks: which one?}` as libyaml and YAML 1.2 do."""

    _in_text = False

    def scan_plain(self) -> yaml.ScalarToken:
        """Scan an unquoted text; inside it a question mark is a letter like others."""
        self._in_text = True
        try:
            return super().scan_plain()
        finally:
            self._in_text = False

    def peek(self, index: int = 0) -> str:
        """Look ahead; the text itself is taken from the buffer, not from here."""
        letter = str(super().peek(index))
        return "x" if letter == "?" and self._in_text else letter
