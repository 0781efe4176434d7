"""Reading a deadline's text word by word: where one stands, and the nodes made of what was read.

The nodes are those that YAML would have given for the same thing written as a mapping: so both are one tree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from duewatch.engine.encoding.nodes import MappingNode, ScalarNode, SequenceNode
from duewatch.engine.encoding.notebook import nearest
from duewatch.engine.encoding.tokens import Stuck, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.tokens import Token
    from duewatch.engine.problems import Place


@dataclass(slots=True)
class Cursor:
    """Where the reading of one text stands. `start` is the place of its first letter."""

    words: Sequence[Token]
    start: Place
    at: int = 0
    depth: int = 0  # open brackets

    @property
    def here(self) -> Token:
        """The next word."""
        return self.words[self.at]

    def ahead(self, count: int) -> Token:
        """The word `count` words on; the end of the text where there are fewer."""
        return self.words[min(self.at + count, len(self.words) - 1)]

    def step(self) -> Token:
        """Take the next word, whatever it is."""
        word = self.here
        self.at = min(self.at + 1, len(self.words) - 1)
        return word

    def sees(self, phrase: str, skip: int = 0) -> bool:
        """Say whether the next words (after `skip` of them) are those of `phrase`."""
        return all(self.ahead(skip + n).folded == one for n, one in enumerate(phrase.split()))

    def take(self, *phrases: str) -> Token | None:
        """Take the first of `phrases` that stands here, and give its first word; None where none does."""
        for phrase in phrases:
            if self.sees(phrase):
                first = self.here
                self.at += len(phrase.split())
                return first
        return None

    def want(self, *phrases: str, after: str = "") -> Token:
        """Take one of `phrases`, or be stuck with them as the remedy."""
        found = self.take(*phrases)
        if found is None:
            choice = " or ".join(f"`{one}`" for one in phrases)
            raise self.stuck(f"write {choice}" + (f" after {after}" if after else ""), phrases)
        return found

    def stuck(self, right: str, words: Iterable[str] = ()) -> Stuck:
        """Give the complaint that the next word does not fit, to be raised; a slip of one of `words` is named."""
        word = self.here
        if word.sort == "end":
            return Stuck(word.column, "the text ends too early", right)
        meant = nearest(word.folded, [one for phrase in words for one in phrase.split()], cutoff=0.75)
        wrong = f"`{word.text}` is not understood here"
        return Stuck(word.column, wrong, f"did you mean `{meant}`?" if meant and meant != word.folded else right)

    # ------------------------------------------------------------------ nodes
    def place(self, word: Token) -> Place:
        """Give the place of a word."""
        return replace(self.start, column=self.start.column + word.column) if self.start.line else self.start

    def text(self, word: Token, value: str) -> ScalarNode:
        """Make a text that begins at `word`."""
        return ScalarNode(self.place(word), value, value, quoted=True)

    def number(self, word: Token, value: int) -> ScalarNode:
        """Make a whole number."""
        return ScalarNode(self.place(word), value, str(value))

    def mapping(self, word: Token, /, **fields: Node | str | None) -> MappingNode:
        """Make a mapping; `_` in a name stands for `-`, a field without a value is left out."""
        entries = []
        for name, value in fields.items():
            if value is None:
                continue
            key = name.strip("_").replace("_", "-")
            node = self.text(word, value) if isinstance(value, str) else value
            entries.append((ScalarNode(self.place(word), key, key), node))
        return MappingNode(self.place(word), tuple(entries), flow=True)

    def listing(self, word: Token, items: Iterable[Node]) -> SequenceNode:
        """Make a list."""
        return SequenceNode(self.place(word), tuple(items))


def cursor(text: str, start: Place) -> Cursor:
    """Begin to read a text. Stuck where it holds a sign without a meaning."""
    return Cursor(tokens(text), start)
