"""Decides signatures on durable-rules, in a child process, and confirms each with the plain interpreter.

The only file that knows durable-rules, and only the child imports it: a native fault costs a
batch and not the service. What the library breaks and the shape in which it is safe were
measured on 2.0.28: one host whose timers never run; one set of rules and one session for a
process; each rule a flat list of at most 15 tests on one flat fact of 0/1 integers; batches
of at most 100 facts, asserted, checked and retracted; actions that only append; every rule
that matches fires and the lowest number wins; a last rule without conditions, so that each
fact has a verdict.

Parent and child speak lines of JSON: `{"rules": [[number, ones, zeros], ...], "last": n,
"width": w}` is answered by `{"ready": n}`, `{"batch": [signature, ...]}` by
the same with `"fired": [[number, ...], ...]`, and what goes wrong by `{"error": "..."}`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from duewatch.rules.children import Child, ChildFailure
from duewatch.rules.grammar import Decision, Ruleset, engine_rules

if TYPE_CHECKING:
    from types import TracebackType

DecidedBy = Literal["both", "interpreter", "durable-rules"]

BATCH: Final = 100  # facts at once: durable-rules keeps 8 KB for each, and compares ids by a 32-bit hash
TIMEOUT: Final = 10.0  # seconds for one batch, the start of the child included; a batch takes 20 ms
_LOST_IN_A_ROW: Final = 2  # after so many batches lost one after another the child is left alone


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, and who stands behind it."""

    rule: str
    status: str
    next_rule: str | None
    decided_by: DecidedBy


class Undecided(RuntimeError):
    """Neither durable-rules nor the interpreter could decide a signature."""


class Decider:
    """Decides signatures by both engines; starts its child when first asked, ends it when closed.

    `incidents` collects a sentence for each disagreement, death, hang or wrong answer of the
    child, and for each failure of the interpreter. `timeout` is in seconds, for one batch.
    `command` starts another child than ours.
    """

    def __init__(self, *, timeout: float = TIMEOUT, command: Sequence[str] | None = None) -> None:
        """Start nothing yet."""
        self.incidents: list[str] = []
        self._timeout = timeout
        self._command = command
        self._child: Child | None = None
        self._lost = 0
        self._lock = Lock()

    def __enter__(self) -> Self:
        """Give itself: the child starts with the first question."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child."""
        self.close()

    def close(self) -> None:
        """End the child, if there is one. It may be asked again afterwards."""
        with self._lock:
            self._dismiss()

    def decide(self, ruleset: Ruleset, signatures: Collection[int]) -> dict[int, Decided]:
        """Decide each signature by durable-rules and by the interpreter, and compare.

        Where they differ, or the child fails twice, the interpreter's answer stands; where the
        interpreter fails, the child's. Each is an incident. Raises Undecided where both fail.
        """
        asked = sorted(set(signatures))
        with self._lock:
            fired = self._fired(ruleset, asked)
        return {signature: self._settle(ruleset, signature, fired.get(signature)) for signature in asked}

    def _fired(self, ruleset: Ruleset, signatures: list[int]) -> dict[int, list[int]]:
        """Ask the child in batches: the rules that fired for each signature; those of lost batches are left out."""
        fired: dict[int, list[int]] = {}
        waiting = iter(signatures)
        while self._lost < _LOST_IN_A_ROW and (batch := list(islice(waiting, BATCH))):
            answer = self._asked_twice(ruleset, batch)
            self._lost = 0 if answer else self._lost + 1
            fired.update(answer)
        return fired

    def _asked_twice(self, ruleset: Ruleset, batch: list[int]) -> dict[int, list[int]]:
        """Ask a second child where the first one fails; nothing where both do."""
        for _ in range(2):
            try:
                return self._asked(ruleset, batch)
            except ChildFailure as failure:
                self._dismiss()
                self.incidents.append(f"durable-rules: its process {failure} ({len(batch)} signatures)")
        self.incidents.append(f"durable-rules: no answer twice; the interpreter alone decides {len(batch)} signatures")
        return {}

    def _asked(self, ruleset: Ruleset, batch: list[int]) -> dict[int, list[int]]:
        if self._child is None or self._child.fingerprint != ruleset.fingerprint or not self._child.alive():
            self._dismiss()
            self._child = Child(self._command or _our_command(), self._timeout, ruleset.fingerprint)
            self._child.ask(_rules_for_child(ruleset))
        answer = self._child.ask({"batch": batch})
        return dict(zip(batch, _checked(answer, batch, len(ruleset.rules)), strict=True))

    def _dismiss(self) -> None:
        if self._child is not None:
            self._child.close()
        self._child = None

    def _settle(self, ruleset: Ruleset, signature: int, fired: list[int] | None) -> Decided:
        theirs = _decision(ruleset, fired) if fired else None
        try:
            ours = ruleset.decide(signature)
        except Exception as error:
            self.incidents.append(f"the interpreter failed on signature {signature:#x}: {error!r}")
            if theirs is None:
                raise Undecided(f"no engine could decide the signature {signature:#x}") from error
            return _signed(theirs, "durable-rules")
        if theirs == ours:
            return _signed(ours, "both")
        if fired is not None:
            said = theirs.rule if theirs else "no rule"
            self.incidents.append(
                f"durable-rules and the interpreter differ on signature {signature:#x}: {said}, {ours.rule}"
            )
        return _signed(ours, "interpreter")


def _decision(ruleset: Ruleset, fired: Sequence[int]) -> Decision:
    first = ruleset.rules[fired[0]]
    following = ruleset.rules[fired[1]].name if len(fired) > 1 else None
    return Decision(first.name, first.outcome, following)


def _signed(decision: Decision, decided_by: DecidedBy) -> Decided:
    return Decided(decision.rule, decision.status, decision.next_rule, decided_by)


def _rules_for_child(ruleset: Ruleset) -> dict[str, object]:
    return {"rules": list(engine_rules(ruleset)), "last": len(ruleset.rules), "width": len(ruleset.atoms)}


def _checked(answer: Mapping[str, object], batch: list[int], last: int) -> list[list[int]]:
    """Give the rules that fired for each fact, without the last one that always does. Raises ChildFailure."""
    fired = answer.get("fired")
    if answer.get("batch") != batch or not isinstance(fired, list) or len(fired) != len(batch):
        raise ChildFailure("answered something else than was asked")
    if not all(isinstance(one, list) and _is_verdict(one, last) for one in fired):
        raise ChildFailure("gave a fact no verdict, or an impossible one")
    return [one[:-1] for one in fired]


def _is_verdict(numbers: list[object], last: int) -> bool:
    """Whether it is a rising list of rule numbers that ends with the rule that always fires."""
    whole = [number for number in numbers if type(number) is int and 0 <= number <= last]
    return whole == numbers and whole == sorted(set(whole)) and whole[-1:] == [last]


def _our_command() -> list[str]:
    return [sys.executable, "-m", "duewatch.rules.rete"]


# ------------------------------------------------------------------ the child itself
class _Engine:
    """durable-rules in its safe shape: one set of rules, decided batch by batch."""

    def __init__(self, rules: Iterable[tuple[int, list[int], list[int]]], last: int, width: int) -> None:
        from durable.engine import Host

        class QuietHost(Host):  # type: ignore[misc]
            """A host without timers: those of the library's own race with whoever asks."""

            def _run(self) -> None: ...

        self._fired: list[tuple[str, int]] = []
        self._width = width
        definition = {
            f"rule{place}": {"all": [{"m": {"$and": _tests(yes, no)}}], "run": self._appending(number)}
            for place, (number, yes, no) in enumerate([*rules, (last, [], [])])
        }
        self._host = QuietHost()
        self._host.set_rulesets({"rules": definition})
        self._prove_ids()

    def _appending(self, number: int) -> Callable[[Any], None]:
        """Give an action of one positional argument: with more it would be taken for an asynchronous one."""

        def action(context: Any) -> None:  # noqa: ANN401 -- a type of the library's own
            self._fired.append((context.m.id, number))

        return action

    def _prove_ids(self) -> None:
        """Refuse to work where the ids of a full batch collide: facts are told apart by a hash of theirs."""
        self.decide([0] * BATCH)

    def decide(self, signatures: Sequence[int]) -> list[list[int]]:
        """Give the numbers of the rules that fire for each signature, rising. Raises where one has no verdict."""
        if not 0 < len(signatures) <= BATCH:
            raise ValueError(f"a batch has 1 to {BATCH} signatures, not {len(signatures)}")
        facts = [self._fact(place, signature) for place, signature in enumerate(signatures)]
        self._fired.clear()
        self._host.assert_facts("rules", facts)
        verdicts: dict[str, set[int]] = {str(fact["id"]): set() for fact in facts}
        for name, number in self._fired:
            verdicts[name].add(number)
        self._host.retract_facts("rules", facts)
        if not all(verdicts.values()):
            raise RuntimeError("a fact got no verdict")
        if self._host.get_facts("rules"):
            raise RuntimeError("a fact was left behind")
        return [sorted(numbers) for numbers in verdicts.values()]

    def _fact(self, place: int, signature: int) -> dict[str, object]:
        bits = {_bit(number): signature >> number & 1 for number in range(self._width)}
        return {"id": f"f{place}", "always": 1, **bits}


def _tests(yes: list[int], no: list[int]) -> list[dict[str, int]]:
    """Give the tests of a flat rule; one without any asks for what every fact has."""
    tests = [*({_bit(number): 1} for number in yes), *({_bit(number): 0} for number in no)]
    return tests or [{"always": 1}]


def _bit(number: int) -> str:
    return f"b{number}"


def serve(requests: Iterable[str], answer: Callable[[str], object]) -> None:
    """Answer each line of `requests` by one line; the first one brings the rules."""
    engine: _Engine | None = None
    for line in requests:
        try:
            request = json.loads(line)
            if engine is None:
                engine = _Engine(request["rules"], request["last"], request["width"])
                reply: dict[str, object] = {"ready": request["last"]}
            else:
                reply = {"batch": request["batch"], "fired": engine.decide(request["batch"])}
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with it, the other engine has answered
            reply = {"error": f"{type(error).__name__}: {error}"}
        answer(json.dumps(reply) + "\n")


def main() -> None:
    """Be the child: questions on standard input, answers on standard output, which nothing else may use."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        elsewhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(elsewhere, 1)  # the library's native code prints what goes wrong

        def answer(line: str) -> None:
            answers.write(line)
            answers.flush()

        serve(sys.stdin, answer)


if __name__ == "__main__":
    main()
