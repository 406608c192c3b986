from __future__ import annotations

from itertools import pairwise

import pytest

from ui.pages.column_chart import HEIGHT, WIDTH, columns


@pytest.mark.parametrize(
    ("most", "top"), [(0, 10), (1, 10), (10, 10), (11, 20), (21, 50), (51, 100), (101, 200), (4_321, 5_000)]
)
def test_the_scale_ends_at_a_round_number_that_nothing_exceeds(most: int, top: int) -> None:
    assert columns([("a", {"n": most})])[1] == top


def test_parts_stand_on_each_other_from_the_ground_up() -> None:
    (one,), top = columns([("03-10", {"answered": 5, "abstained": 3})])
    below, above = one.parts
    assert below.y + below.height == pytest.approx(HEIGHT)
    assert above.y + above.height == pytest.approx(below.y)
    assert below.height == pytest.approx(HEIGHT * 5 / top)
    assert one.total == 8


@pytest.mark.parametrize("count", [1, 7, 30, 90])
def test_columns_stay_within_the_drawing_and_do_not_touch(count: int) -> None:
    made, _top = columns([(str(number), {"n": number}) for number in range(count)])
    assert all(earlier.x + earlier.width < later.x for earlier, later in pairwise(made))
    assert made[0].x >= 0
    assert made[-1].x + made[-1].width <= WIDTH
    assert 1 <= sum(one.labelled for one in made) <= 8


def test_without_days_nothing_is_drawn() -> None:
    assert columns([])[0] == []
