from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant import campaign_seed
from assistant.audit import Audit
from assistant.campaign import (
    Campaign,
    CampaignMoved,
    Conditions,
    NoSuchCampaign,
    NotLive,
    Plan,
    QuotaSpent,
    State,
)
from assistant.campaign_desk import CampaignDesk, NotComplete, NotYours, Person, SameHand
from assistant.campaign_table import CampaignTable
from assistant.campaigns import Campaigns
from tests.conftest import KnowledgeBase, Open

TODAY = date.today()
BRANCH, OTHER = "云杉银行深圳福田支行", "云杉银行成都高新支行"
PLAN = Plan(
    name="社区服务月", organiser=BRANCH, starts=TODAY, ends=TODAY + timedelta(days=5), audience="深圳市民均可参加",
    conditions=Conditions(cities=("深圳",), min_age=18), reward="完成问答赠环保袋1个", quota="800份", places=800,
    rules="每人每活动限参与1次，以身份证号识别", approval_number="云杉深营审〔2026〕第099号", phone="0755-0000-4001",
    about=("社区服务",),
)  # fmt: skip
MAKER = Person("staff", "staff", BRANCH)
CHIEF = Person("editor", "editor")
SECOND = Person("editor2", "editor")


@pytest.fixture
def knowledge(open_knowledge: Open, database_url: str) -> KnowledgeBase:
    return open_knowledge(url=database_url)


@pytest.fixture
def audit(knowledge: KnowledgeBase) -> Audit:
    return Audit(knowledge.database, "key")


@pytest.fixture
def table(knowledge: KnowledgeBase) -> CampaignTable:
    return CampaignTable(knowledge.database)


@pytest.fixture
def desk(knowledge: KnowledgeBase, table: CampaignTable, audit: Audit) -> CampaignDesk:
    return CampaignDesk(table, Campaigns(table, knowledge.search), audit)


def approved(desk: CampaignDesk, plan: Plan = PLAN, maker: Person = MAKER, by: Person = CHIEF) -> Campaign:
    made = desk.make(maker, plan)
    desk.submit(maker, made.id)
    return desk.approve(by, made.id)


class TestSteps:
    def test_three_steps_and_one_approval_make_it_live(self, desk: CampaignDesk, audit: Audit) -> None:
        made = desk.make(MAKER, PLAN)
        assert (made.host, made.state(TODAY), made.conditions) == (BRANCH, State.DRAFT, PLAN.conditions)
        submitted = desk.submit(MAKER, made.id)
        assert (submitted.submitted_by, submitted.state(TODAY)) == ("staff", State.SUBMITTED)
        live = desk.approve(CHIEF, made.id, submitted.version)
        assert (live.approved_by, live.state(TODAY)) == ("editor", State.LIVE)
        trail = [(one.who, one.did) for one in reversed(audit.listed(what=made.id))]
        assert trail == [("staff", "make_campaign"), ("staff", "submit_campaign"), ("editor", "approve_campaign")]
        assert audit.verify() == (3, None)

    def test_what_is_not_at_that_step_is_not_moved(self, desk: CampaignDesk, audit: Audit) -> None:
        made = desk.make(MAKER, PLAN)
        illegal: list[Callable[[], object]] = [
            lambda: desk.approve(CHIEF, made.id),
            lambda: desk.give_back(CHIEF, made.id, "缺规则"),
            lambda: desk.end(CHIEF, made.id, "提前结束"),
        ]
        for move in illegal:
            with pytest.raises(CampaignMoved):
                move()
        desk.submit(MAKER, made.id)
        with pytest.raises(CampaignMoved):
            desk.change(MAKER, made.id, {"reward": "赠伞1把"})
        with pytest.raises(CampaignMoved):
            desk.submit(MAKER, made.id)
        desk.approve(CHIEF, made.id)
        with pytest.raises(CampaignMoved):
            desk.approve(SECOND, made.id)
        assert len(audit.listed(what=made.id)) == 3

    def test_a_returned_one_is_a_draft_again_with_the_reason(self, desk: CampaignDesk) -> None:
        made = desk.make(MAKER, PLAN)
        desk.submit(MAKER, made.id)
        returned = desk.give_back(CHIEF, made.id, "名额写清楚")
        assert (returned.state(TODAY), returned.reason) == (State.DRAFT, "名额写清楚")
        changed = desk.change(MAKER, made.id, {"quota": "600份", "places": 600})
        assert (changed.quota, changed.places, changed.rules) == ("600份", 600, PLAN.rules)
        assert desk.submit(MAKER, made.id).reason == ""

    def test_one_ended_early_is_live_no_more(self, desk: CampaignDesk) -> None:
        live = approved(desk)
        ended = desk.end(MAKER, live.id, "礼品发完")
        assert (ended.state(TODAY), ended.ended_by, ended.reason) == (State.ENDED, "staff", "礼品发完")

    def test_who_approves_decides_on_what_was_read(self, desk: CampaignDesk) -> None:
        made = desk.make(MAKER, PLAN)
        read = desk.submit(MAKER, made.id)
        desk.give_back(MAKER, made.id, "再改")
        desk.change(MAKER, made.id, {"reward": "赠伞1把"})
        desk.submit(MAKER, made.id)
        with pytest.raises(CampaignMoved):
            desk.approve(CHIEF, made.id, read.version)

    def test_there_is_none_of_another_id(self, desk: CampaignDesk) -> None:
        with pytest.raises(NoSuchCampaign):
            desk.submit(MAKER, "none")


class TestWhoMay:
    @pytest.mark.parametrize(
        "person",
        [
            Person("qa", "qa", BRANCH),
            Person("agent", "agent", BRANCH),
            Person("staff3", "staff", OTHER),
            Person("staff4", "staff"),
            CHIEF,
        ],
    )
    def test_only_the_hosts_own_people_change_and_submit(self, desk: CampaignDesk, person: Person) -> None:
        made = desk.make(MAKER, PLAN)
        with pytest.raises(NotYours):
            desk.change(person, made.id, {"reward": "赠伞1把"})
        with pytest.raises(NotYours):
            desk.submit(person, made.id)

    @pytest.mark.parametrize("role", ["qa", "agent"])
    def test_these_make_none(self, desk: CampaignDesk, role: str) -> None:
        with pytest.raises(NotYours):
            desk.make(Person("someone", role, BRANCH), PLAN)

    @pytest.mark.parametrize(
        "person",
        [
            Person("boss", "editor", BRANCH),
            Person("staff4", "staff"),
            Person("qa", "qa"),
            Person("agent", "agent"),
        ],
    )
    def test_only_the_head_offices_editors_approve(self, desk: CampaignDesk, person: Person) -> None:
        made = desk.make(MAKER, PLAN)
        desk.submit(MAKER, made.id)
        with pytest.raises(NotYours):
            desk.approve(person, made.id)

    def test_nobody_approves_what_they_made_changed_or_submitted(self, desk: CampaignDesk) -> None:
        made = desk.make(CHIEF, replace(PLAN, approval_number="云杉营审〔2026〕第099号"))
        desk.change(SECOND, made.id, {"reward": "赠伞1把"})
        desk.submit(Person("admin", "admin"), made.id)
        for hand in (CHIEF, SECOND, Person("admin", "admin"), Person("Editor", "editor")):
            with pytest.raises(SameHand):
                desk.approve(hand, made.id)
        assert desk.approve(Person("editor3", "editor"), made.id).state(TODAY) is State.LIVE


class TestWhatIsAsked:
    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"starts": None}, "活动时间"),
            ({"ends": TODAY - timedelta(days=1)}, "活动时间"),
            ({"audience": ""}, "对象"),
            ({"quota": "数量有限", "places": None}, "名额"),
            ({"rules": ""}, "规则"),
            ({"approval_number": "云杉营审2026第1号"}, "审批文号"),
            ({"phone": "13800001234"}, "咨询电话"),
            ({"reward": "保本理财体验券"}, "保本"),
            ({"reward": "稳 赚体验券"}, "稳赚"),
            ({"organiser": "保本高收益理财，稳赚不赔"}, "稳赚"),
            ({"reward": "存10万送一桶油"}, "吸收存款"),
            ({"audience": "存款满5万元的客户", "reward": "赠大米1袋"}, "吸收存款"),
            ({"audience": "新增定期存款的客户", "reward": "返现50元"}, "吸收存款"),
        ],
    )
    def test_what_is_missing_or_may_not_be_said_is_told(
        self, desk: CampaignDesk, wrong: dict[str, object], told: str
    ) -> None:
        made = desk.make(MAKER, replace(PLAN, **wrong))  # type: ignore[arg-type]
        with pytest.raises(NotComplete, match=told):
            desk.submit(MAKER, made.id)
        assert desk.get(made.id, TODAY).state(TODAY) is State.DRAFT

    def test_an_approval_number_is_used_once(self, desk: CampaignDesk) -> None:
        approved(desk)
        again = desk.make(MAKER, PLAN)
        with pytest.raises(NotComplete, match="另一项活动"):
            desk.submit(MAKER, again.id)


class TestPlaces:
    @pytest.mark.parametrize("daily", [False, True])
    def test_many_at_once_never_take_more_than_there_are(self, desk: CampaignDesk, daily: bool) -> None:
        live = approved(desk, replace(PLAN, quota="20份", places=20, daily=daily))
        outcomes: list[str] = []

        def take() -> None:
            for _ in range(5):
                try:
                    desk.note_use(MAKER, live.id, day=TODAY)
                    outcomes.append("taken")
                except (QuotaSpent, NotLive):
                    outcomes.append("refused")

        threads = [threading.Thread(target=take) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (outcomes.count("taken"), outcomes.count("refused")) == (20, 20)
        assert desk.get(live.id, TODAY).left == 0

    def test_as_many_as_are_left_or_none(self, desk: CampaignDesk) -> None:
        live = approved(desk, replace(PLAN, quota="20份", places=20))
        desk.note_use(MAKER, live.id, 15, TODAY)
        with pytest.raises(QuotaSpent):
            desk.note_use(MAKER, live.id, 6, TODAY)
        assert desk.get(live.id, TODAY).left == 5

    def test_a_daily_quota_is_whole_again_tomorrow(self, desk: CampaignDesk) -> None:
        live = approved(desk, replace(PLAN, quota="每日20份", places=20, daily=True))
        tomorrow = TODAY + timedelta(days=1)
        desk.note_use(MAKER, live.id, 20, TODAY)
        assert desk.get(live.id, TODAY).state(TODAY) is State.APPROVED
        assert desk.get(live.id, tomorrow).state(tomorrow) is State.LIVE
        assert desk.get(live.id, tomorrow).left == 20

    def test_a_quota_in_all_is_spent_over_the_days(self, desk: CampaignDesk) -> None:
        live = approved(desk, replace(PLAN, quota="20份", places=20))
        tomorrow = TODAY + timedelta(days=1)
        desk.note_use(MAKER, live.id, 15, TODAY)
        desk.note_use(MAKER, live.id, 5, tomorrow)
        assert desk.get(live.id, tomorrow).state(tomorrow) is State.ENDED

    def test_of_one_that_is_not_live_none_is_taken(self, desk: CampaignDesk) -> None:
        made = desk.make(MAKER, PLAN)
        with pytest.raises(NotLive):
            desk.note_use(MAKER, made.id)


class TestApplying:
    def test_the_head_offices_and_the_branchs_own_run_at_a_branch(
        self, knowledge: KnowledgeBase, table: CampaignTable, audit: Audit
    ) -> None:
        knowledge.write("活动.csv", "活动名称,奖励\n岁末绿色支付季,单笔满50元随机立减1至10元\n")
        knowledge.ingest()
        campaign_seed.plant(table, audit)
        campaign_seed.plant(table, audit)
        campaigns = Campaigns(table, knowledge.search)
        day = date(2026, 11, 22)
        assert [one.name for one in campaigns.applying(BRANCH, day)] == ["福田社区反诈集市", "岁末绿色支付季"]
        assert [one.name for one in campaigns.applying("", day)] == ["岁末绿色支付季"]
        (first,) = campaigns.applying("", day)
        assert first.citation
        assert "单笔满50元随机立减1至10元" in first.citation.text

    @pytest.mark.parametrize(
        ("day", "names"),
        [
            (date(2026, 11, 15), {"金秋分期礼", "岁末绿色支付季"}),
            (date(2026, 11, 16), {"岁末绿色支付季"}),
            (date(2026, 12, 31), {"岁末绿色支付季"}),
            (date(2027, 1, 1), {"新春悦享季"}),
            (date(2027, 2, 1), set()),
        ],
    )
    def test_it_turns_at_midnight(
        self, knowledge: KnowledgeBase, table: CampaignTable, audit: Audit, day: date, names: set[str]
    ) -> None:
        campaign_seed.plant(table, audit)
        assert {one.name for one in Campaigns(table, knowledge.search).applying("", day)} == names

    def test_of_processes_that_start_at_once_one_imports(self, table: CampaignTable, audit: Audit) -> None:
        threads = [threading.Thread(target=campaign_seed.plant, args=(table, audit)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert table.count() == 7
        assert audit.verify() == (7, None)
