"""One channel in trouble, and the others: whole processes against real far sides."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from tests.faults.conftest import a_world
from tests.faults.judging import copies, states
from tests.notifiers.peers import CUT, DRIP, SILENT, ok, reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.conftest import Nursery, World

pytestmark = pytest.mark.slow


@pytest.fixture
def world(nursery: Nursery, furnished: Callable[..., Path], tmp_path: Path) -> Iterator[World]:
    """Two messages planned: one mail, one for Slack."""
    with a_world(furnished(), tmp_path / "world") as one:
        assert nursery.run("evaluate", environment=one.environment)[0] == 0
        yield one


def told(world: World, nursery: Nursery, **settings: str) -> tuple[int, str]:
    """Deliver; give the exit code and all that was said."""
    log = world.folder / f"log {time.monotonic()}"
    named = {f"DUEWATCH_{name}": value for name, value in settings.items()}
    code, _ = nursery.run("deliver", environment=world.environment | named, log=str(log))
    return code, log.read_text(encoding="utf-8")


@pytest.mark.parametrize(("step", "misdeed"), [("greeting", SILENT), ("MAIL", SILENT), ("content", DRIP)])
def test_a_mail_server_that_hangs_does_not_hold_up_slack(
    world: World, nursery: Nursery, step: str, misdeed: str
) -> None:
    world.mail.answers[step] = misdeed
    began = time.monotonic()
    _, said = told(world, nursery, SMTP_TIMEOUT="0.7")
    assert time.monotonic() - began < 5
    assert "1 sent, 1 retrying" in said
    assert len(world.web.received) == 1
    assert sorted(states(world).values()) == ["pending", "sent"]


def test_slack_that_is_busy_does_not_hold_up_mail_and_is_left_alone_until_then(world: World, nursery: Nursery) -> None:
    world.web.answers[:] = [reply("429 Too Many Requests", Retry_After="3600"), ok()]
    code, said = told(world, nursery)
    assert code == 4
    assert "duewatch: slack: 1 message pending: 127.0.0.1" in said
    assert len(world.mail.received) == 1
    code, said = told(world, nursery)
    assert code == 4
    assert "slack: 1 message pending: paused until" in said
    assert len(world.web.received) == 1  # it was not asked again


def test_a_webhook_that_was_taken_away_is_named_and_can_be_revived(world: World, nursery: Nursery) -> None:
    world.web.answers[:] = [reply("404 Not Found", b"no_service"), ok()]
    code, said = told(world, nursery)
    assert code == 4
    assert "duewatch: slack: 1 message given up for good" in said
    assert "token" not in said
    assert sorted(states(world).values()) == ["dead", "sent"]
    assert nursery.run("notify revive slack", "deliver", environment=world.environment)[0] == 0
    assert set(states(world).values()) == {"sent"}


@pytest.mark.parametrize("answer", [CUT, b"HTTP/1.1 200 O", reply("500 Oops")])
def test_slack_that_stumbles_gets_the_same_bytes_again(world: World, nursery: Nursery, answer: bytes | str) -> None:
    from sqlalchemy import create_engine, text

    world.web.answers[:] = [answer, ok()]
    told(world, nursery)
    engine = create_engine(f"sqlite:///{world.folder / 'duewatch.db'}")
    with engine.begin() as connection:  # as if the wait were over
        connection.execute(text("UPDATE delivery SET next_at = 0"))
    engine.dispose()
    assert told(world, nursery)[0] == 0
    [bodies] = [each for each in copies(world).values() if len(each) == 2]
    assert bodies[0] == bodies[1]


def test_a_channel_without_settings_keeps_what_it_has_and_the_others_go(world: World, nursery: Nursery) -> None:
    code, said = told(world, nursery, SLACK_WEBHOOK_URL="")
    assert code == 4
    assert "slack: 1 message pending: no Slack webhook is set" in said
    assert len(world.mail.received) == 1
    assert told(world, nursery)[0] == 0
    assert len(world.web.received) == 1


def test_two_planners_and_two_deliverers_at_once_do_each_thing_once(
    furnished: Callable[..., Path], tmp_path: Path
) -> None:
    import threading

    from tests.faults.conftest import Nursery

    with a_world(furnished(entries=10, persons=4), tmp_path / "many") as world:
        codes: list[int] = []

        def work() -> None:
            with Nursery() as own:
                codes.append(own.run("evaluate", "deliver", "deliver", environment=world.environment)[0])

        threads = [threading.Thread(target=work) for _ in range(2)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert codes == [0, 0]
        assert set(states(world).values()) == {"sent"}
        assert [len(each) for each in copies(world).values()] == [1] * 80
