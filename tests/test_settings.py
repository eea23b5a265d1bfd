"""The environment is read whole: all that is wrong with it is named at once."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from luisterlijn.settings import Settings, SettingsFault, read

SAFE = {
    "LUISTERLIJN_PUBLIC_URL": "https://lijn.example",
    "LUISTERLIJN_CONSOLE_URL": "https://werk.lijn.example",
    "LUISTERLIJN_KEYS": "/keys",
    "LUISTERLIJN_DATA": "/data",
    "DATABASE_URL": "postgresql://ll_app:a@db/lijn",
    "DATABASE_OWNER_URL": "postgresql://ll_owner:b@db/lijn",
}
DEMO = {"LUISTERLIJN_DEMO": "1"}


def faults(environment: dict[str, str]) -> list[str]:
    """Give what is named as wrong; nothing when the settings can be used."""
    try:
        read(environment)
    except SettingsFault as fault:
        return fault.faults
    return []


def names(environment: dict[str, str]) -> list[str]:
    """Give the settings that are named as wrong."""
    return [each.partition(":")[0] for each in faults(environment)]


def test_the_demo_needs_nothing_else_and_a_real_line_is_read_as_told() -> None:
    demo, real = read(DEMO), read({**SAFE, "LUISTERLIJN_TRUSTED_PROXIES": "10.0.0.0/8, fd00::1"})

    assert (demo.demo, demo.bind, demo.port, demo.ops_port) == (True, "127.0.0.1", 8080, 8081)
    assert demo.keys == Path("var/keys")
    assert real.public_url == "https://lijn.example"
    assert real.database_url == SAFE["DATABASE_URL"]
    assert real.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("fd00::1"))
    assert not real.demo


def test_what_a_line_has_to_agree_on_first_is_off_until_it_is_told() -> None:
    for text, on in (("", False), ("0", False), ("1", True)):
        told = read({**SAFE, "LUISTERLIJN_EMERGENCY": text, "LUISTERLIJN_THIRD_PARTIES": text})
        assert (told.emergency, told.third_parties) == (on, on)
    assert names({**SAFE, "LUISTERLIJN_EMERGENCY": "yes"}) == ["LUISTERLIJN_EMERGENCY"]


def test_what_is_not_told_follows_the_port() -> None:
    moved = read({**DEMO, "LUISTERLIJN_PORT": "9000"})
    last = read({**DEMO, "LUISTERLIJN_PORT": "65535"})

    assert (moved.public_url, moved.console_url) == (
        "http://127.0.0.1:9000",
        "http://localhost:9000",
    )
    assert (moved.ops_port, last.ops_port) == (9001, 65534)


def test_an_unknown_setting_is_named_and_other_programs_settings_are_not_ours() -> None:
    assert names({**DEMO, "LUISTERLIJN_PROT": "1", "LUISTERLIJN_": "", "PORT": "x"}) == [
        "LUISTERLIJN_",
        "LUISTERLIJN_PROT",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LUISTERLIJN_PORT", "0"),
        ("LUISTERLIJN_PORT", "65536"),
        ("LUISTERLIJN_PORT", "-1"),
        ("LUISTERLIJN_PORT", "٣"),
        ("LUISTERLIJN_PORT", "80 "),
        ("LUISTERLIJN_OPS_PORT", "http"),
        ("LUISTERLIJN_OPS_PORT", "8080"),
        ("LUISTERLIJN_DEMO", "yes"),
        ("LUISTERLIJN_BIND", "nowhere"),
        ("LUISTERLIJN_BIND", "0.0.0.0/0"),
        ("LUISTERLIJN_PUBLIC_URL", "lijn.example"),
        ("LUISTERLIJN_PUBLIC_URL", "ftp://lijn.example"),
        ("LUISTERLIJN_PUBLIC_URL", "https://lijn.example/chat"),
        ("LUISTERLIJN_PUBLIC_URL", "https://lijn.example?x"),
        ("LUISTERLIJN_PUBLIC_URL", "https://user@lijn.example"),
        ("LUISTERLIJN_PUBLIC_URL", "https://Lijn.example"),
        ("LUISTERLIJN_PUBLIC_URL", "https://lijn.example:443"),
        ("LUISTERLIJN_PUBLIC_URL", "https://["),
        ("LUISTERLIJN_CONSOLE_URL", "https://a\nb"),
        ("LUISTERLIJN_NEUTRAL_URL", "javascript:alert(1)"),
        ("LUISTERLIJN_NEUTRAL_URL", "http://weer.example"),
        ("LUISTERLIJN_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("LUISTERLIJN_TRUSTED_PROXIES", "proxy.example"),
        ("DATABASE_URL", "mysql://ll_app@db/lijn"),
        ("DATABASE_URL", "postgres://ll_app@db/lijn"),
        ("DATABASE_URL_FILE", "/nowhere"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_without_being_repeated(name: str, value: str) -> None:
    given = {**SAFE, name: value}
    if name.endswith("_FILE"):
        del given[name.removesuffix("_FILE")]

    said = [each for each in faults(given) if each.startswith(f"{name}:")]

    assert len(said) == 1
    assert value not in said[0].partition(":")[2] or value == "http"


def test_every_fault_is_named_in_one_go() -> None:
    found = names(
        {
            "LUISTERLIJN_PORT": "x",
            "LUISTERLIJN_COLOUR": "red",
            "LUISTERLIJN_TRUSTED_PROXIES": "a b",
            "DATABASE_URL": "mysql://x",
            "DATABASE_OWNER_URL_FILE": "/nowhere",
        }
    )

    assert found == [
        "LUISTERLIJN_COLOUR",
        "LUISTERLIJN_PORT",
        "LUISTERLIJN_TRUSTED_PROXIES",
        "LUISTERLIJN_TRUSTED_PROXIES",
        "DATABASE_URL",
        "DATABASE_OWNER_URL_FILE",
        "LUISTERLIJN_PUBLIC_URL",
        "LUISTERLIJN_CONSOLE_URL",
        "LUISTERLIJN_KEYS",
    ]


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"LUISTERLIJN_PUBLIC_URL": "http://lijn.example"}, "LUISTERLIJN_PUBLIC_URL"),
        ({"LUISTERLIJN_CONSOLE_URL": "http://werk.example"}, "LUISTERLIJN_CONSOLE_URL"),
        ({"LUISTERLIJN_CONSOLE_URL": "https://lijn.example/"}, "LUISTERLIJN_CONSOLE_URL"),
        ({"LUISTERLIJN_KEYS": "/data/keys"}, "LUISTERLIJN_KEYS"),
        ({"LUISTERLIJN_KEYS": "/data"}, "LUISTERLIJN_KEYS"),
        ({"LUISTERLIJN_KEYS": "/data/../data/keys"}, "LUISTERLIJN_KEYS"),
        ({"LUISTERLIJN_KEYS": "/else/../data/keys"}, "LUISTERLIJN_KEYS"),
        ({"LUISTERLIJN_KEYS": ""}, "LUISTERLIJN_KEYS"),
        ({"DATABASE_OWNER_URL": ""}, "DATABASE_URL and DATABASE_OWNER_URL"),
        ({"DATABASE_URL": "", "DATABASE_OWNER_URL": ""}, "DATABASE_URL"),
    ],
)
def test_a_line_with_real_callers_does_not_start_on_one_unsafe_setting(
    changed: dict[str, str], name: str
) -> None:
    assert faults(SAFE) == []
    assert names({**SAFE, **changed}) == [name]


def test_a_key_folder_that_leads_into_the_data_by_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data" / "keys").mkdir(parents=True)
    (tmp_path / "keys").symlink_to(tmp_path / "data" / "keys")
    given = {
        **SAFE,
        "LUISTERLIJN_DATA": str(tmp_path / "data"),
        "LUISTERLIJN_KEYS": str(tmp_path / "keys"),
    }

    assert names(given) == ["LUISTERLIJN_KEYS"]


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - must be refused
def test_the_demo_listens_on_this_machine_only(bind: str) -> None:
    assert names({**DEMO, "LUISTERLIJN_BIND": bind}) == ["LUISTERLIJN_BIND"]
    assert names({**SAFE, "LUISTERLIJN_BIND": bind}) == []


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_every_spelling_of_this_machine_will_do_for_the_demo(bind: str) -> None:
    assert read({**DEMO, "LUISTERLIJN_BIND": bind}).bind == bind


def test_a_secret_may_come_from_a_file_but_not_from_two_places(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text(f"{SAFE['DATABASE_URL']}\n")
    from_file = {**SAFE, "DATABASE_URL_FILE": str(file)}
    both = dict(from_file)
    del from_file["DATABASE_URL"]

    assert read(from_file).database_url == SAFE["DATABASE_URL"]
    assert names(both) == ["DATABASE_URL"]


def test_a_secret_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_bytes(b"\xff\xfe")

    assert "DATABASE_URL_FILE" in names({**DEMO, "DATABASE_URL_FILE": str(file)})


def test_printed_settings_hold_no_password() -> None:
    assert "ll_app:a" not in repr(read(SAFE))
    assert Settings().database_url is None


MAIL = {"MAIL_SMTP_HOST": "mail.example", "MAIL_SENDER": "rooster@lijn.example"}


def test_mail_is_sent_only_when_it_is_set_up_and_its_password_is_shown_nowhere(
    tmp_path: Path,
) -> None:
    secret = tmp_path / "password"
    secret.write_text("geheim\n", encoding="utf-8")
    without = read(SAFE)
    given = {**SAFE, **MAIL, "MAIL_SMTP_USER": "lijn", "MAIL_SMTP_PASSWORD_FILE": str(secret)}
    chosen = read(given).mail

    assert without.mail is None
    assert chosen is not None
    assert (chosen.host, chosen.port, chosen.user) == ("mail.example", 587, "lijn")
    assert chosen.password == "geheim"
    assert "geheim" not in repr(read(given))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"MAIL_SMTP_HOST": "mail.example"}, "MAIL_SENDER"),
        ({"MAIL_SENDER": "rooster@lijn.example"}, "MAIL_SMTP_HOST"),
        ({**MAIL, "MAIL_SENDER": "Rooster <rooster@lijn.example>"}, "MAIL_SENDER"),
        ({**MAIL, "MAIL_SMTP_PORT": "smtp"}, "MAIL_SMTP_PORT"),
        ({**MAIL, "MAIL_HOST": "x"}, "MAIL_HOST"),
    ],
)
def test_half_a_mail_host_is_none(given: dict[str, str], named: str) -> None:
    assert names({**SAFE, **given}) == [named]
