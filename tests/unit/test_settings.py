from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings, WrongSettings, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a teller.yaml, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TELLER_{name.upper()}", raising=False)
    return tmp_path


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"TELLER_{name.upper()}" in readme


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_is(name: str) -> None:
    assert Settings.model_fields[name].description


def test_all_have_a_default() -> None:
    settings = load()
    assert settings.demo
    assert settings.sql_url.startswith("sqlite:///")
    assert (settings.knowledge_dir / "_meta.yaml").exists()


def test_the_environment_wins_over_the_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "teller.yaml").write_text("bank_name: 文件银行\nhotline: '95001'\n", encoding="utf-8")
    monkeypatch.setenv("TELLER_BANK_NAME", "环境银行")
    settings = load()
    assert (settings.bank_name, settings.hotline) == ("环境银行", "95001")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_message_characters", "10"),
        ("max_message_characters", "1000000"),
        ("max_message_characters", "viele"),
        ("evidence_threshold", "1.5"),
        ("demo", "perhaps"),
        ("chroma_url", "no address"),
    ],
)
def test_a_wrong_value_stops_the_start_and_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"TELLER_{name.upper()}", value)
    with pytest.raises(WrongSettings, match=f"TELLER_{name.upper()}"):
        load()


def test_an_unknown_setting_in_the_file_stops_the_start_and_is_named(elsewhere: Path) -> None:
    (elsewhere / "teller.yaml").write_text("bank_nmae: 银行\n", encoding="utf-8")
    with pytest.raises(WrongSettings, match="BANK_NMAE"):
        load()


def test_a_short_secret_is_refused_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLER_SECRET_KEY", "hunter2")
    with pytest.raises(WrongSettings, match="16 characters") as caught:
        load()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("key", ["密钥", "one\ntwo"])
def test_a_key_that_cannot_be_sent_is_refused_and_never_shown(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    for name, value in {"BASE_URL": "http://127.0.0.1:1/v1", "MODEL": "large", "API_KEY": key}.items():
        monkeypatch.setenv(f"TELLER_LLM_{name}", value)
    with pytest.raises(WrongSettings, match="TELLER_LLM_API_KEY") as raised:
        load()
    assert key not in str(raised.value)


def test_models_are_listed_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().llms == []
    other = '[{"base_url": "http://127.0.0.1:2/v1", "model": "other", "body": {"thinks": false}}]'
    named = {"BASE_URL": "http://127.0.0.1:1/v1", "MODEL": "large", "API_KEY": " key\n", "FALLBACKS": other}
    for name, value in named.items():
        monkeypatch.setenv(f"TELLER_LLM_{name}", value)
    first, second = load().llms
    assert (first.model, second.model, second.body) == ("large", "other", {"thinks": False})
    assert first.api_key and first.api_key.get_secret_value() == "key"


def test_a_secret_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLER_SECRET_KEY", "a-long-and-random-secret")
    settings = load()
    assert settings.secret_key is not None
    assert settings.secret_key.get_secret_value() == "a-long-and-random-secret"
    assert (
        "a-long-and-random-secret"
        not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    )


def test_another_database_is_taken_as_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLER_DATABASE_URL", "postgresql+psycopg://teller@db/teller")
    assert load().sql_url == "postgresql+psycopg://teller@db/teller"
