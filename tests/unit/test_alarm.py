from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.alarm import Kind, find

RAISED = {
    Kind.DANGER: """
        我不想活了
        活着没意思，真想一了百了去死
        再不给我解决我就跳楼
        有人逼我转钱
        他拿我照片威胁我要钱
        我被人威胁了，让我马上汇款
        孫子逼我交存摺，唔畀佢就打我，救命
        我不知道我在哪
        儿子抢我的存折
        不让我告诉家人
        I want to kill myself
        someone is threatening me, they want money
        I am being forced to send money
        I don't want to live any more
        I see no sense in being alive
        no reason living any longer
        what's the point of going on
        life isn't worth it
        I wish I'd never been born
        everyone would be better off without me
        I'm so tired of life
        活下去冇意义
        活着还有什么用
        我想离开人世
        连活下去的勇气都没了，我没有活着的理由
        活唔到喇
        没有我家里人会轻松些
        我被人关在地下室，让我打钱
        他们把我绑在一个仓库
        佢哋捉咗我，唔畀我走
        佢哋將我鎖喺酒店，叫我過晒啲錢
        不打款就不放我走
        夹硬要我过数
        we are locked in a room by some men
        they are keeping me against my will
        the guys won't let me go until I pay
        my husband is making me empty my savings
        我要拿刀去你们支行
        裸聊被录了，一直敲诈我
    """,
    Kind.FRAUD: """
        我被骗了
        我妈让人骗了五万块
        卡被盗刷了
        我的卡被人盗刷
        有一笔消费不是我刷的
        莫名其妙少了两千块
        不是我本人操作的
        钱被转走了
        我把验证码告诉了骗子
        我點咗條link之後俾人呃咗錢
        账户里有陌生交易
        对方冒充公检法让我转到安全账户
        刚才把密码告诉了对方，完了
        I've been scammed
        there is a fraudulent charge on my card
        there are transactions I didn't make
        someone used my card details
        I think my card has been compromised
        I don't recognise this payment
        someone is using my card
        我没有取过钱，怎么少了三千
        刷单垫了钱提不出来，是骗子
    """,
    Kind.LOST_CARD: """
        卡丢了
        卡丢了怎么办
        我要挂失
        掛失
        帮我挂失信用卡
        银行卡找不到了
        钱包被偷了，卡都在里面
        我張卡唔見咗
        提款卡不見了
        把卡落在出租车上了
        存折丢了
        丢了一张信用卡
        卡找不着了，挂失多少钱
        I lost my card
        my wallet was stolen
        can't find my debit card
        my card is missing
        what should I do, my card got stolen
        卡让小偷摸走了
    """,
    Kind.DISPUTE: """
        这笔交易我有异议
        我不认可这个扣款
        你们重复扣了我一笔
        我要对拒贷结果提出申诉
        I want to dispute a charge
        I was charged twice
        there's an error on my bill
        把手续费退了，退我的钱
    """,
    Kind.COMPLAINT: """
        我要投诉
        我要投訴你哋職員
        你们服务态度太差了
        我要举报你们支行
        投诉客户经理乱卖保险
        I want to make a complaint
        I'd like to complain about your staff
        terrible service
    """,
    Kind.HUMAN: """
        转人工
        轉人工
        人工
        找真人客服
        我要人工服务
        帮我接一下人工客服
        叫个人来说
        别让机器人回我
        rengong
        talk to a human
        speak to someone
        I need a real person
        representative
        找客户经理
        能跟真人聊吗
    """,
}
QUIET = """
    挂失费多少
    挂失要多少钱
    怎么挂失
    口头挂失和书面挂失有什么区别
    解除挂失
    卡没丢
    卡找到了，取消挂失
    我没有被骗
    怎么防止被骗
    如何防范盗刷
    这个是不是骗子
    盗刷谁负责
    投诉电话是多少
    怎么投诉
    投诉多久有回复
    我不投诉
    人工几点上班
    人工客服电话是多少
    不用转人工
    人工客服的服务时间
    我没异议
    异议申请流程是什么
    万一卡丢了要怎么办理
    身份证丢了
    我热死了
    手机死机了
    查余额
    我想改手机号
    上个月花了多少钱
    白金卡年费多少
    你好
    存款证明怎么开
    机器人理财是什么
    how much does it cost to report a lost card
    how do I file a complaint
    how can I avoid fraud
    I found my card
    my card is not lost
    where is my payment, it is still pending
    what is my balance
    I lost my phone
    what is the phone number of customer service
    are you a human
    do not transfer me to an operator
    my payment has not gone through
    the U盾 password is locked
    卡被吞了
    意外险自杀赔吗
    活期存款有什么意思
    把我手机绑到这张卡上
    把我的卡绑在支付软件上
    不想活期，想存定期
    这个活动没意义
    there is no point in keeping two accounts
    is there any reason to go on the waiting list
    living expenses loan
    I'm locked out of my account
    they won't let me go over my limit
    网点锁门，我被关在外面
    手机银行被锁在登录页
    锁住我的卡是为什么
    贷款一直不放，让我走流程
    """


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(("kind", "message"), [(kind, line) for kind, text in RAISED.items() for line in lines(text)])
def test_raises(kind: Kind, message: str) -> None:
    alarm = find(message)
    assert alarm is not None
    assert alarm.kind is kind


@pytest.mark.parametrize("message", lines(QUIET))
def test_stays_quiet(message: str) -> None:
    assert find(message) is None


def test_a_denial_in_one_clause_does_not_cover_another() -> None:
    alarm = find("卡没丢，但是被盗刷了")
    assert alarm is not None
    assert alarm.kind is Kind.FRAUD


def test_the_gravest_comes_first() -> None:
    alarm = find("卡丢了，我不想活了，转人工")
    assert alarm is not None
    assert alarm.kind is Kind.DANGER


SENTENCES = yaml.safe_load(Path(__file__).with_name("alarms.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("kind", "message"), [(kind, text) for kind, texts in SENTENCES.items() for text in texts])
def test_many_ways_of_saying_it(kind: str, message: str) -> None:
    alarm = find(message)
    assert (alarm.kind.value if alarm else "none") == kind
