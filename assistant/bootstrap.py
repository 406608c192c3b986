"""Builds everything from Settings; the only module that knows concrete classes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import SecretStr

from assistant import campaign_seed, task_examples
from assistant.action import actions
from assistant.answering import Answering
from assistant.asking import Asking, Models
from assistant.assistant import Assistant
from assistant.audit import Audit
from assistant.backroom import Backroom
from assistant.bank import Bank
from assistant.banks import demo
from assistant.banks.http import HttpBank
from assistant.banks.none import NoBank
from assistant.banks.with_desk import BankWithDesk
from assistant.bell import Bell
from assistant.campaign_desk import CampaignDesk
from assistant.campaign_mention import CampaignMention
from assistant.campaign_table import CampaignTable
from assistant.campaigns import Campaigns
from assistant.catalogue import Catalogue
from assistant.decision import calibrations, decide
from assistant.desk import Desk
from assistant.desk_rules import load as load_desk
from assistant.desk_views import DeskViews
from assistant.draft_check import DraftCheck
from assistant.erasure import Erasure
from assistant.evidence import THRESHOLD, Judge, SimilarityJudge
from assistant.faq_check import FaqCheck
from assistant.faq_desk import FaqDesk
from assistant.faq_draft import FaqDrafts
from assistant.faq_publishing import FaqPublishing, Shelf
from assistant.flow import Flow, WrongFlow, read_all
from assistant.flow_check import check
from assistant.gap_desk import GapDesk
from assistant.gap_grouping import GapGrouping
from assistant.gap_reading import GapReading
from assistant.grounding import Grounding
from assistant.guidance import Guidance
from assistant.guiding import Guiding
from assistant.human_agent import HumanAgents
from assistant.lead import Leads
from assistant.lead_desk import LeadDesk
from assistant.lead_offering import LeadOffering
from assistant.llm import LLM, Size
from assistant.llms import traced
from assistant.llms.ending import Ending
from assistant.llms.preferred import Preferred
from assistant.llms.server import Server
from assistant.llms.traced import Traced
from assistant.next_action import NextActions
from assistant.pace import Pace
from assistant.phrasing import Phrasing
from assistant.picture import Pictures
from assistant.place import Places
from assistant.playbook import Playbook
from assistant.polishing import Polishing
from assistant.queue import Queue
from assistant.reading_judge import ReadingJudge
from assistant.reception import Reception
from assistant.replay import Replay
from assistant.reply import Citation
from assistant.rewording import Rewording
from assistant.rewriting import Rewriting
from assistant.routing import Routing
from assistant.seal import Seal
from assistant.search_test import SearchTest
from assistant.second_opinion import SecondOpinion
from assistant.secret_key import derived, secret
from assistant.settings import Settings
from assistant.staff_help import StaffHelp
from assistant.staff_understanding import StaffUnderstanding
from assistant.storage import Hear, Storage
from assistant.suggesting import Suggesting
from assistant.support import Support
from assistant.talking import Talking
from assistant.task_classifier import TaskClassifier
from assistant.understanding import Understanding
from assistant.video import VideoCall
from assistant.wording import Wordings
from knowledge_base import word_list
from knowledge_base.cross_encoder import CrossEncoder
from knowledge_base.cross_encoders import bundled as bundled_judge
from knowledge_base.cross_encoders.onnx import OnnxCrossEncoder
from knowledge_base.cross_encoders.sentence_transformer import SentenceTransformerCrossEncoder
from knowledge_base.database import Database
from knowledge_base.embedder import Embedder
from knowledge_base.embedders import bundled
from knowledge_base.embedders.onnx import OnnxEmbedder
from knowledge_base.embedders.sentence_transformer import SentenceTransformerEmbedder
from knowledge_base.index import connect
from knowledge_base.library import Library
from knowledge_base.onnx_session import ONNX_FILE
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from knowledge_base.text import fold
from knowledge_base.word_list import WordList


def go_offline() -> None:
    """Keeps libraries from looking anything up outside; call before they are imported."""
    quiet = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    for name, value in {**quiet, "GRADIO_ANALYTICS_ENABLED": "False", "TOKENIZERS_PARALLELISM": "false"}.items():
        os.environ.setdefault(name, value)


def build_embedder(settings: Settings) -> Embedder:
    """The embedding model that the settings name; one with an int8 ONNX file beside it is run from that."""
    if settings.embedding_model == "bundled":
        return OnnxEmbedder(bundled.ensure(settings.models_dir))
    if (Path(settings.embedding_model) / ONNX_FILE).exists():
        return OnnxEmbedder(Path(settings.embedding_model))
    return SentenceTransformerEmbedder(settings.embedding_model)


def build_cross_encoder(settings: Settings) -> CrossEncoder | None:
    """The judge of evidence that the settings name; one with an int8 ONNX file beside it is run from that."""
    match settings.cross_encoder:
        case "none":
            return None
        case "bundled":
            return OnnxCrossEncoder(bundled_judge.ensure(settings.models_dir))
        case other if (Path(other) / ONNX_FILE).exists():
            return OnnxCrossEncoder(Path(other))
        case other:
            return SentenceTransformerCrossEncoder(other)


def build_database(settings: Settings) -> Database:
    """The SQL database, its tables made when they are missing."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database(settings.sql_url)


class StoreInUse(Exception):
    """Another process has the embedded Chroma store open; stop it, use another data folder, or set TELLER_CHROMA_URL."""


@contextmanager
def open_search(
    settings: Settings, database: Database, embedder: Embedder, exclusive: bool = False
) -> Iterator[Search]:
    """Search over the library.

    The embedded Chroma folder belongs to one process. A second one, such as a command beside the running service, works on
    an index of its own in memory, made from the library; or raises StoreInUse where `exclusive`.
    """
    with ExitStack() as stack:
        client = connect(_place(settings, stack, exclusive))
        yield Search(Library(database), embedder, client, build_cross_encoder(settings))


def _place(settings: Settings, stack: ExitStack, exclusive: bool) -> Path | str | None:
    if settings.chroma_url is not None:
        return str(settings.chroma_url)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        stack.enter_context(FileLock(settings.data_dir / "chroma.lock", timeout=0))
    except Timeout as error:
        if exclusive:
            raise StoreInUse(StoreInUse.__doc__) from error
        return None
    return settings.data_dir / "chroma"


@contextmanager
def banking(settings: Settings) -> Iterator[Settings]:
    """The settings with core banking to call: the bank's own, or the demo bank, running for as long as this lasts."""
    if settings.bank_url is not None or not settings.demo:
        yield settings
        return
    key = derived(settings, "demo bank")
    with demo.running(settings.data_dir / "demo_bank", key) as url:
        yield settings.model_copy(update={"bank_url": url, "bank_key": SecretStr(key)})


def build_bank(settings: Settings) -> HttpBank | NoBank:
    """The way to core banking that the settings name."""
    if settings.bank_url is None:
        return NoBank()
    key = settings.bank_key.get_secret_value() if settings.bank_key else ""
    return HttpBank(str(settings.bank_url), key, settings.bank_timeout_seconds)


def build_demo_bank(settings: Settings) -> demo.DemoBank | None:
    """What the demo shows of its bank, where that is the bank in use."""
    if not settings.demo or settings.bank_url is None or settings.bank_key is None:
        return None
    return demo.DemoBank(str(settings.bank_url), settings.bank_key.get_secret_value())


def build_flows(settings: Settings) -> dict[str, Flow]:
    """The guided tasks, proved; raises WrongFlow with every mistake."""
    flows = read_all(settings.flows_dir)
    mistakes = check(flows, actions(), load_desk(settings.desk_file).skills)
    if mistakes:
        raise WrongFlow("\n".join(map(str, mistakes)))
    return flows


def build_classifier(settings: Settings, embedder: Embedder, flows: Mapping[str, Flow]) -> TaskClassifier:
    """Tells which task a message wishes; its model is trained on the flows' examples once and kept beside the embedder."""
    return TaskClassifier(embedder, task_examples.load(flows), settings.models_dir)


@contextmanager
def language_models(settings: Settings) -> Iterator[LLM | None]:
    """The models that the settings name, connected for as long as this lasts; nothing where they name none."""
    llm = build_llm(settings)
    if llm is None:
        yield None
        return
    with closing(llm):
        yield llm


@contextmanager
def evaluation_model(settings: Settings, seed: int | None = None) -> Iterator[LLM | None]:
    """The model that judges answers and plays customers in suites; nothing where the settings name none.

    With a seed it chooses its words freely, and the same ones for the same seed where the server heeds it.
    """
    body = {} if seed is None else {"seed": seed, "temperature": 0.7}
    only = {"llm_small_model": "", "llm_fallbacks": [], "llm_body": body}
    named = {name: getattr(settings, f"eval_{name}") for name in ("llm_base_url", "llm_model", "llm_api_key")}
    with language_models(settings.model_copy(update=only | named)) as llm:
        yield llm


def build_llm(settings: Settings) -> LLM | None:
    """The language models that the settings name, in order of preference; None where there is none. To be closed."""
    if not settings.llms:
        return None
    # The SDK takes seconds to import.
    from assistant.llms.openai_compatible import OpenAICompatible

    ending, places = Ending(), settings.llm_concurrency
    servers = [
        Server(
            OpenAICompatible(str(named.base_url), named.api_key, named.body, places, ending),
            {Size.LARGE: named.model, Size.SMALL: named.small_model or named.model},
            settings.llm_prices,
            settings.llm_silence_seconds,
        )
        for named in settings.llms
    ]
    return Traced(Preferred(servers, places), traced.servers(settings))


def build_wordings(settings: Settings) -> Wordings:
    """The assistant's sentences, with the bank's names in them."""
    return Wordings(settings.bank_name, settings.assistant_name, settings.hotline)


def build_storage(
    settings: Settings, database: Database, bell: Bell | None = None, hear: Hear = lambda _events: None
) -> Storage:
    """The event log, personal values sealed with the service's secret; the bell tells who watches of what is new, and `hear` is told of it."""
    return Storage(database, Seal(secret(settings)), (bell or Bell(database)).ring, hear)


def build_audit(settings: Settings, database: Database) -> Audit:
    """The trail of who read or changed what, sealed with a key of its own."""
    return Audit(database, derived(settings, "audit"))


def build_erasure(settings: Settings, database: Database) -> Erasure:
    """What takes conversations out of all that is stored."""
    return Erasure(database, build_audit(settings, database), derived(settings, "erasure"))


def build_campaign_table(settings: Settings, database: Database, audit: Audit) -> CampaignTable:
    """The campaigns; the demo's are put into an empty table."""
    table = CampaignTable(database)
    if settings.demo:
        campaign_seed.plant(table, audit)
    return table


def build_word_list(settings: Settings) -> WordList:
    """The bank's list of words; raises WrongWordList."""
    return word_list.load(settings.word_list) if settings.word_list else word_list.NOTHING_LISTED


def build_campaign_desk(settings: Settings, database: Database, search: Search, audit: Audit) -> CampaignDesk:
    """Where the bank's people see to campaigns."""
    table = build_campaign_table(settings, database, audit)
    return CampaignDesk(table, Campaigns(table, search), audit)


@dataclass(frozen=True)
class House:
    """The digital employee, the desk where people take over, what they see there, what keeps the queue moving, and the tasks."""

    assistant: Assistant
    desk: Desk
    views: DeskViews
    routing: Routing
    replay: Replay
    flows: Mapping[str, Flow]


def build_house(
    settings: Settings, storage: Storage, search: Search, embedder: Embedder, bank: Bank, llm: LLM | None = None
) -> House:
    """All that works on conversations, over this storage, search and bank, with this model, if any."""
    flows, rules = build_flows(settings), load_desk(settings.desk_file)
    bank = BankWithDesk(bank, rules)
    catalogue = Catalogue(search)
    staff = StaffUnderstanding(catalogue.products)
    classifier, words = build_classifier(settings, embedder, flows), build_word_list(settings)
    understanding = Understanding(classifier, flows, search.lexicon, staff, words)
    video = VideoCall(settings.video_url, derived(settings, "video"))
    guiding, answering = Guiding(flows, bank, settings.sign_in_url, video), build_answering(settings, search)
    models = build_models(settings, llm, search) if llm else None
    asking = Asking(answering, flows, models)
    opinion = SecondOpinion(llm, understanding, flows) if llm else None
    wordings, leads = build_wordings(settings), LeadOffering(flows, bank, Leads(storage.database))
    queue, limit = Queue(storage.database), settings.max_message_characters
    reception = Reception(flows, rules, bank, queue, Places(storage.database, rules))
    audit, agents = build_audit(settings, storage.database), HumanAgents(storage.database, rules.shown_as)
    campaigns = Campaigns(build_campaign_table(settings, storage.database, audit), search)
    talking, mention = (
        Talking(
            asking,
            flows,
            Guidance(search, catalogue, campaigns.applying),
            StaffHelp(DraftCheck(search), Playbook(search), campaigns.applying),
        ),
        CampaignMention(campaigns, bank),
    )
    assistant = Assistant(
        storage,
        search,
        understanding,
        guiding,
        talking,
        reception,
        leads,
        wordings,
        limit,
        Pace(settings.turns_per_conversation),
        mention,
        opinion,
        settings.llm_timeout_seconds,
    )
    pictures = Pictures(storage, Seal(secret(settings)), assistant.words, audit)
    desk = Desk(storage, assistant, queue, agents, rules, limit, pictures, video, audit)
    rewording = build_rewording(settings, storage, models.phrasing) if models else None
    suggesting = Suggesting(answering, understanding, flows, wordings, rewording)
    polishing = build_polishing(settings, storage, llm, search, flows) if llm else None
    next_actions = NextActions(search, campaigns.applying)
    views = DeskViews(storage, queue, rules, bank, guiding, wordings, suggesting, audit, next_actions, polishing)
    replay = Replay(storage, assistant, guiding, talking, wordings, settings.llm_timeout_seconds)
    return House(assistant, desk, views, Routing(storage, assistant, rules), replay, flows)


def build_lead_desk(settings: Settings, storage: Storage, bank: Bank, flows: Mapping[str, Flow]) -> LeadDesk:
    """Where the bank's people see to tasks that customers left."""
    leads, words = Leads(storage.database), build_wordings(settings)
    audit = build_audit(settings, storage.database)
    return LeadDesk(storage, leads, flows, bank, words, settings.lead_after_minutes, audit)


def build_assistant(
    settings: Settings, storage: Storage, search: Search, embedder: Embedder, bank: Bank, llm: LLM | None = None
) -> Assistant:
    """The digital employee alone."""
    return build_house(settings, storage, search, embedder, bank, llm).assistant


def build_models(settings: Settings, llm: LLM, search: Search) -> Models:
    """What a model does for answers."""
    support = Support(llm) if settings.llm_check_support else None
    bank, name, words = settings.bank_name, settings.assistant_name, build_word_list(settings)
    phrasing = Phrasing(llm, search.lexicon, bank, name, support, words)
    return Models(phrasing, Rewriting(llm, search.lexicon))


def build_rewording(settings: Settings, storage: Storage, phrasing: Phrasing) -> Rewording:
    """What words the replies that are suggested to agents."""
    return Rewording(phrasing, Backroom(), storage.note, settings.llm_timeout_seconds)


def build_polishing(
    settings: Settings, storage: Storage, llm: LLM, search: Search, flows: Mapping[str, Flow]
) -> Polishing:
    """What words the summaries that agents read."""
    titles = [title for flow in flows.values() for title in (flow.title.zh, flow.title.en)]
    seconds, bank = settings.llm_timeout_seconds, settings.bank_name

    def grounds(sources: Sequence[Citation]) -> Callable[[str], bool]:
        grounding = Grounding("", sources, search.lexicon(Audience.STAFF))
        return lambda sentence: grounding.check(sentence).text is not None

    return Polishing(llm, Backroom(), grounds, storage.note, titles, bank, seconds)


def build_answering(settings: Settings, search: Search) -> Answering:
    """Answers from the documents, judged by the threshold in force."""
    return Answering(search, build_judge(settings, search), build_word_list(settings))


def build_judge(settings: Settings, search: Search) -> Judge:
    """Tells whether what was found answers: by reading, where the cross-encoder in force was calibrated, else by a glance."""
    glance = build_glance(settings, search)
    calibration = calibrations().get(search.cross_encoder.fingerprint) if search.cross_encoder else None
    return ReadingJudge(glance, search, decide(calibration, settings.answerable_lost)) if calibration else glance


def build_glance(settings: Settings, search: Search) -> SimilarityJudge:
    """Tells it by what is near, without reading."""
    return SimilarityJudge(search, _threshold(settings))


def build_gap_desk(settings: Settings, storage: Storage, search: Search, audit: Audit) -> GapDesk:
    """What the documents left open."""
    replies = load_desk(settings.desk_file).replies.values()
    prepared = frozenset(fold(text) for reply in replies for text in (reply.zh, reply.en))
    grouping = GapGrouping(storage.database, search, build_answering(settings, search))
    return GapDesk(storage.database, GapReading(storage, prepared), grouping, audit)


def build_faq_desk(
    settings: Settings, gaps: GapDesk, search: Search, shelf: Shelf, audit: Audit, flows: Mapping[str, Flow]
) -> FaqDesk:
    """Where answers to it are written, approved, and published on the shelf."""
    drafts, check = FaqDrafts(search.library.database), FaqCheck(search, flows)
    return FaqDesk(drafts, gaps, check, FaqPublishing(drafts, shelf, audit), build_answering(settings, search), audit)


def build_search_test(settings: Settings, search: Search) -> SearchTest:
    """Tries questions as the assistant would answer them."""
    return SearchTest(search, build_answering(settings, search), _threshold(settings))


def _threshold(settings: Settings) -> float:
    """The one that the settings name, or the measured one."""
    return THRESHOLD if settings.evidence_threshold is None else settings.evidence_threshold
