"""Names of people, told by the words with which they are given: nothing in their form tells them from other words."""

from __future__ import annotations

import re

_SURNAMES = (
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|夏侯|端木|令狐|慕容|[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏"
    "窦章苏潘葛范彭郎鲁韦马苗方俞任袁柳唐罗薛雷贺倪汤滕殷毕郝邬安常乐于傅皮卞齐康伍余元顾孟黄穆萧尹姚邵湛汪祁毛狄米贝明臧戴谈宋庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季贾江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯卢莫房解应宗丁宣邓洪包石崔吉龚程邢裴陆翁段焦侯"
    "全甘武刘景龙叶黎白蒲乔文曾关游覃涂岳车]"
)
_GIVEN = re.compile(
    rf"(?:我叫|我是|本人|姓名|名字|户名|客户|持卡人)(?:就?[是叫为]|[:： ])?((?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}})(?<![卡户员人])"
    r"(?=[\s,，.。;；:：、!！?？（()）0-9“”\"]|女士|先生|小姐|$)"
    r"|(?i:\b(?:my name is|i am called))\s+([A-Z][A-Za-z'-]+(?:\s+[A-Z][A-Za-z'-]+){0,2})"
)


def found(text: str) -> list[str]:
    """The names that a text gives, such as 我叫林晓雯 or `my name is Lin Xiaowen`; a name without such words is not found."""
    return [chinese or latin for chinese, latin in _GIVEN.findall(text)]
