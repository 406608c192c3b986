from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.waiting import Desk, Service, Wait, ahead_of, estimate, measured, places, told

FIVE_MINUTES = Service(300, 300)
AGES = st.lists(st.floats(0, 1e6), max_size=12)
SERVICES = st.builds(Service, st.floats(1, 1e5), st.floats(0, 1e5))
NIGHT = 8 * 3600.0


def desk(skills: str, slots: int, talking: tuple[float, ...] = ()) -> Desk:
    return Desk(frozenset(skills.split()), slots, talking)


def wait(ahead: int, servers: int, service: Service = FIVE_MINUTES, busy: list[float] | None = None) -> Wait:
    found = estimate(ahead, servers, service, busy or [])
    assert found is not None
    return found


class TestMeasured:
    def test_before_any_was_measured_it_is_as_expected(self) -> None:
        assert measured([], 300) == Service(300, 300)

    def test_ten_talks_weigh_as_much_as_what_was_expected(self) -> None:
        assert measured([600] * 10, 300).mean == 450

    def test_two_hundred_talks_outweigh_it(self) -> None:
        assert measured([600] * 200, 300).mean == pytest.approx(600, rel=0.03)

    def test_a_mean_of_scattered_talks_is_hardly_cut(self) -> None:
        generator = random.Random(1)
        talks = [generator.lognormvariate(5.5, 0.8) for _ in range(200)]
        assert measured(talks, 337).mean == pytest.approx(sum(talks) / 200, rel=0.05)

    def test_talks_left_open_overnight_do_not_move_it(self) -> None:
        generator = random.Random(2)
        talks = [generator.lognormvariate(5.5, 0.6) for _ in range(200)]
        assert measured([*talks[:-2], NIGHT, NIGHT], 300).mean == pytest.approx(measured(talks, 300).mean, rel=0.1)

    def test_the_first_talk_of_all_left_open_does_not_either(self) -> None:
        assert measured([NIGHT], 300).mean < 400

    @given(st.lists(st.floats(0, 1e7), max_size=300), st.floats(1, 1e4))
    def test_it_is_always_above_nothing(self, talks: list[float], expected: float) -> None:
        service = measured(talks, expected)
        assert service.mean > 0
        assert service.deviation >= 0


class TestEstimate:
    def test_where_nobody_is_there_no_figure_is_said(self) -> None:
        assert estimate(0, 0, FIVE_MINUTES) is None
        assert estimate(3, 0, FIVE_MINUTES, [60]) is None

    def test_a_free_slot_is_no_wait(self) -> None:
        assert estimate(0, 3, FIVE_MINUTES, [10, 20]) == Wait(0, 0, 0)

    def test_free_slots_that_those_ahead_take_are_not_free(self) -> None:
        assert wait(1, 3, busy=[10, 20]).likely > 0

    def test_the_first_of_a_full_house_waits_for_one_of_the_running_talks(self) -> None:
        assert wait(0, 4, busy=[1.0] * 4).likely == pytest.approx(1.1 * 300 / 4 * 0.7, rel=0.1)

    def test_far_back_it_is_the_share_of_those_ahead(self) -> None:
        assert wait(99, 10, busy=[100.0] * 10).likely == pytest.approx(1.1 * 100 * 30, rel=0.1)

    def test_where_all_take_equally_long_a_talk_that_is_nearly_over_is_waited_for(self) -> None:
        assert wait(0, 1, Service(300, 0), [290]).likely < 20

    def test_a_talk_left_open_is_not_counted_on(self) -> None:
        assert wait(0, 2, busy=[60.0, NIGHT]).likely > 1.5 * wait(0, 2, busy=[60.0, 60.0]).likely

    def test_talks_beyond_the_slots_free_nothing(self) -> None:
        assert wait(0, 2, busy=[60.0] * 3).likely > wait(0, 3, busy=[60.0] * 3).likely

    def test_huge_values_are_no_trouble(self) -> None:
        found = wait(1_000_000, 1, Service(1e6, 1e7), [1e9])
        assert found.low <= found.likely <= found.high

    @given(st.integers(0, 500), st.integers(1, 20), SERVICES, AGES)
    def test_the_range_is_in_order(self, ahead: int, servers: int, service: Service, busy: list[float]) -> None:
        found = wait(ahead, servers, service, busy)
        assert 0 <= found.low <= found.likely <= found.high

    @given(st.integers(0, 500), st.integers(1, 20), SERVICES, AGES)
    def test_more_ahead_is_never_sooner(self, ahead: int, servers: int, service: Service, busy: list[float]) -> None:
        less, more = wait(ahead, servers, service, busy), wait(ahead + 1, servers, service, busy)
        assert less.low <= more.low
        assert less.likely <= more.likely
        assert less.high <= more.high

    @given(st.integers(0, 500), st.integers(1, 20), SERVICES, AGES)
    def test_more_servers_are_never_later(self, ahead: int, servers: int, service: Service, busy: list[float]) -> None:
        fewer, more = wait(ahead, servers, service, busy), wait(ahead, servers + 1, service, busy)
        assert more.low <= fewer.low
        assert more.likely <= fewer.likely
        assert more.high <= fewer.high


class TestPlaces:
    def test_a_desk_that_talks_to_three_at_a_time_is_three_slots(self) -> None:
        desks = [desk("cards loans", 3, (5.0, 9.0)), desk("cards", 1, (7.0,)), desk("loans", 2)]
        assert places("cards", desks) == (4, (5.0, 9.0, 7.0))

    def test_nobody_with_the_skill_is_no_slot(self) -> None:
        assert places("wealth", [desk("cards", 3)]) == (0, ())


class TestAheadOf:
    def test_in_one_line_it_is_those_of_better_rank(self) -> None:
        assert ahead_of(5.0, "cards", {"cards": [1, 3, 7, 9]}, [desk("cards", 3)]) == 2

    def test_its_own_rank_in_the_line_does_not_count(self) -> None:
        assert ahead_of(7.0, "cards", {"cards": [1, 3, 7, 9]}, [desk("cards", 3)]) == 2

    def test_another_line_without_a_desk_in_common_does_not_count(self) -> None:
        assert ahead_of(5.0, "cards", {"loans": [1, 2]}, [desk("cards", 3), desk("loans", 2)]) == 0

    def test_another_line_served_by_these_desks_alone_counts_in_full(self) -> None:
        assert ahead_of(5.0, "cards", {"loans": [1, 2]}, [desk("cards loans", 3)]) == 2

    def test_another_line_that_has_desks_of_its_own_counts_in_part(self) -> None:
        desks = [desk("cards loans", 1), desk("loans", 3)]
        assert 0 < ahead_of(50.0, "cards", {"loans": list(range(8))}, desks) < 8

    def test_with_nobody_there_its_own_line_counts(self) -> None:
        assert ahead_of(5.0, "cards", {"cards": [1, 3, 7], "loans": [2]}, [desk("loans", 2)]) == 2

    def test_a_desk_without_slots_is_nobody(self) -> None:
        assert ahead_of(5.0, "cards", {"cards": [1]}, [desk("cards", 0)]) == 1

    @given(st.lists(st.integers(0, 99)), st.lists(st.integers(0, 99)), st.integers(0, 99))
    def test_it_lies_between_its_own_line_and_all_lines(self, cards: list[int], loans: list[int], place: int) -> None:
        desks = [desk("cards", 2), desk("cards loans", 2), desk("loans", 1)]
        own = sum(rank < place for rank in cards)
        found = ahead_of(place, "cards", {"cards": cards, "loans": loans}, desks)
        assert found <= own + sum(rank < place for rank in loans)
        assert found >= own


class TestTold:
    @pytest.mark.parametrize(
        ("low", "high", "zh", "en"),
        [
            (0, 0, "不到1分钟", "less than a minute"),
            (20, 60, "不到1分钟", "less than a minute"),
            (50, 200, "约4分钟内", "within about 4 minutes"),
            (181, 355, "约3—6分钟", "about 3–6 minutes"),
            (300, 300, "约5分钟", "about 5 minutes"),
            (440, 700, "约7—15分钟", "about 7–15 minutes"),
            (1_290, 1_700, "约20—30分钟", "about 20–30 minutes"),
            (2_500, 3_500, "约40—60分钟", "about 40–60 minutes"),
            (2_500, 5_000, "约40分钟至1小时以上", "about 40 min to more than an hour"),
            (30, 5_000, "约1分钟至1小时以上", "about 1 min to more than an hour"),
            (3_600, 9_000, "1小时以上", "more than an hour"),
        ],
    )
    def test_the_range_in_steps_that_people_use(self, low: int, high: int, zh: str, en: str) -> None:
        assert told(Wait(low, (low + high) // 2, high), "zh") == zh
        assert told(Wait(low, (low + high) // 2, high), "en") == en
