"""The settings: what is given, what is filled in, and what is refused, all at once and without a secret."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import pytest

from duewatch.engine.problems import BadFile
from duewatch.engine.running.settings import Settings, read_settings
from duewatch.engine.running.values import Secret

PASSWORD = "correct horse battery"  # noqa: S105 - of nothing
HOME = {"HOME": "/home/officer"}


def read(folder: Path, **given: str) -> Settings:
    """Read with the variables DUEWATCH_<given>."""
    return read_settings(HOME | {f"DUEWATCH_{name}": value for name, value in given.items()}, folder=folder)


def refused(folder: Path, **given: str) -> list[str]:
    with pytest.raises(BadFile) as bad:
        read(folder, **given)
    return str(bad.value).splitlines()


def in_file(folder: Path, text: str) -> Path:
    file = folder / "duewatch.toml"
    file.write_text(text, encoding="utf-8")
    return file


# ------------------------------------------------------------------ defaults
def test_nothing_given_is_a_whole_installation(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.database_url == "sqlite:////home/officer/.local/share/duewatch/duewatch.db"
    assert settings.obligations == (tmp_path / "obligations.yaml",)
    assert settings.contacts == tmp_path / "contacts.yaml"
    assert settings.rules is None
    assert settings.zone == "UTC"
    assert (settings.me, settings.smtp_host, settings.smtp_password) == (None, None, None)


@pytest.mark.parametrize(
    ("xdg", "path"),
    [("/srv/data", "/srv/data"), ("relative", "/home/officer/.local/share"), ("", "/home/officer/.local/share")],
)
def test_the_database_lies_in_the_users_data_directory(tmp_path: Path, xdg: str, path: str) -> None:
    settings = read_settings(HOME | {"XDG_DATA_HOME": xdg}, folder=tmp_path)
    assert settings.database_url == f"sqlite:///{path}/duewatch/duewatch.db"


@pytest.mark.parametrize(
    ("given", "security", "port"),
    [
        ({"SMTP_HOST": "mail.example.org"}, "starttls", 587),
        ({"SMTP_HOST": "127.0.0.1"}, "none", 25),
        ({"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "1025"}, "none", 1025),
        ({"SMTP_HOST": "mail.example.org", "SMTP_SECURITY": "tls"}, "tls", 465),
        ({"SMTP_HOST": "::1", "SMTP_SECURITY": "starttls"}, "starttls", 587),
    ],
)
def test_mail_is_encrypted_unless_it_stays_on_this_machine(
    tmp_path: Path, given: dict[str, str], security: str, port: int
) -> None:
    settings = read(tmp_path, **given)
    assert (settings.smtp_security, settings.smtp_port) == (security, port)


# ------------------------------------------------------------------ given
def test_each_variable_is_read(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    settings = read(
        tmp_path,
        DATABASE_URL="postgresql://db/duewatch",
        OBLIGATIONS="a.yaml:/srv/b.yaml",
        CONTACTS="people.yaml",
        RULES="rules",
        ZONE="America/New_York",
        ME="officer",
        SMTP_HOST="mail.example.org",
        SMTP_USER="duewatch",
        SMTP_PASSWORD=PASSWORD,
        SMTP_FROM="duewatch@example.org",
        SMTP_TIMEOUT="7.5",
    )
    assert settings.database_url == "postgresql://db/duewatch"
    assert settings.obligations == (tmp_path / "a.yaml", Path("/srv/b.yaml"))
    assert settings.contacts == tmp_path / "people.yaml"
    assert settings.rules == tmp_path / "rules"
    assert settings.zone == "America/New_York"
    assert settings.me == "officer"
    assert settings.smtp_password is not None
    assert settings.smtp_password.reveal() == PASSWORD
    assert (settings.smtp_user, settings.smtp_from, settings.smtp_timeout) == ("duewatch", "duewatch@example.org", 7.5)


def test_the_environment_wins_over_the_file_and_an_empty_variable_is_none(tmp_path: Path) -> None:
    in_file(tmp_path, 'zone = "Europe/Paris"\nsmtp_host = "mail.example.org"\nsmtp_port = 2525\n')
    settings = read(tmp_path, ZONE="Asia/Tokyo", SMTP_HOST="")
    assert (settings.zone, settings.smtp_host, settings.smtp_port) == ("Asia/Tokyo", "mail.example.org", 2525)


def test_paths_in_a_file_count_from_its_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "etc"
    elsewhere.mkdir()
    config = in_file(elsewhere, 'obligations = ["one.yaml", "/srv/two.yaml"]\ncontacts = "people.yaml"\n')
    settings = read(tmp_path, CONFIG=str(config))
    assert settings.obligations == (elsewhere / "one.yaml", Path("/srv/two.yaml"))
    assert settings.contacts == elsewhere / "people.yaml"


def test_what_is_ours_but_no_setting_is_let_pass(tmp_path: Path) -> None:
    assert read(tmp_path, TEST_TEXTS="/anywhere", NOW="2021-07-16", DEBUG="1").zone == "UTC"


# ------------------------------------------------------------------ secrets
def test_a_password_comes_from_a_file_less_its_line_break(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f" {PASSWORD}\n", encoding="utf-8")
    in_file(tmp_path, 'smtp_user = "duewatch"\nsmtp_host = "mail.example.org"\nsmtp_password_file = "password"\n')
    settings = read(tmp_path)
    assert settings.smtp_password is not None
    assert settings.smtp_password.reveal() == f" {PASSWORD}"
    replaced = read(tmp_path, SMTP_PASSWORD="other")  # noqa: S106 - of nothing
    assert replaced.smtp_password is not None
    assert replaced.smtp_password.reveal() == "other"


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        SMTP_HOST="mail.example.org",
        SMTP_USER="duewatch",
        SMTP_PASSWORD=PASSWORD,
        DATABASE_URL=f"postgresql://duewatch:{PASSWORD}@db/duewatch",
    )
    secret = settings.smtp_password
    for shown in (repr(settings), str(settings), f"{secret}", f"{secret!r:>40}", str({"password": secret})):
        assert PASSWORD not in shown
    assert PASSWORD not in str(dataclasses.asdict(dataclasses.replace(settings, database_url="")))


def test_a_secret_does_not_travel() -> None:
    with pytest.raises(TypeError, match="stays in this process"):
        pickle.dumps(Secret(PASSWORD))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (f'smtp_password = "{PASSWORD}"', "1:1: smtp_password is a secret and may not stand in a settings file; "),
        (f'\n database_url = "postgresql://me:{PASSWORD}@db/x"', "2:2: database_url holds a password, which may not"),
    ],
)
def test_a_secret_in_the_settings_file_is_refused(tmp_path: Path, text: str, wrong: str) -> None:
    file = in_file(tmp_path, text)
    [problem] = refused(tmp_path)
    assert problem.startswith(f"{file}:{wrong}")
    assert PASSWORD not in problem


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "is empty, too long or of several lines"),
        (b"one\ntwo\n", "is empty, too long or of several lines"),
        (b"x" * 5000, "is empty, too long or of several lines"),
        (b"\xff", "is not UTF-8"),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_file_that_holds_no_password_is_refused(tmp_path: Path, content: bytes | None, wrong: str) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    [problem] = refused(tmp_path, SMTP_HOST="mail.example.org", SMTP_USER="duewatch", SMTP_PASSWORD_FILE="password")  # noqa: S106
    assert problem.startswith(f"DUEWATCH_SMTP_PASSWORD_FILE: {file} {wrong}; ")


def test_a_password_of_several_lines_is_refused_unseen(tmp_path: Path) -> None:
    [problem] = refused(
        tmp_path,
        SMTP_HOST="mail.example.org",
        SMTP_USER="duewatch",
        SMTP_PASSWORD=f"{PASSWORD}\n{PASSWORD}",
    )
    assert problem.startswith("DUEWATCH_SMTP_PASSWORD: holds a line break")
    assert PASSWORD not in problem


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"SMTP_HOST": "mail.example.org"}, "a password without a user"),
        ({"SMTP_HOST": "mail.example.org", "SMTP_USER": "d", "SMTP_SECURITY": "none"}, "would travel unencrypted"),
        ({"SMTP_HOST": "localhost", "SMTP_USER": "d", "SMTP_PASSWORD_FILE": "password"}, "the password is given twice"),
    ],
)
def test_a_password_wants_a_user_an_encrypted_way_and_one_source(
    tmp_path: Path, given: dict[str, str], wrong: str
) -> None:
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    [problem] = refused(tmp_path, SMTP_PASSWORD=PASSWORD, **given)
    assert problem.startswith("DUEWATCH_SMTP_PASSWORD: ")
    assert wrong in problem


# ------------------------------------------------------------------ problems
def test_every_problem_is_said_at_once(tmp_path: Path) -> None:
    file = in_file(tmp_path, 'smtp_hots = "mail.example.org"\nzone = "Europe/Atlantis"\n')
    problems = refused(tmp_path, SMTP_PROT="25", SMTP_PORT="smtp", NOW="soon", SMTP_TIMEOUT="0")
    assert sorted(problems, key=lambda problem: problem.removeprefix(f"{file}:")) == [
        f"{file}:1:1: there is no setting smtp_hots; did you mean smtp_host?",
        f'{file}:2:1: "Europe/Atlantis" is not a time zone; write an IANA name, such as UTC or Europe/Paris',
        'DUEWATCH_NOW: "soon" is not a date or a date and time; write "2021-07-16" or "2021-07-16T09:00:00-04:00"',
        'DUEWATCH_SMTP_PORT: "smtp" is not a port; write a number from 1 to 65535',
        "DUEWATCH_SMTP_PROT: there is no setting DUEWATCH_SMTP_PROT; did you mean DUEWATCH_SMTP_PORT?",
        'DUEWATCH_SMTP_TIMEOUT: "0" is not a number of seconds; write one above 0, at most 600',
    ]


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("DATABASE_URL", "duewatch.db", "is not the URL of a database"),
        ("DATABASE_URL", "mysql://me:hunter2@db/x", '"mysql" is not a database we know'),
        ("DATABASE_URL", "sqlite://", "names no file"),
        ("DATABASE_URL", "sqlite:///:memory:", "names no file"),
        ("OBLIGATIONS", "a.yaml:a.yaml", "is named twice"),
        ("OBLIGATIONS", ":", "no path is named"),
        ("CONTACTS", "a\nb", "control character"),
        ("RULES", "nowhere", "there is no folder"),
        ("ZONE", "../UTC", "is not a time zone"),
        ("ZONE", "America", "is not a time zone"),
        ("SMTP_HOST", "mail.example.org:25", "is not a host"),
        ("SMTP_HOST", "smtp://mail", "is not a host"),
        ("SMTP_PORT", "0", "is not a port"),
        ("SMTP_PORT", "65536", "is not a port"),
        ("SMTP_SECURITY", "ssl", "write none, starttls, tls"),
        ("SMTP_FROM", "Due Watch <d@example.org>", "is not one mail address"),
        ("SMTP_FROM", "a@example.org,b@example.org", "is not one mail address"),
        ("SMTP_TIMEOUT", "nan", "is not a number of seconds"),
        ("SMTP_TIMEOUT", "601", "is not a number of seconds"),
        ("CONFIG", "nowhere.toml", "there is no file"),
    ],
)
def test_a_wrong_value_is_refused_at_its_variable(tmp_path: Path, name: str, text: str, wrong: str) -> None:
    [problem] = refused(tmp_path, **{name: text})
    assert problem.startswith(f"DUEWATCH_{name}: ")
    assert wrong in problem
    assert "hunter2" not in problem


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("zone = UTC", "1:8: is not TOML"),
        ("zone = true", "1:1: zone wants a text"),
        ("obligations = [1]", "1:1: obligations wants a text"),
        ("[smtp]\nhost = 'x'", "1:2: there is no setting smtp; did you mean smtp_"),
        ("colour = 'red'", "1:1: there is no setting colour; the settings are contacts, database_url"),
        ("contacts = ['a', 'b']", "1:1: a list stands where one text is wanted"),
    ],
)
def test_a_wrong_file_is_refused_at_its_place(tmp_path: Path, text: str, wrong: str) -> None:
    file = in_file(tmp_path, text)
    [problem] = refused(tmp_path)
    assert problem.startswith(f"{file}:{wrong}")


def test_a_settings_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "duewatch.toml"
    file.write_bytes(b"zone = '\xe9'")
    assert refused(tmp_path) == [f"{file}: is not UTF-8; save it as UTF-8"]


# ------------------------------------------------------------------ channels
def test_the_secrets_of_channels_come_by_environment_or_file_and_are_never_shown(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("https://hooks.example.org/t0ken\n", encoding="utf-8")
    settings = read(
        tmp_path,
        SLACK_WEBHOOK_URL_FILE="url",
        WEBHOOK_URL="https://example.org/t0ken",
        WEBHOOK_SECRET="whsec_t0ken",  # noqa: S106
    )
    assert settings.slack_webhook_url is not None
    assert settings.slack_webhook_url.reveal() == "https://hooks.example.org/t0ken"
    assert settings.webhook_url is not None
    assert settings.webhook_loopback == "no"
    assert "t0ken" not in repr(settings)


@pytest.mark.parametrize("name", ["slack_webhook_url", "webhook_url", "webhook_secret"])
def test_a_secret_of_a_channel_is_given_once_and_not_in_the_settings_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("t0ken", encoding="utf-8")
    [problem] = refused(tmp_path, **{name.upper(): "t0ken", f"{name.upper()}_FILE": "secret"})
    assert f"{name} is given twice; keep it or DUEWATCH_{name.upper()}_FILE" in str(problem)
    in_file(tmp_path, f'{name} = "t0ken"\n')
    [problem] = refused(tmp_path)
    assert f"{name} is a secret and may not stand in a settings file" in str(problem)
    assert "t0ken" not in str(problem)


# ------------------------------------------------------------------ the watch
def test_the_watch_has_its_times_without_being_told(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert (settings.evaluate_every, settings.deliver_every) == (3600, 5)
    assert (settings.run_too_old, settings.undelivered_too_old) == (26 * 3600, 3600)
    assert (str(settings.nightly_at), settings.ping_url) == ("02:30:00", None)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("1h", 3600), ("1d", 86_400)])
def test_a_length_of_time_has_its_unit(tmp_path: Path, text: str, seconds: int) -> None:
    assert read(tmp_path, EVALUATE_EVERY=text).evaluate_every == seconds


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"EVALUATE_EVERY": "60"}, "write a whole number with its unit"),
        ({"EVALUATE_EVERY": "2d"}, "2d is too short or too long"),
        ({"DELIVER_EVERY": "0s"}, "0s is too short or too long"),
        ({"NIGHTLY_AT": "2:30"}, "is not an hour of the day"),
        ({"NIGHTLY_AT": "24:00"}, "is not an hour of the day"),
        ({"PING_URL": "http://ping.example.org/token"}, "it would send unencrypted; write https://"),
        ({"PING_URL": "token"}, "it is not a URL"),
    ],
)
def test_a_time_or_a_url_that_cannot_be_is_refused(tmp_path: Path, given: dict[str, str], told: str) -> None:
    [line] = refused(tmp_path, **given)
    assert told in line
    assert "token" not in line


def test_midnight_is_an_hour_and_a_ping_url_comes_from_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "ping").write_text("https://ping.example.org/token\n", encoding="utf-8")
    settings = read(tmp_path, NIGHTLY_AT="00:00", PING_URL_FILE="ping")
    assert str(settings.nightly_at) == "00:00:00"
    assert settings.ping_url is not None
    assert settings.ping_url.reveal() == "https://ping.example.org/token"
    assert "token" not in repr(settings)
    twice = refused(tmp_path, PING_URL="https://ping.example.org/other", PING_URL_FILE="ping")
    assert "ping_url is given twice" in twice[0]
    in_file(tmp_path, 'ping_url = "https://ping.example.org/token"\n')
    assert "is a secret and may not stand in a settings file" in refused(tmp_path)[0]
