"""Made-up personal values, well formed, to be planted in what is said: whatever they are, none of them is anybody's."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧阳"
_GIVEN = (
    "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华建国志豪晓雯子涵梓萱浩然宇轩欣怡思远嘉琪雨桐文博佳慧海燕春梅玉珍"
)
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "慕容")
_FOREIGN = ("阿卜杜拉·买买提", "古丽娜·艾山", "扎西·多吉")
_CITIES = ("北京市朝阳区", "上海市浦东新区", "杭州市西湖区", "成都市武侯区", "广东省佛山市顺德区", "武汉市洪山区", "")
_ROADS = ("建国路", "世纪大道", "文三路", "人民南路", "大良街道新桂路", "珞喻路", "解放东路", "青年大街")
_ESTATES = ("阳光花园", "翠苑小区", "锦绣家园", "金域华府", "和平里", "幸福新村")
_LATIN = ("Lin Xiaowen", "Michael Chen", "Wang Fang", "Sarah O'Neil", "David Zhang")
_ENGLISH_ROADS = ("Century Avenue", "Nanjing West Road", "Garden Street", "Queen's Road", "Hill Lane")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

Planted = tuple[str, str]
"""A value as it is said, and the part of it that must not be left to read."""


def makers(choose: random.Random) -> Mapping[str, Callable[[], Planted]]:
    """What makes a value of each kind, by chance."""
    return {
        "name": lambda: _same(_name(choose)),
        "latin": lambda: _same(choose.choice(_LATIN)),
        "phone": lambda: _spoken(choose, f"1{choose.choice('3456789')}{_digits(choose, 9)}", (3, 7)),
        "id": lambda: _same(_resident_id(choose)),
        "card": lambda: _spoken(choose, _card(choose), (4, 8, 12)),
        "email": lambda: _email(choose),
        "passport": lambda: _same(choose.choice("EGP") + choose.choice(("", "A", "K")) + _digits(choose, 8)),
        "address": lambda: _address(choose),
        "english_address": lambda: _english_address(choose),
    }


def _same(value: str) -> Planted:
    return value, value


def _digits(choose: random.Random, count: int) -> str:
    return "".join(choose.choices("0123456789", k=count))


def _name(choose: random.Random) -> str:
    if choose.random() < 0.04:
        return choose.choice(_FOREIGN)
    surname = choose.choice(_COMPOUND) if choose.random() < 0.05 else choose.choice(_SURNAMES)
    return surname + "".join(choose.choices(_GIVEN, k=choose.choice((1, 2, 2))))


def _spoken(choose: random.Random, number: str, cuts: tuple[int, ...]) -> Planted:
    """A number as people write it: whole, in groups, with wide digits, a mobile with its country."""
    parts = [number[start:end] for start, end in zip((0, *cuts), (*cuts, None), strict=True)]
    written = choose.choice((number, number, " ".join(parts), "-".join(parts), _wide(number)))
    return (f"+86 {written}" if len(number) == 11 and choose.random() < 0.1 else written), written


def _wide(number: str) -> str:
    return number.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})


def _resident_id(choose: random.Random) -> str:
    born = f"{choose.randint(1940, 2008)}{choose.randint(1, 12):02}{choose.randint(1, 28):02}"
    head = choose.choice(("110105", "310115", "330106", "440606", "510107")) + born + _digits(choose, 3)
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(head, _WEIGHTS, strict=True)) % 11]
    return head + (check.lower() if choose.random() < 0.5 else check)


def _card(choose: random.Random) -> str:
    head = choose.choice(("621700", "622202", "622848", "436742")) + _digits(choose, choose.choice((9, 12)))
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(head)))
    total = sum(value - 9 * (value > 9) for value in doubled)
    return head + str(-total % 10)


def _email(choose: random.Random) -> Planted:
    local = choose.choice(("lin.xiaowen", "wang_fang", "zhangwei", "chen-m", "abc")) + _digits(
        choose, choose.choice((0, 2, 4))
    )
    return f"{local}@{choose.choice(('qq.com', '163.com', 'example.com.cn', 'mail.example.org'))}", f"{local}@"


def _address(choose: random.Random) -> Planted:
    number, block, room = (
        choose.randint(1, 999),
        choose.randint(1, 30),
        choose.randint(1, 32) * 100 + choose.randint(1, 4),
    )
    estate, road = choose.choice(_ESTATES), choose.choice(_ROADS)
    place, details = choose.choice(
        (
            (road, f"{number}号{estate}{block}栋{choose.randint(1, 4)}单元{room}室"),
            (road, f"{number}号{block}号楼{room}"),
            (road, f"{number}号{block}幢{room}室"),
            (road, f"{number}号"),
            (estate, f"{block}栋{room}"),
            (estate, f"{block}座{room}房"),
            (road + choose.choice(("甲", "")), f"{number}号院{block}号楼{choose.randint(1, 6)}单元{room}"),
            (estate, f"{block}-{choose.randint(1, 4)}-{room}"),
        )
    )
    return choose.choice(_CITIES) + place + details, details


def _english_address(choose: random.Random) -> Planted:
    flat = choose.choice(
        ("", f"Flat {choose.randint(1, 30)}{choose.choice('ABCD')}, ", f"Room {choose.randint(101, 2804)}, ")
    )
    number = f"{flat}{choose.randint(1, 999)}"
    return f"{number} {choose.choice(_ENGLISH_ROADS)}", f"{number} "
