"""durable-rules and the interpreter agree on everything; and when the child fails, the answer is still right."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.rules import children, rete
from duewatch.rules.cells import signatures
from duewatch.rules.conditions import ALWAYS, All, Atom, Atomic, Condition, Not
from duewatch.rules.fields import FIELDS
from duewatch.rules.grammar import Rule, Ruleset
from duewatch.rules.rete import BATCH, Decided, Decider, Undecided

if TYPE_CHECKING:
    from duewatch.rules.checking import Alerts

pytestmark = pytest.mark.slow  # each starts processes

Script = Callable[[str], list[str]]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Write a child of another kind: a few lines of Python, with what they need at hand."""

    def write(body: str) -> list[str]:
        path = tmp_path / "child.py"
        head = """
            import json, os, sys, time, signal, subprocess
            def asked(): return json.loads(sys.stdin.readline())
            def answer(what): print(json.dumps(what), flush=True)
            def fire(numbers, places=None):
                answer({"ready": LAST})
                batch = asked()["batch"]
                answer({"batch": batch, "fired": [numbers] * (places or len(batch))})
                asked()
            def honest(request): return {"batch": request["batch"], "fired": [[LAST] for _ in request["batch"]]}
            tally = TALLY
            with open(tally, "a") as file: file.write(f"{os.getpid()}\\n")
            nth = len(open(tally).readlines())
            rules = asked()
            LAST = rules["last"]
        """
        text = textwrap.dedent(head).replace("TALLY", repr(str(tmp_path / "tally")))
        path.write_text(text + textwrap.dedent(body), encoding="utf-8")
        return [sys.executable, str(path)]

    return write


def interpreted(ruleset: Ruleset, chosen: Sequence[int]) -> dict[int, tuple[str, str, str | None]]:
    decisions = {one: ruleset.decide(one) for one in chosen}
    return {one: (decision.rule, decision.status, decision.next_rule) for one, decision in decisions.items()}


def said(decided: dict[int, Decided]) -> dict[int, tuple[str, str, str | None]]:
    return {one: (answer.rule, answer.status, answer.next_rule) for one, answer in decided.items()}


def by(decided: dict[int, Decided]) -> set[str]:
    return {answer.decided_by for answer in decided.values()}


def gone(pid: int) -> bool:
    """Whether no process of that number is left, not even as a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def some(status: Ruleset, number: int) -> list[int]:
    return list(islice(sorted(signatures(status)), 0, None, 97))[:number]


# ------------------------------------------------------------------ agreement
@pytest.mark.uncounted  # tens of thousands of questions: counting lines would nearly double it
def test_both_agree_on_every_signature_that_can_occur(status: Ruleset, alerts: Alerts) -> None:
    with Decider() as decider:
        for ruleset in (status, alerts.ruleset):
            everything = sorted(signatures(ruleset))
            decided = decider.decide(ruleset, everything)
            assert by(decided) == {"both"}
            assert said(decided) == interpreted(ruleset, everything)
        assert decider.incidents == []


def test_all_rules_that_match_fire_not_only_the_first(status: Ruleset) -> None:
    chosen = random.Random(6).sample(sorted(signatures(status)), 1000)  # noqa: S311
    with Decider() as decider:
        fired = decider._fired(status, chosen)
    for one in chosen:
        assert [status.rules[number] for number in fired[one]] == list(status.matching(one))


def test_any_bits_at_all_are_decided_alike_at_the_limits_of_the_engine() -> None:
    """Sixty atoms, sixty flat rules of fifteen tests: as large as a file may be."""
    chance = random.Random(7)  # noqa: S311
    atoms = [Atom("days_left", "is", number) for number in range(60)]

    def test_of(atom: Atom) -> Condition:
        return Atomic(atom) if chance.random() < 0.5 else Not(Atomic(atom))

    def fifteen() -> Condition:
        return All(tuple(test_of(atom) for atom in chance.sample(atoms, 15)))

    few = tuple(Rule(name=f"short {n}", outcome="x", when=test_of(atom)) for n, atom in enumerate(atoms[:20]))
    many = tuple(Rule(name=f"long {n}", outcome="x", when=fifteen()) for n in range(40))
    ruleset = Ruleset({"days_left": FIELDS["days_left"]}, {}, (*many, *few))
    chosen = [chance.getrandbits(len(ruleset.atoms)) for _ in range(300)]
    for rule in many:  # each long rule matches at least once
        [(yes, no)] = ruleset.masks_of(rule)
        chosen.append((chance.getrandbits(len(ruleset.atoms)) | yes) & ~no)
    with Decider() as decider:
        decided = decider.decide(ruleset, chosen)
        assert decider.incidents == []
    assert by(decided) == {"both"}
    assert {answer.rule for answer in decided.values()} > {rule.name for rule in many[:1]}


def test_nothing_is_started_for_nothing(status: Ruleset) -> None:
    with Decider(command=["/no/such/command"]) as decider:
        assert decider.decide(status, []) == {}
        assert decider.incidents == []


def test_one_child_serves_many_questions_and_another_set_of_rules_has_its_own(status: Ruleset, alerts: Alerts) -> None:
    with Decider() as decider:
        pids = []
        for ruleset in (status, status, alerts.ruleset, status):
            assert by(decider.decide(ruleset, list(signatures(ruleset))[:3])) == {"both"}
            assert decider._child is not None
            pids.append(decider._child._process.pid)
        assert pids[0] == pids[1]
        assert len(set(pids)) == 3
        assert [gone(pid) for pid in pids] == [True, True, True, False]
        assert decider.incidents == []
    assert gone(pids[-1])


def test_a_closed_decider_may_be_asked_again(status: Ruleset) -> None:
    decider = Decider()
    decider.close()
    for _ in range(2):
        assert by(decider.decide(status, some(status, 2))) == {"both"}
        decider.close()
    assert decider._child is None


# ------------------------------------------------------------------ the parent knows nothing of the library
def test_importing_the_room_imports_no_engine() -> None:
    code = "import duewatch.rules.rete, sys; print([m for m in sys.modules if 'durable' in m or m == 'yaml'])"
    environment = {**os.environ, "PYTHONPATH": str(Path(rete.__file__).parents[2])}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_child_runs_in_utc_and_finds_our_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere/else")
    environment = children.child_environment()
    assert environment["TZ"] == "UTC"
    paths = environment["PYTHONPATH"].split(os.pathsep)
    assert paths[-1] == "/somewhere/else"
    assert (Path(paths[0]) / "duewatch" / "rules" / "rete.py").exists()
    monkeypatch.delenv("PYTHONPATH")
    assert os.pathsep not in children.child_environment()["PYTHONPATH"]


def test_an_installed_package_needs_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    home = str(Path(rete.__file__).parents[2])
    monkeypatch.setattr("sysconfig.get_path", lambda name: home if name == "purelib" else "/elsewhere")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert "PYTHONPATH" not in children.child_environment()


# ------------------------------------------------------------------ faults of the child
def test_a_child_killed_between_two_batches_is_replaced(status: Ruleset) -> None:
    chosen = some(status, 8)
    with Decider() as decider:
        decider.decide(status, chosen[:4])
        assert decider._child is not None
        first = decider._child._process.pid
        os.kill(first, signal.SIGKILL)
        decided = decider.decide(status, chosen[4:])
        assert by(decided) == {"both"}
        assert said(decided) == interpreted(status, chosen[4:])
        assert gone(first)


def test_a_child_killed_in_the_middle_of_a_batch_is_replaced_and_reported(status: Ruleset, script: Script) -> None:
    """The first child dies while it decides; the second one is ours."""
    ours = f"{sys.executable} -m duewatch.rules.rete"
    command = script(f"""
        if nth == 1:
            answer({{"ready": LAST}})
            asked()
            os.kill(os.getpid(), signal.SIGKILL)
        child = subprocess.Popen({ours.split()!r}, stdin=subprocess.PIPE, text=True)
        child.stdin.write(json.dumps(rules) + "\\n")
        child.stdin.flush()
        for line in sys.stdin:
            child.stdin.write(line)
            child.stdin.flush()
        child.stdin.close()
        child.wait()
    """)
    chosen = some(status, 5)
    with Decider(command=command) as decider:
        decided = decider.decide(status, chosen)
        assert said(decided) == interpreted(status, chosen)
        assert by(decided) == {"both"}
        assert decider.incidents == ["durable-rules: its process died of SIGKILL (5 signatures)"]


def test_the_real_child_killed_at_any_moment_changes_no_answer(status: Ruleset) -> None:
    everything = sorted(signatures(status))[:3000]
    expected = interpreted(status, everything)
    pids: list[int] = []
    with Decider() as decider:
        asked = decider._asked

        def and_kill(ruleset: Ruleset, batch: list[int]) -> dict[int, list[int]]:
            child = decider._child
            if child is not None and len(pids) < 5:
                pids.append(child._process.pid)
                os.kill(pids[-1], signal.SIGKILL)
            return asked(ruleset, batch)

        decider._asked = and_kill  # type: ignore[method-assign]
        decided = decider.decide(status, everything)
    assert said(decided) == expected
    assert len(pids) == 5
    assert all(gone(pid) for pid in pids)


FAULTS = {
    "hangs": ("time.sleep(600)", "its process did not answer within 1 s and was ended"),
    "hangs after the rules": (
        'answer({"ready": LAST}); asked(); time.sleep(600)',
        "its process did not answer within 1 s and was ended",
    ),
    "hangs with a child of its own": (
        'subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).wait()',
        "its process did not answer within 1 s and was ended",
    ),
    "drips": (
        "while True: sys.stdout.write('x'); sys.stdout.flush(); time.sleep(0.05)",
        "its process did not answer within 1 s and was ended",
    ),
    "floods": ("os.write(1, b'x' * 2_000_000)", "its process answered without end: 'xxxx"),
    "ends at once": ("sys.exit(7)", "its process ended with code 7"),
    "ends after the rules": ('answer({"ready": LAST}); sys.exit(3)', "its process ended with code 3"),
    "crashes": ("os.kill(os.getpid(), signal.SIGSEGV)", "its process died of SIGSEGV"),
    "closes its answers": ("os.close(1); time.sleep(600)", "its process closed its answers"),
    "says garbage": ('print("segmentation fault", flush=True); asked()', "its process answered 'segmentation fault'"),
    "says bytes": ("os.write(1, bytes(range(128, 256)) + b'\\n'); asked()", "its process answered '"),
    "says a number": ("answer(3); asked()", "its process answered '3'"),
    "reports an error": ('answer({"error": "no such module"}); asked()', "its process reported: no such module"),
    "answers nothing": (
        'answer({"ready": LAST}); asked(); answer({}); asked()',
        "answered something else than was asked",
    ),
    "answers for other signatures": (
        'answer({"ready": LAST}); r = asked(); answer(honest({"batch": [1 + n for n in r["batch"]]})); asked()',
        "answered something else than was asked",
    ),
    "answers for fewer": (
        "fire([LAST], 1)",
        "answered something else than was asked",
    ),
    "gives no verdict": (
        "fire([])",
        "gave a fact no verdict, or an impossible one",
    ),
    "gives unknown rules": (
        "fire([-1, LAST])",
        "gave a fact no verdict, or an impossible one",
    ),
    "gives words for rules": (
        'fire(["0", LAST])',
        "gave a fact no verdict, or an impossible one",
    ),
    "gives rules out of order": (
        "fire([2, 1, LAST])",
        "gave a fact no verdict, or an impossible one",
    ),
    "gives rules that are no list": (
        "fire(LAST)",
        "gave a fact no verdict, or an impossible one",
    ),
}


@pytest.mark.parametrize(("body", "incident"), FAULTS.values(), ids=FAULTS)
def test_a_child_that(status: Ruleset, script: Script, tmp_path: Path, body: str, incident: str) -> None:
    chosen = some(status, 3)
    with Decider(command=script(body), timeout=1 if "within 1 s" in incident else 20) as decider:
        decided = decider.decide(status, chosen)
    assert said(decided) == interpreted(status, chosen)
    assert by(decided) == {"interpreter"}
    assert len(decider.incidents) == 3
    assert incident in decider.incidents[0]
    assert decider.incidents[2] == "durable-rules: no answer twice; the interpreter alone decides 3 signatures"
    pids = [int(line) for line in (tmp_path / "tally").read_text().split()]
    assert pids
    assert all(gone(pid) for pid in pids)


def test_a_child_that_cannot_be_started(status: Ruleset) -> None:
    chosen = some(status, 2)
    with Decider(command=["/no/such/command"]) as decider:
        assert said(decider.decide(status, chosen)) == interpreted(status, chosen)
        assert "its process cannot be started: " in decider.incidents[0]


def test_a_child_that_never_reads_does_not_hold_us_up() -> None:
    """More than a pipe holds is written to it; nobody takes it."""
    many = Ruleset(FIELDS, {}, tuple(Rule(name=str(number), outcome="x", when=ALWAYS) for number in range(9000)))
    started = time.monotonic()
    with Decider(command=["/bin/sleep", "600"], timeout=0.3) as decider:
        decided = decider.decide(many, [0])
    assert by(decided) == {"interpreter"}
    assert time.monotonic() - started < 10


def test_a_child_that_lies_is_outvoted(status: Ruleset, script: Script) -> None:
    chosen = some(status, 3)
    command = script("""
        answer({"ready": LAST})
        while True:
            request = asked()
            answer({"batch": request["batch"], "fired": [[LAST - 1, LAST] for _ in request["batch"]]})
    """)
    with Decider(command=command) as decider:
        decided = decider.decide(status, chosen)
    assert said(decided) == interpreted(status, chosen)
    assert by(decided) == {"interpreter"}
    assert len(decider.incidents) == 3
    assert decider.incidents[0].startswith("durable-rules and the interpreter differ on signature 0x")
    assert decider.incidents[0].endswith(f": open, {decided[chosen[0]].rule}")


def test_a_child_that_says_that_nothing_fires_is_outvoted(status: Ruleset, script: Script) -> None:
    chosen = some(status, 1)
    with Decider(command=script('answer({"ready": LAST})\nwhile True: answer(honest(asked()))')) as decider:
        decided = decider.decide(status, chosen)
    assert by(decided) == {"interpreter"}
    assert ": no rule, " in decider.incidents[0]


def test_a_child_that_fails_for_good_is_left_alone(status: Ruleset, script: Script, tmp_path: Path) -> None:
    chosen = sorted(signatures(status))[: 5 * BATCH]
    with Decider(command=script("sys.exit(1)")) as decider:
        assert said(decider.decide(status, chosen)) == interpreted(status, chosen)
        assert said(decider.decide(status, chosen[:2])) == interpreted(status, chosen[:2])
    assert len((tmp_path / "tally").read_text().split()) == 4
    assert len(decider.incidents) == 6


def test_one_lost_batch_costs_no_other(status: Ruleset, script: Script) -> None:
    """The second batch is lost twice; the first and the third are decided by both."""
    command = script(
        f"""
        child = subprocess.Popen({[sys.executable, "-m", "duewatch.rules.rete"]!r},
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        def ask(what):
            child.stdin.write(json.dumps(what) + "\\n")
            child.stdin.flush()
            return json.loads(child.stdout.readline())
        answer(ask(rules))
        for line in sys.stdin:
            request = json.loads(line)
            if DOOMED in request["batch"]:
                sys.exit(9)
            answer(ask(request))
    """.replace("DOOMED", str(sorted(signatures(status))[BATCH]))
    )
    chosen = sorted(signatures(status))[: 3 * BATCH]
    with Decider(command=command) as decider:
        decided = decider.decide(status, chosen)
    assert said(decided) == interpreted(status, chosen)
    assert [decided[chosen[place]].decided_by for place in (0, BATCH, 2 * BATCH)] == ["both", "interpreter", "both"]


# ------------------------------------------------------------------ faults of the interpreter
def broken(*_: object) -> Any:
    raise RecursionError("the interpreter is out of order")


def test_where_the_interpreter_fails_the_engine_decides(status: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = some(status, 3)
    expected = interpreted(status, chosen)
    monkeypatch.setattr(Ruleset, "decide", broken)
    with Decider() as decider:
        decided = decider.decide(status, chosen)
    assert said(decided) == expected
    assert by(decided) == {"durable-rules"}
    assert len(decider.incidents) == 3
    assert "the interpreter failed on signature" in decider.incidents[0]


def test_where_both_fail_nothing_is_guessed(status: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ruleset, "decide", broken)
    with Decider(command=["/bin/false"]) as decider, pytest.raises(Undecided, match="no engine could decide"):
        decider.decide(status, some(status, 1))


# ------------------------------------------------------------------ the child by itself
def conversation(*lines: object) -> list[dict[str, Any]]:
    """Give the answers of our child to these lines."""
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    run = subprocess.run(
        [sys.executable, "-m", "duewatch.rules.rete"],
        input=text,
        env=children.child_environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


RULES = {"rules": [[0, [0, 1], []], [1, [0], [1]], [1, [], [0, 1]]], "last": 2, "width": 2}


def test_the_child_answers_line_by_line() -> None:
    answers = conversation(RULES, {"batch": [0b00, 0b01, 0b10, 0b11, 0b01]}, {"batch": [0b11]})
    assert answers == [
        {"ready": 2},
        {"batch": [0, 1, 2, 3, 1], "fired": [[1, 2], [1, 2], [2], [0, 2], [1, 2]]},
        {"batch": [3], "fired": [[0, 2]]},
    ]


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        (["nonsense"], "JSONDecodeError"),
        ([{"batch": [1]}], "KeyError: 'rules'"),
        ([RULES, {"batch": []}], "ValueError: a batch has 1 to 100 signatures, not 0"),
        ([RULES, {"batch": [0] * 101}], "ValueError: a batch has 1 to 100 signatures, not 101"),
        ([RULES, {"question": 3}], "KeyError: 'batch'"),
        ([RULES, {"batch": ["x"]}], "TypeError"),
    ],
)
def test_the_child_reports_what_it_cannot_do_and_goes_on(lines: list[object], error: str) -> None:
    answers = conversation(*lines)
    assert error in answers[-1]["error"]


def test_after_an_error_the_child_still_decides_right() -> None:
    answers = conversation(RULES, {"batch": []}, {"batch": [0b11, 0b10]})
    assert answers[-1]["fired"] == [[0, 2], [2]]


def test_the_child_reports_that_the_library_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "durable").mkdir()
    (tmp_path / "durable" / "__init__.py").write_text("raise ImportError('built for another Python')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answers = conversation(RULES)
    assert answers == [{"error": "ImportError: built for another Python"}]
