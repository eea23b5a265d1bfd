"""Where texts and built files lie."""

from __future__ import annotations

import pytest

from luisterlijn.edge.house import BUILT, HOUSE, PAGES, TEXTS, texts


def test_texts_pages_and_built_files_stand_beside_the_code() -> None:
    assert {BUILT.parent.parent, PAGES.parent.parent, TEXTS.parent} == {HOUSE}
    assert (BUILT / "manifest.json").is_file()
    assert (PAGES / "base.html").is_file()


@pytest.mark.parametrize("name", sorted(path.name for path in TEXTS.glob("*.toml")))
def test_every_file_of_texts_can_be_read(name: str) -> None:
    assert texts(name)


def test_a_text_that_is_not_there_is_a_fault_of_ours() -> None:
    with pytest.raises(FileNotFoundError):
        texts("nothing.toml")
