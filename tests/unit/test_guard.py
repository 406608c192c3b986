from __future__ import annotations

import pytest

from assistant.guard import MessageRefused, check_message, mask, mask_live, readable, unsupported_figures
from assistant.wording import Wordings
from knowledge_base.passage import Audience, Document, Hit, Kind, Passage

WORDING = Wordings("云杉银行", "小杉", "400-000-9528").of("zh-CN")


class TestMask:
    @pytest.mark.parametrize(
        ("text", "masked"),
        [
            ("身份证11010119900101123X办理", "身份证110***********123X办理"),
            ("身份证11010119900101123x办理", "身份证110***********123x办理"),
            ("卡号6222021234567890123挂失", "卡号622************0123挂失"),
            ("卡号6222 0212 3456 7890挂失", "卡号622************7890挂失"),
            ("卡号4514-6123-4567-8901挂失", "卡号451************8901挂失"),
            ("手机13812345678收不到验证码", "手机138****5678收不到验证码"),
            ("手机138-1234-5678收不到验证码", "手机138******5678收不到验证码"),
            ("邮箱是 zhang.san@example.com", "邮箱是 z***@example.com"),
            ("账单发到zhang@example.com，年费多少", "账单发到z***@example.com，年费多少"),
        ],
    )
    def test_personal_data_is_covered_but_for_its_ends(self, text: str, masked: str) -> None:
        assert mask(text) == masked

    @pytest.mark.parametrize(
        ("text", "secret"),
        [
            ("手机１３８１２３４５６７８", "１２３４"),
            ("卡号６２２２０２１２３４５６７８９０", "１２３４５６"),
            ("手机+8613812345678", "1234"),
            ("手机+86 138 1234 5678", "1234"),
            ("13812345678和13912345678", "1234"),
            ("本人13812345678，卡6222021234567890", "1234"),
        ],
    )
    def test_however_it_is_written(self, text: str, secret: str) -> None:
        assert secret not in mask(text)

    @pytest.mark.parametrize(
        "text",
        ["735164是我的验证码", "735164就是您的短信验证码", "735164 is my code", "密码是735164", "735164"],
    )
    def test_what_is_said_to_be_a_secret(self, text: str) -> None:
        assert "735164" not in mask(text)

    @pytest.mark.parametrize(
        ("text", "secret"),
        [
            ("护照号码EA1234567换了新的", "1234567"),
            ("拿 G12345678 这本护照行吗", "2345678"),
            ("my passport number is K1234567", "1234567"),
            ("passport 553300123", "553300"),
            ("港澳居民来往内地通行证H12345678", "1234567"),
            ("回鄉證號碼：M1234567801", "1234567"),
            ("M12345678是我的台胞证", "1234567"),
            ("台胞证号12345678", "123456"),
            ("军官证 空字第1234567号", "12345"),
            ("士兵证是0123456", "01234"),
        ],
    )
    def test_papers_named_beside_their_numbers(self, text: str, secret: str) -> None:
        assert secret not in mask(text)
        assert mask(mask(text)) == mask(text)

    @pytest.mark.parametrize(
        ("text", "covered"),
        [
            ("CVV 482", "CVV ***"),
            ("安全码是482，帮我付", "安全码是***，帮我付"),
            ("卡的背面那三位数字：四八二", "卡的背面那三位数字：***"),
            ("the security code is 4821", "the security code is ****"),
            ("短信驗證碼係四八二一九零呀", "短信驗證碼係******呀"),
            ("密码四八二幺九零", "密码******"),
            ("四八二一九零是我的验证码", "******是我的验证码"),
            ("动态码 482 190", "动态码 *******"),
            ("my code is four eight two one nine zero", "my code is " + "*" * len("four eight two one nine zero")),
            ("四八二 一九零", "******"),
        ],
    )
    def test_secrets_also_as_they_are_spoken(self, text: str, covered: str) -> None:
        assert mask(text) == covered

    @pytest.mark.parametrize(
        ("text", "covered"),
        [
            ("我收到 735164 这个", "我收到 ****** 这个"),
            ("七三五一六四", "******"),
            ("是七三五 一六四对吗", "是******对吗"),
            ("seven three five one six four", "******"),
            ("七百三十五块", "七百三十五块"),
            ("一二三四五六七千", "一二三四五六七千"),
        ],
    )
    def test_while_a_code_is_on_its_way_what_could_be_it_is_covered_too(self, text: str, covered: str) -> None:
        assert mask_live(text) == covered

    @pytest.mark.parametrize(
        "text",
        [
            "2024年改过密码",
            "2026年6月1日起年利率3.85%",
            "年费3600元，消费满180000元免",
            "请拨打400-000-9528或95528",
            "电话010-12345678",
            "尾号5678的卡",
            "2025-06-01至2026-05-31",
            "基金代码110022",
            "起购金额1000000元",
            "@所有人",
            "拿护照能买YSAX1201吗",
            "护照有效期到20281231",
            "护照开户请拨打400-000-9528",
            "护照换了，回执CX20261123",
            "安全码有3位还是4位",
            "安全码输错100次",
            "密码一共六位",
            "验证码收费三千四百元吗",
            "利率一点三五，存五万",
            "国债字第2026号公告",
        ],
    )
    def test_what_is_nobodys_is_left_alone(self, text: str) -> None:
        assert mask(text) == text

    def test_masking_twice_changes_nothing_more(self) -> None:
        once = mask("身份证11010119900101123X，手机13812345678，邮箱 a@b.cn")
        assert mask(once) == once


class TestCheckMessage:
    def test_a_message_is_cleaned(self) -> None:
        assert check_message(" 年费\x00 是多少 ", 100, WORDING) == "年费 是多少"

    @pytest.mark.parametrize("text", ["", " \n\u3000", "\x00\u200b\ufeff", "\ud800"])
    def test_nothing_is_refused(self, text: str) -> None:
        with pytest.raises(MessageRefused):
            check_message(text, 100, WORDING)

    def test_the_limit_is_included(self) -> None:
        assert check_message("年" * 100, 100, WORDING)
        with pytest.raises(MessageRefused, match="101"):
            check_message("年" * 101, 100, WORDING)


class TestFigures:
    SOURCES = ("年费为3,600元，利率Ⅱ档2.15%，三年期", "上限50万元")

    @pytest.mark.parametrize("text", ["年费3,600元", "利率2.15%", "50万元", "3年", "年费", "２．１５％", "2.150%"])
    def test_a_figure_of_the_sources_is_supported(self, text: str) -> None:
        assert unsupported_figures(text, self.SOURCES) == []

    @pytest.mark.parametrize(
        ("text", "wrong"), [("年费3,800元", ["3,800"]), ("2.1%和50万", ["2.1"]), ("5万", ["5"]), ("2.150元", ["2.150"])]
    )
    def test_any_other_is_not(self, text: str, wrong: list[str]) -> None:
        assert unsupported_figures(text, self.SOURCES) == wrong


class TestReadable:
    def hit(self, audience: Audience) -> Hit:
        passage = Passage("d.r.0", "d", 0, Kind.TEXT, "文", ("文",))
        return Hit(passage, Document("d", "d.md", "标题", audience), 1.0, 1.0, (1.0,), 0.0)

    def test_a_customer_is_never_given_a_staff_passage(self) -> None:
        both = [self.hit(Audience.STAFF), self.hit(Audience.CUSTOMER)]
        assert readable(both, Audience.CUSTOMER) == both[1:]
        assert readable(both, Audience.STAFF) == both
