"""The ladder of rooms, and that no two modules need each other."""

import grimp

from tests.architecture.cycles import cycles, mutual_rooms


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert cycles(grimp.build_graph("csts")) == []


def test_no_two_rooms_need_each_other() -> None:
    assert mutual_rooms(grimp.build_graph("csts")) == []
