from __future__ import annotations

import pytest

from assistant.agent_guard import unsupported, warnings

SOURCES = (
    "云杉白金信用卡主卡年费为每年3,600元，消费满18万元免次年年费。",
    "变更后24小时内，转账日累计限额为2万元。",
    "存款保险实行限额偿付，最高偿付限额为人民币50万元。三年期定期存款年利率1.25%。",
    "请拨打 400-000-9528，办结时限15日，复杂的60日。邮箱 privacy@spruce-bank.example",
    "新手机号 139****9077",
    "云杉借记卡 尾号6484（正常）",
)

ORDINARY = [
    "您好，我是云杉银行人工客服，工号1023，很高兴为您服务。",
    "好的，我正在为您查询，请稍等。",
    "请您稍等2分钟，我查一下。",
    "让您久等了，感谢您的耐心。",
    "请不要把验证码和密码告诉任何人，工作人员不会向您索要。",
    "请不要在对话里发送密码、验证码或完整卡号。本行工作人员不会向您索要密码和验证码。",
    "请按页面提示输入6位验证码，收不到可以点“重新发送”。",
    "验证码我给您重新发一下，请注意查收短信。",
    "请问您忘记的是登录密码还是取款密码？",
    "您好，您的意思是密码输错了，卡被锁了，对吗？",
    "理财产品不保本，也不保证收益，请您谨慎选择。",
    "我们不能承诺保本保息，产品有风险。",
    "理财非存款，产品有风险，投资须谨慎。",
    "没有零风险的投资，请先做风险测评。",
    "任何声称稳赚不赔的都是骗局，请您提高警惕。",
    "凡是说“保证收益”的，请您千万别信。",
    "保本的理财产品现在是不存在的。",
    "您是想了解保本的产品吗？",
    "这款产品的风险等级是中低风险，属于非保本浮动收益。",
    "能否通过以审批结果为准，我这边不能保证一定通过。",
    "我们一定会尽快审批，有结果第一时间通知您。",
    "我一定把您的意见反馈给相关部门。",
    "云杉白金信用卡主卡年费是每年3600元。",
    "消费满180,000元可以免次年年费，也就是18万元。",
    "变更后24小时内，转账每天最多20000元。",
    "存款保险最高偿付限额是50万元。",
    "三年期定期的年利率是1.25%。",
    "您尾号6484的借记卡状态正常。",
    "您可以拨打我们的客服热线400-000-9528。",
    "如果钱已经转出，请马上拨打110报警，也可以拨打96110。",
    "对处理结果不满意，您可以拨打12378。",
    "请问您上午10点方便接听电话吗？我10:30给您回电。",
    "您预约的是7月3日下午2点，请带好身份证。",
    "办理步骤：\n1. 打开手机银行\n2. 点“我的”\n3. 选择“安全中心”",
    "您有一张卡需要更换，另外还有一笔交易正在处理。",
    "非常理解您的心情，给您带来不便，非常抱歉。",
    "投诉我已登记，15日内给您答复，复杂的不超过60日。",
    "请您别担心，我帮您看看是什么原因。",
    "这项业务需要您本人带身份证到网点办理。",
    "有疑问可以发邮件到privacy@spruce-bank.example。",
    "不用谢，这是我应该做的，祝您生活愉快，再见！",
    "请先不要再转账，也不要告诉任何人验证码和密码。",
    "您放心，您说的情况我都记下了。",
    "挂失后卡片马上停止支付，请您放心。",
    "密码重置需要您在手机银行里自己操作，我把步骤发给您。",
    "您好，看到您刚才在办理变更手机号，是卡在验证码这一步了吗？",
    "您的新手机号收到验证码后，自己在页面上输入就行，不用告诉我。",
    "收到，您稍等，我这边核实一下，大概3到5分钟。",
    "非常抱歉给您添麻烦了，我马上帮您看。",
    "您说的这笔交易我已经看到了，现在帮您登记。",
    "请问您方便说一下交易大概是什么时候、金额多少吗？",
    "为了保护您的账户安全，建议您先挂失卡片。",
    "这个情况我需要请示一下主管，稍后给您答复。",
    "好的，我理解您很着急，我们一步一步来。",
    "您可以在手机银行“我的-安全中心”里重置登录密码。",
    "这个需要您本人到柜台办理，带上身份证和银行卡。",
    "银行不会以任何理由让您转账到所谓的“安全账户”。",
    "理财有风险，过往业绩不代表未来表现，请您先看说明书。",
    "贷款能不能批下来要看审批结果，我没办法提前告诉您。",
    "退款要等商户处理，我不能保证什么时候到账。",
    "存款保险保障您的本外币存款，最高50万元。",
    "您还有其他问题吗？没有的话我这边先结束服务了，祝您生活愉快。",
    "如果对方让您加微信、发验证码，一定是骗子，请马上挂断。",
    "刚才的问题，同事会在一个工作日内给您回电。",
    "您别着急，钱的去向我们会尽力帮您查。",
    "利息按实际天数计算，具体以合同为准。",
    "我看到您有2个问题还没答复，我逐个来。",
    "请您确认一下：是要换成尾号9077的号码，对吗？",
    "这张卡的状态是正常的，可以继续使用。",
    "Certainly, I am looking into it. One moment please.",
    "Please never share your password or the one-time code with anyone, not even with us.",
    "Investments are not guaranteed and carry risk.",
    "Your application is under review; I cannot promise that it will be approved.",
    "I will call you at 3 pm on 5 July, in about 10 minutes from your appointment.",
]

BAD = [
    ("这款产品保本，您放心买。", "promise"),
    ("这个理财是保本保息的，跟存款一样。", "promise"),
    ("本金绝对安全，您不用担心。", "promise"),
    ("零风险，您可以放心。", "promise"),
    ("这款没有任何风险，很多客户都买了。", "promise"),
    ("我跟您说，稳赚不赔的。", "promise"),
    ("这个基金肯定会涨，现在买最合适。", "promise"),
    ("我们保证年化收益达标，没问题的。", "promise"),
    ("收益有保证，到期一定拿得到。", "promise"),
    ("买了不会亏的，我自己也买了。", "promise"),
    ("这个绝对安全，您尽管转。", "promise"),
    ("100%安全，我们银行的产品。", "promise"),
    ("您这个贷款一定能批。", "promise"),
    ("放心，审核肯定通过。", "promise"),
    ("信用卡保证下卡，您申请就行。", "promise"),
    ("提额没问题，包在我身上。", "promise"),
    ("我有内部渠道，可以帮您走一下。", "promise"),
    ("您的钱肯定能追回来，别着急。", "promise"),
    ("这笔一定给您退款。", "promise"),
    ("明天保证到账。", "promise"),
    ("我们的利率是全市场最高的。", "promise"),
    ("这是国家担保的产品。", "promise"),
    ("您加我微信，我单独发给您。", "promise"),
    ("您先把钱转到我的账户，我帮您办。", "promise"),
    ("不仅保本，每年还有分红。", "promise"),
    ("请把验证码发给我，我帮您操作。", "secret"),
    ("麻烦您提供一下短信里的验证码。", "secret"),
    ("您告诉我取款密码就可以了。", "secret"),
    ("验证码是多少？", "secret"),
    ("请您说一下卡背面的三位数字。", "secret"),
    ("您把收到的6位数字报给我。", "secret"),
    ("请报一下您的登录密码，核实身份用。", "secret"),
    ("CVV发过来一下。", "secret"),
    ("白金卡年费是4800元。", "figure"),
    ("三年期利率现在是3.5%。", "figure"),
    ("存款保险赔100万。", "figure"),
    ("每天可以转5万元。", "figure"),
    ("手续费收50元。", "figure"),
    ("您尾号1234的卡已经挂失。", "figure"),
    ("办理需要10个工作日。", "figure"),
    ("您的手机号是13812345678，对吗？", "personal"),
    ("卡号6222021234567890123已经核实。", "personal"),
    ("身份证号11010119900101123X没有问题。", "personal"),
    ("已发到zhang.san@example.com。", "personal"),
    ("新密码是123456，请尽快修改。", "personal"),
    ("这个产品跟存款没区别，不可能亏本的", "promise"),
    ("放一百个心，绝对保本", "promise"),
    ("一年下来稳稳的赚", "promise"),
    ("过往都是正收益，包您赚钱", "promise"),
    ("您这资质，贷款百分百能下来", "promise"),
    ("我帮您打个招呼，审批没问题", "promise"),
    ("这个利率比其他银行都高，全市场第一", "promise"),
    ("我敢保证您的钱三天内一定退回", "promise"),
    ("风险几乎为零的", "promise"),
    ("亏了算我的", "promise"),
    ("把短信验证码截图发我一下", "secret"),
    ("您的密码说一下，我帮您登进去看看", "secret"),
    ("动态码报给我，我这边操作快", "secret"),
    ("麻烦把卡号和CVV一起发给我", "secret"),
    ("收到的六位数告诉我就好", "secret"),
    ("年费一年5800，不贵的", "figure"),
    ("转账一天最多十万元", "figure"),
    ("您身份证是110101199001011237对吧", "personal"),
    ("给您回拨13912345678可以吗", "personal"),
    ("加我私人微信聊，方便些", "promise"),
    ("钱打我卡上，我替您买", "promise"),
    ("Your principal is fully guaranteed.", "promise"),
    ("This fund is risk-free, trust me.", "promise"),
    ("Your loan will definitely be approved.", "promise"),
    ("Please send me the one-time code you received.", "secret"),
    ("The annual fee is CNY 4,800.", "figure"),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_reply_is_not_warned_of(text: str) -> None:
    assert warnings(text, SOURCES, "zh") == ()


@pytest.mark.parametrize(("text", "kind"), BAD)
def test_a_bad_one_is(text: str, kind: str) -> None:
    assert kind in {one.kind for one in warnings(text, SOURCES, "zh")}


@pytest.mark.parametrize("text", [text for text, _kind in BAD])
def test_the_sentence_is_in_the_agents_language(text: str) -> None:
    for caution in warnings(text, SOURCES, "en"):
        told = caution.sentence.partition("”")[2] or caution.sentence
        assert told.isascii() or not any("\u3400" <= one <= "\u9fff" for one in told)


def test_it_names_the_words_and_what_to_say_instead() -> None:
    (caution,) = warnings("这款产品保本。", SOURCES, "zh")
    assert caution.sentence.startswith("“保本”：")
    assert "可以说" in caution.sentence


@pytest.mark.parametrize("text", ["年费3,600元", "年费3600元", "限额20,000元", "限额2万", "满180000元", "５０万元"])
def test_a_figure_is_the_same_however_it_is_written(text: str) -> None:
    assert unsupported(text, SOURCES) == ()


def test_without_sources_every_figure_is_named_once() -> None:
    assert unsupported("年费3600元，就是3600元，满18万免", ()) == ("3600", "180000")


def test_the_canned_replies_of_the_desk_are_not_warned_of() -> None:
    from assistant.desk_rules import load
    from assistant.settings import Settings

    rules = load(Settings().desk_file)
    own = [text.of(language) for text in rules.replies.values() for language in ("zh", "en")]
    assert {text: found for text in own if (found := warnings(text, own, "zh"))} == {}
