"""What an agent answered in a conversation that was played from end to end becomes the proposed answer to its question."""

from __future__ import annotations

from assistant import gap
from assistant.gap import Kind
from assistant.storage import Storage
from tests.stories.conftest import SetStage
from tests.stories.story import Said, Story


def test_the_agents_words_answer_the_question_that_led_to_the_person(set_stage: SetStage) -> None:
    stage = set_stage(Story.model_validate({"name": "", "kind": "handoff", "turns": [{}]}))
    for turn in (
        Said(agent="online", by="王芳"),
        Said(say="白金卡能不能在火星上用"),
        Said(say="转人工"),
        Said(agent="claim", by="王芳"),
        Said(agent="write", by="王芳", text="您好，我是王芳，很高兴为您服务。"),
        Said(
            agent="write", by="王芳", text="张先生您好，白金卡只能在有银联标识的商户使用。您的手机号是13800138000吗？"
        ),
        Said(say="是的，我叫张伟"),
        Said(say="那境外的取款机能取钱吗"),
        Said(agent="write", by="王芳", text="有银联标识的取款机都能取。"),
        Said(agent="resolve", by="王芳", resolved="answered"),
        Said(say="今天天气真好啊怎么办"),
    ):
        stage.play(turn)
    storage = stage.assistant._storage
    assert isinstance(storage, Storage)
    found = [one for one in gap.read(storage.history(stage.conversation), {}) if not one.is_far]
    assert [(one.kind, one.text, one.reply, one.code) for one in found] == [
        (Kind.UNANSWERED, "白金卡能不能在火星上用", "白金卡只能在有银联标识的商户使用。", "answered"),
        (Kind.ASKED_PERSON, "那境外的取款机能取钱吗", "有银联标识的取款机都能取。", "answered"),
    ]
    assert "138" not in repr(found) and "张" not in repr(found)
