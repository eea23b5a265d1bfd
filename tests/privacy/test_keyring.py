"""The period keys: made ahead, found, destroyed in time, never on a clock that leapt."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.privacy.keyring import ClockLeap, KeyGone, Keyring, KeyStoreBroken, Readings
from luisterlijn.privacy.retention import GRACE, RULES, RetentionClass, period_start

from .conftest import NIGHT, CountedTokens

if TYPE_CHECKING:
    from pathlib import Path

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AT_CLOSE, DAY_1, WEEK_1 = RetentionClass.AT_CLOSE, RetentionClass.DAY_1, RetentionClass.WEEK_1
MONTHS_18, ACCOUNT = RetentionClass.MONTHS_18, RetentionClass.ACCOUNT


def at(moment: datetime) -> Readings:
    return Readings(database=moment, node=moment, monotonic=moment - NIGHT)


def readings(database: datetime, node: datetime, monotonic: timedelta) -> Readings:
    return Readings(database=database, node=node, monotonic=monotonic)


def files_of(folder: Path, retention: RetentionClass) -> list[str]:
    return sorted(path.name for path in folder.glob(f"period.{retention}.*.key"))


def test_a_key_serves_its_whole_period_and_no_longer(keyring: Keyring) -> None:
    kek = keyring.current(AT_CLOSE, NIGHT)

    assert kek.start == datetime(2026, 11, 24, 22, tzinfo=NIGHT.tzinfo)
    assert keyring.current(AT_CLOSE, NIGHT + timedelta(minutes=29, seconds=59)) is kek
    assert keyring.current(AT_CLOSE, NIGHT + timedelta(minutes=30)).id != kek.id
    assert keyring.current(DAY_1, NIGHT).id != kek.id


def test_the_file_s_name_says_class_and_period_and_not_the_key(
    keyring: Keyring, folder: Path
) -> None:
    kek = keyring.current(WEEK_1, NIGHT)

    assert files_of(folder, WEEK_1) == ["period.week-1.20261124T0000Z.key"]
    for path in folder.iterdir():
        assert kek.key.reveal() not in path.read_bytes()


def test_a_restart_finds_every_key(keyring: Keyring, folder: Path) -> None:
    keks = [keyring.current(retention, NIGHT) for retention in RetentionClass]

    again = Keyring(folder, CountedTokens("restart"))

    for kek in keks:
        assert again.find(kek.id).key.reveal() == kek.key.reveal()
        assert again.current(kek.retention, NIGHT).id == kek.id


def test_two_processes_share_one_key(keyring: Keyring, folder: Path) -> None:
    other = Keyring(folder, CountedTokens("other"))

    mine = keyring.current(AT_CLOSE, NIGHT)

    assert other.current(AT_CLOSE, NIGHT).id == mine.id
    assert keyring.find(other.current(DAY_1, NIGHT).id).start == NIGHT - timedelta(minutes=30)


def test_keys_are_made_48_hours_ahead(keyring: Keyring, folder: Path) -> None:
    made = keyring.make_ahead(NIGHT)

    assert made == 49 + 49 + 3 + 3 + 3 + 3 + 1
    assert keyring.make_ahead(NIGHT) == 0
    assert keyring.make_ahead(NIGHT + HOUR) == 2
    before = files_of(folder, AT_CLOSE)
    keyring.current(AT_CLOSE, NIGHT + 48 * HOUR)
    assert files_of(folder, AT_CLOSE) == before


def test_an_unknown_key_is_gone(keyring: Keyring) -> None:
    with pytest.raises(KeyGone):
        keyring.find(bytes(16))


@pytest.mark.parametrize(("retention", "lasts"), [(DAY_1, DAY), (WEEK_1, 7 * DAY)])
def test_a_key_goes_one_period_after_the_last_row_was_due(
    keyring: Keyring, folder: Path, retention: RetentionClass, lasts: timedelta
) -> None:
    kek = keyring.current(retention, NIGHT)
    over = kek.start + RULES[retention].period + lasts + GRACE
    name = files_of(folder, retention)

    assert keyring.destroy_expired(at(over - timedelta(seconds=1)), in_use=()) == []
    assert keyring.find(kek.id) is kek
    assert keyring.destroy_expired(at(over), in_use={kek.id}) == [kek.id]

    assert len(name) == 1
    assert files_of(folder, retention) == []
    with pytest.raises(KeyGone):
        keyring.find(kek.id)
    with pytest.raises(KeyGone):
        Keyring(folder, CountedTokens("restart")).find(kek.id)


@pytest.mark.parametrize(("retention", "lasts"), [(DAY_1, DAY), (WEEK_1, 7 * DAY)])
def test_a_row_is_due_before_its_key_goes(
    keyring: Keyring, retention: RetentionClass, lasts: timedelta
) -> None:
    kek = keyring.current(retention, NIGHT)
    due = kek.start + RULES[retention].period + lasts

    assert keyring.living(retention, due - timedelta(seconds=1)) == [kek.id]
    assert keyring.living(retention, due) == []
    assert keyring.find(kek.id) is kek


def test_rows_without_a_fixed_length_are_never_due_by_time(keyring: Keyring) -> None:
    kek = keyring.current(AT_CLOSE, NIGHT)

    assert keyring.living(AT_CLOSE, NIGHT + 1000 * DAY) == [kek.id]
    assert keyring.living(WEEK_1, NIGHT) == []


def test_audit_keys_are_kept_18_months(keyring: Keyring) -> None:
    kek = keyring.current(MONTHS_18, NIGHT)

    assert keyring.destroy_expired(at(NIGHT + 549 * DAY), in_use=()) == []
    assert keyring.destroy_expired(at(NIGHT + 551 * DAY), in_use=()) == [kek.id]


@pytest.mark.parametrize("retention", [AT_CLOSE, ACCOUNT])
def test_a_key_that_a_row_names_is_kept_until_it_does_not(
    keyring: Keyring, folder: Path, retention: RetentionClass
) -> None:
    kek = keyring.current(retention, NIGHT)
    later = NIGHT + 40 * DAY

    assert keyring.destroy_expired(at(later), in_use={kek.id, bytes(16)}) == []
    assert keyring.find(kek.id) is kek
    assert keyring.destroy_expired(at(later), in_use={bytes(16)}) == [kek.id]
    assert files_of(folder, retention) == []


def test_the_key_of_now_is_kept_though_no_row_names_it_yet(keyring: Keyring) -> None:
    kek = keyring.current(AT_CLOSE, NIGHT)
    end = kek.start + HOUR

    # Sealed at the last moment of the hour, committed a little later: not yet in use at the turn.
    assert keyring.destroy_expired(at(end + GRACE - timedelta(seconds=1)), in_use=()) == []
    assert keyring.destroy_expired(at(end + GRACE), in_use=()) == [kek.id]


def test_keys_made_ahead_are_not_destroyed(keyring: Keyring) -> None:
    keyring.make_ahead(NIGHT)

    assert keyring.destroy_expired(at(NIGHT), in_use=()) == []


@pytest.mark.parametrize("leapt", ["database", "node", "monotonic"])
@pytest.mark.parametrize("leap", [timedelta(hours=2, seconds=1), timedelta(hours=-2, seconds=-1)])
def test_nothing_is_destroyed_when_a_clock_leaps(
    keyring: Keyring, folder: Path, leapt: str, leap: timedelta
) -> None:
    # Given: keys that are over, by clocks that agree so far.
    keyring.current(AT_CLOSE, NIGHT)
    keyring.destroy_expired(at(NIGHT), in_use=())
    right = at(NIGHT + DAY)
    wrong = {
        "database": readings(right.database + leap, right.node, right.monotonic),
        "node": readings(right.database, right.node + leap, right.monotonic),
        "monotonic": readings(right.database, right.node, right.monotonic + leap),
    }[leapt]

    # When, then.
    with pytest.raises(ClockLeap):
        keyring.destroy_expired(wrong, in_use=())
    assert len(files_of(folder, AT_CLOSE)) == 1
    assert len(keyring.destroy_expired(right, in_use=())) == 1


def test_clocks_that_start_two_hours_apart_destroy_nothing(keyring: Keyring) -> None:
    apart = readings(NIGHT + timedelta(hours=3), NIGHT, timedelta())

    with pytest.raises(ClockLeap):
        keyring.destroy_expired(apart, in_use=())


def test_clocks_may_differ_by_less_than_two_hours(keyring: Keyring) -> None:
    kek = keyring.current(AT_CLOSE, NIGHT)
    keyring.destroy_expired(at(NIGHT), in_use=())
    later = NIGHT + DAY

    times = readings(later, later + timedelta(minutes=59), later - timedelta(minutes=59) - NIGHT)

    assert keyring.destroy_expired(times, in_use=()) == [kek.id]


def test_what_one_process_destroyed_another_forgets(keyring: Keyring, folder: Path) -> None:
    kek = keyring.current(AT_CLOSE, NIGHT)
    other = Keyring(folder, CountedTokens("other"))
    keyring.destroy_expired(at(NIGHT + DAY), in_use=())

    other.refresh()

    with pytest.raises(KeyGone):
        other.find(kek.id)


def test_a_new_root_opens_what_lives_and_the_old_root_is_gone(
    keyring: Keyring, folder: Path, tokens: CountedTokens
) -> None:
    # Given: a thief's copy of the whole folder, of before.
    kek = keyring.current(WEEK_1, NIGHT)
    kept = keyring.lasting("voucher", tokens.bytes(32))
    before = {path.name: path.read_bytes() for path in folder.glob("*.key")}
    old_root = before.pop("root.000001.key")

    # When.
    keyring.change_root()

    # Then: every entry is another, the old root is nowhere, and all that lives opens.
    after = {path.name: path.read_bytes() for path in folder.glob("*.key")}
    assert after.keys() == before.keys() | {"root.000002.key"}
    assert all(after[name] != content for name, content in before.items())
    assert old_root not in after.values()
    again = Keyring(folder, CountedTokens("restart"))
    assert again.find(kek.id).key.reveal() == kek.key.reveal()
    assert again.lasting("voucher", b"").reveal() == kept.reveal()


def test_other_processes_go_on_after_a_new_root(keyring: Keyring, folder: Path) -> None:
    other = Keyring(folder, CountedTokens("other"))
    keyring.change_root()

    made = other.current(AT_CLOSE, NIGHT)

    assert Keyring(folder, CountedTokens("restart")).find(made.id).key.reveal() == made.key.reveal()


def test_a_new_root_that_died_halfway_is_finished_at_the_next_start(
    keyring: Keyring, folder: Path, tokens: CountedTokens
) -> None:
    # Given: root 2 was written, one entry of two was moved, and then the process died.
    week, hour = keyring.current(WEEK_1, NIGHT), keyring.current(AT_CLOSE, NIGHT)
    unmoved = {path: path.read_bytes() for path in folder.glob("period.at-close.*")}
    old_root = (folder / "root.000001.key").read_bytes()
    keyring.change_root()
    (folder / "root.000001.key").write_bytes(old_root)
    for path, content in unmoved.items():
        path.write_bytes(content)

    # When.
    again = Keyring(folder, tokens)

    # Then.
    assert not (folder / "root.000001.key").exists()
    assert again.find(week.id).key.reveal() == week.key.reveal()
    assert again.find(hour.id).key.reveal() == hour.key.reveal()
    assert Keyring(folder, tokens).find(hour.id).id == hour.id


def test_a_folder_without_its_root_key_stops_the_start(keyring: Keyring, folder: Path) -> None:
    keyring.current(AT_CLOSE, NIGHT)
    (folder / "root.000001.key").unlink()

    with pytest.raises(KeyStoreBroken):
        Keyring(folder, CountedTokens("restart"))
    with pytest.raises(KeyStoreBroken):
        keyring.refresh()


def test_a_changed_entry_stops_the_start(keyring: Keyring, folder: Path) -> None:
    keyring.current(AT_CLOSE, NIGHT)
    (path,) = folder.glob("period.at-close.*")
    whole = path.read_bytes()

    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(bytes(changed))
        with pytest.raises(KeyStoreBroken):
            Keyring(folder, CountedTokens("restart"))


def test_an_entry_under_another_name_does_not_open(keyring: Keyring, folder: Path) -> None:
    # Whoever can rename files could else let a key live on as that of a later period.
    keyring.current(AT_CLOSE, NIGHT)
    (path,) = folder.glob("period.at-close.*")
    path.rename(folder / "period.at-close.20301124T2200Z.key")

    with pytest.raises(KeyStoreBroken):
        Keyring(folder, CountedTokens("restart"))


def test_no_key_is_used_before_it_is_on_the_disk(folder: Path) -> None:
    # A process that is killed at once after it got a key has left the key for the next one.
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            kek = Keyring(folder, CountedTokens("child")).current(AT_CLOSE, NIGHT)
            os.write(writing, kek.id)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.close(writing)
    key_id = os.read(reading, 16)
    os.close(reading)
    os.waitpid(child, 0)

    assert Keyring(folder, CountedTokens("next")).find(key_id).retention is AT_CLOSE


def test_a_lasting_secret_is_kept_as_it_was_first(keyring: Keyring) -> None:
    assert keyring.lasting("voucher", b"first").reveal() == b"first"
    assert keyring.lasting("voucher", b"second").reveal() == b"first"
    with pytest.raises(ValueError, match="named"):
        keyring.lasting("../voucher", b"")


def test_a_key_is_never_printed(keyring: Keyring) -> None:
    kek = keyring.current(AT_CLOSE, NIGHT)

    assert str(kek.key.reveal()) not in repr(kek)
    assert period_start(AT_CLOSE, NIGHT) == kek.start
