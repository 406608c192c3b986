"""Every setting, from TELLER_ variables or teller.yaml; the environment wins."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, YamlConfigSettingsSource

import knowledge_base
from assistant import clock
from assistant.sign_in import Role
from assistant.video import TICKET

_KNOWLEDGE = Path(knowledge_base.__file__).parent / "documents"
_FLOWS = Path(__file__).parent / "flows"
_DESK = Path(__file__).with_name("desk.yaml")
_UNLIMITED = 1_000_000
_MODELS = Path(sys.prefix) / "share" / "teller" / "models"


def _fits_a_header(key: SecretStr) -> SecretStr:
    text = key.get_secret_value().strip()
    if not (text.isascii() and text.isprintable()):
        raise ValueError("the key has characters that no key has, such as line breaks or Chinese ones; copy it again")
    return SecretStr(text)


_Key = Annotated[SecretStr, AfterValidator(_fits_a_header)]


class WrongSettings(Exception):
    """A setting is missing, unknown or out of bounds; mend it in the environment or in teller.yaml."""


class ServedModel(BaseModel):
    """A server of language models and its models; `body` is sent with each request besides what is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: HttpUrl
    model: str = Field(min_length=1)
    small_model: str = ""
    api_key: _Key | None = None
    body: dict[str, Any] = {}


class Settings(BaseSettings):
    """What a bank configures. `teller doctor` lists them with the values in force, secrets hidden."""

    model_config = SettingsConfigDict(env_prefix="TELLER_", yaml_file="teller.yaml", extra="forbid", frozen=True)

    data_dir: Path = Field(Path("data"), description="everything the service writes")
    ingest_processes: int = Field(
        1, ge=1, le=256, description="processes that read and embed documents; 1 is the one that asks for it"
    )
    ray_address: str = Field(
        "", description="a Ray cluster whose machines read and embed documents: auto, local or ray://..."
    )
    keep_conversations_days: int = Field(
        0, ge=0, description="conversations in which nothing has happened for so many days are erased; 0 keeps them"
    )
    knowledge_dir: Path = Field(_KNOWLEDGE, description="the folder of documents that `teller serve` keeps indexed")
    flows_dir: Path = Field(_FLOWS, description="the folder of guided tasks")
    desk_file: Path = Field(_DESK, description="the rules of the desk where people take over: hours, order, wording")
    suites_dir: Path | None = Field(
        None, description="the bank's own suites of cases and its gates.yaml; suites/ in the data folder when empty"
    )
    models_dir: Path = Field(_MODELS, description="where the bundled model is built")
    database_url: str = Field(
        "", description="PostgreSQL, as postgresql://user:password@host/name; SQLite in the data folder when empty"
    )
    chroma_url: HttpUrl | None = Field(None, description="a Chroma server; embedded in the data folder when empty")
    embedding_model: str = Field("bundled", description="`bundled`, or any sentence-transformers model id or folder")
    cross_encoder: str = Field(
        "none", description="reads what search found: `bundled`, `none`, or any reranker's id or folder"
    )
    answerable_lost: float = Field(
        0.05, gt=0, le=0.5, description="share of the questions that the documents answer that may be left unanswered"
    )
    evidence_threshold: float | None = Field(
        None, ge=0, le=1, description="support below which a question is not answered; measured for the bundled model"
    )
    bank_name: str = Field("云杉银行", description="the bank's name in greetings")
    assistant_name: str = Field("小杉", description="the digital employee's name")
    time_zone: str = Field("Asia/Shanghai", description="the bank's time: what is today, tomorrow, in force")
    speech_input: Literal["device", "browser", "none"] = Field(
        "device",
        description="speaking instead of typing: understood on the `device` alone, also by the maker of the `browser`, or `none`",
    )
    hotline: str = Field("400-000-9528", description="the phone number where a person answers")
    secret_key: SecretStr | None = Field(
        None, description="signs sign-in tokens; made once in the data folder when empty"
    )
    bank_url: HttpUrl | None = Field(
        None, description="core banking; the demo bank, started beside the service, when empty"
    )
    bank_key: SecretStr | None = Field(None, description="the key that core banking asks for")
    bank_timeout_seconds: float = Field(5, gt=0, le=60, description="how long core banking may take to answer")
    sign_in_url: str = Field(
        "", description="the bank's sign-in page, offered where a task needs to know who is talking"
    )
    video_url: str = Field(
        "",
        description="the bank's video call for reviews, {ticket} in place of the ticket; no link is shown when empty",
    )
    oidc_issuer: str = Field(
        "", description="the bank's own sign-in for its people, by OpenID Connect; none when empty"
    )
    oidc_client_id: str = Field("", description="what this service is called there")
    oidc_client_secret: SecretStr | None = Field(None, description="the secret that was agreed on for it")
    oidc_role_claim: str = Field(
        "groups", description="the claim of the ID token that holds a person's groups; a dot leads into a claim"
    )
    oidc_branch_claim: str = Field("branch", description="the claim of the ID token that holds a person's branch")
    oidc_roles: dict[str, Role] = Field(
        {},
        description='which group has which role, as JSON, {"teller-staff": "staff"}; of several, the first here counts',
    )
    demo: bool = Field(True, description="demo sign-ins and demo bank; loopback only while on")
    lead_after_minutes: int = Field(
        30, ge=1, le=10_080, description="how long a task stands untouched before a lead of it counts again"
    )
    llm_base_url: HttpUrl | None = Field(
        None, description="an OpenAI-compatible server, such as https://models.bank.example/v1; no model when empty"
    )
    llm_model: str = Field("", description="the model there that words answers")
    llm_small_model: str = Field("", description="the model there that interprets; the same one when empty")
    llm_api_key: _Key | None = Field(None, description="the key that the server asks for")
    llm_body: dict[str, Any] = Field(
        {}, description='more that is sent with each request there, as JSON: {"enable_thinking": false}'
    )
    llm_fallbacks: list[ServedModel] = Field(
        [],
        description='models asked when the first fails, in order, as JSON: [{"base_url": …, "model": …, "small_model": …, "api_key": …, "body": …}]',
    )
    llm_timeout_seconds: float = Field(20, gt=0, le=120, description="how long a turn may spend with models altogether")
    llm_silence_seconds: float = Field(
        6, gt=0, le=60, description="how long a model may be silent, before its first word and between two"
    )
    llm_concurrency: int = Field(256, ge=1, le=2_000, description="how many calls of models may run at once")
    llm_prices: dict[str, tuple[float, float]] = Field(
        {}, description='what a million tokens cost, read and written, by model, as JSON: {"qwen-plus": [0.8, 2]}'
    )
    llm_check_support: bool = Field(
        False, description="also have the small model check each sentence before it is sent, which takes longer"
    )
    eval_llm_base_url: HttpUrl | None = Field(
        None,
        description="an OpenAI-compatible server for evaluation alone; no model judges or plays customers when empty",
    )
    eval_llm_model: str = Field("", description="the model there that judges answers and plays customers")
    eval_llm_api_key: _Key | None = Field(None, description="the key that the server asks for")
    otlp_endpoint: HttpUrl | None = Field(
        None, description="where OpenTelemetry spans go, OTLP over gRPC; none are made when empty"
    )
    max_message_characters: int = Field(2_000, ge=100, le=20_000, description="longest message a customer may send")
    turns_per_conversation: int = Field(
        120, ge=1, le=_UNLIMITED, description="messages a minute that one conversation may send to one process"
    )
    word_list: Path | None = Field(
        None, description="words, one a line, that may stand in no question, answer or document; none when empty"
    )
    calls_per_address: int = Field(
        6_000, ge=1, le=_UNLIMITED, description="calls a minute that one address may make of one process"
    )
    calls_per_key: int = Field(
        3_000, ge=1, le=_UNLIMITED, description="calls a minute that one bearer token may make of one process"
    )
    streams_per_address: int = Field(
        200, ge=1, le=_UNLIMITED, description="event streams that one address may hold open at one process"
    )
    streams: int = Field(5_000, ge=1, le=_UNLIMITED, description="event streams that one process holds open at once")
    trusted_proxies: list[IPvAnyNetwork] = Field(
        [], description='whose X-Forwarded-For is believed, as JSON: ["10.0.0.0/8"]; nobody\'s when empty'
    )
    widget_origins: list[HttpUrl] = Field(
        [],
        description='sites that may show the customer chat in a frame and call it, as JSON: ["https://www.bank.example"]',
    )

    @model_validator(mode="after")
    def _secret_is_long(self) -> Self:
        if self.secret_key is not None and len(self.secret_key.get_secret_value()) < 16:
            raise ValueError("secret_key is shorter than 16 characters; use a long random one")
        return self

    @model_validator(mode="after")
    def _oidc_is_whole(self) -> Self:
        if not self.oidc_issuer:
            return self
        place = urlsplit(self.oidc_issuer)
        if place.scheme != "https" and place.hostname not in ("127.0.0.1", "localhost"):
            raise ValueError(
                "oidc_issuer is no address with https://, which keeps sign-ins from being read on their way"
            )
        if not self.oidc_client_id or not self.oidc_roles:
            raise ValueError("oidc_issuer is set, so oidc_client_id and oidc_roles must be, too")
        return self

    @model_validator(mode="after")
    def _eval_llm_is_whole(self) -> Self:
        if (self.eval_llm_base_url is None) == bool(self.eval_llm_model):
            raise ValueError("eval_llm_base_url and eval_llm_model belong together: set both, or neither")
        return self

    @model_validator(mode="after")
    def _llm_is_whole(self) -> Self:
        if (self.llm_base_url is None) == bool(self.llm_model):
            raise ValueError("llm_base_url and llm_model belong together: set both, or neither")
        if self.llm_base_url is None and (self.llm_fallbacks or self.llm_small_model):
            raise ValueError("llm_fallbacks and llm_small_model count beside llm_base_url, which is not set")
        return self

    @field_validator("time_zone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is no time zone, such as Asia/Shanghai")
        return value

    @field_validator("video_url")
    @classmethod
    def _video_url_is_whole(cls, value: str) -> str:
        if value and (TICKET not in value or not value.startswith(("https://", "http://"))):
            raise ValueError(
                f"{value!r} is no address with {TICKET} in it, such as https://video.bank.example/{TICKET}"
            )
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then teller.yaml."""
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls)

    @property
    def llms(self) -> list[ServedModel]:
        """The language models in the order in which they are asked; empty where there is none."""
        if self.llm_base_url is None:
            return []
        first = ServedModel(
            base_url=self.llm_base_url,
            model=self.llm_model,
            small_model=self.llm_small_model,
            api_key=self.llm_api_key,
            body=self.llm_body,
        )
        return [first, *self.llm_fallbacks]

    @property
    def sql_url(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'teller.sqlite3'}"


def load() -> Settings:
    """The settings in force, from when on the process keeps the bank's time; raises WrongSettings with what to mend."""
    try:
        settings = Settings()
    except ValidationError as error:
        lines = [f"{_name(item['loc'])}: {item['msg']}" for item in error.errors()]
        raise WrongSettings("settings are wrong:\n  " + "\n  ".join(lines)) from error
    clock.keep(settings.time_zone)
    return settings


def _name(location: tuple[int | str, ...]) -> str:
    return "TELLER_" + "_".join(map(str, location)).upper() if location else "settings"
