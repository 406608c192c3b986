"""The words of the page for those who judge answers, kept in qa_text.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ui.pages import page_text

# Filled in where the text is used.
_LATER = (
    "abandoned",
    "all",
    "asked",
    "at",
    "claimed",
    "cases",
    "count",
    "done",
    "id",
    "minutes",
    "names",
    "number",
    "reason",
    "run",
    "scored",
    "seconds",
    "share",
    "shown",
    "started",
    "suite",
    "time",
    "who",
    "why",
)


@dataclass(frozen=True)
class Text:
    """Everything that the page says in one language."""

    language: str
    title: str
    tabs: str
    source: str
    close: str
    no_source: str
    no_report: str
    report: str
    runs: str
    compare: str
    cases: str
    conversations: str
    figures: str
    figures_hint: str
    now: str
    now_hint: str
    now_waiting: str
    now_longest: str
    now_in_hand: str
    now_agents: str
    download_sheet: str
    days: str
    last_days: str
    turn_count: str
    thumbs_up: str
    of_count: str
    wait_median: str
    wait_longest: str
    satisfaction: str
    replies_by_day: str
    nothing_yet: str
    as_table: str
    day: str
    tasks: str
    rest: str
    at_the_desk: str
    desk_told: str
    stars: str
    no_tasks_yet: str
    task_told: str
    step: str
    came_there: str
    step_collect: str
    step_choose: str
    step_confirm: str
    step_disclose: str
    step_verify: str
    step_review: str
    step_link: str
    step_call: str
    step_done: str
    step_not_done: str
    step_cancelled: str
    step_handoff: str
    step_say: str
    left_there: str
    unanswered: str
    none_unanswered: str
    answer_them: str
    in_minutes: str
    in_seconds: str
    wrong_form: str
    runs_heading: str
    runs_hint: str
    new_run: str
    suites: str
    shipped: str
    own: str
    case_count: str
    unreadable: str
    repeat: str
    repeat_times: str
    baseline: str
    no_baseline: str
    start: str
    ordered: str
    ordered_waits: str
    stopped_told: str
    NothingToRun: str
    OrderedAlready: str
    TooManyWaiting: str
    NoSuchSuite: str
    NoSuchRun: str
    broken_suite: str
    run_count: str
    no_runs: str
    started: str
    who: str
    command_line: str
    state: str
    gates: str
    headline: str
    waiting: str
    running: str
    done: str
    stopped: str
    failed: str
    broken_off: str
    preparing: str
    progress: str
    minutes_left: str
    seconds_left: str
    stop: str
    passed: str
    missed: str
    no_gates: str
    all_passed: str
    open_report: str
    back_to_runs: str
    suite: str
    scored: str
    scored_of: str
    right: str
    interval: str
    metric: str
    value: str
    limit: str
    gate_passed: str
    gate_missed: str
    metrics_of: str
    times: str
    misses: str
    said_last: str
    failed_why: str
    compare_heading: str
    compare_hint: str
    before: str
    after: str
    choose_run: str
    choose_two: str
    same_run: str
    nothing_shared: str
    change: str
    p: str
    compared_cases: str
    better: str
    worse: str
    unchanged: str
    became_right: str
    became_wrong: str
    none_turned: str
    cases_heading: str
    cases_hint: str
    result: str
    any_result: str
    is_right: str
    is_wrong: str
    is_unscored: str
    is_doubted: str
    is_not_played: str
    search: str
    search_cases: str
    search_said: str
    count: str
    shown_of: str
    no_cases: str
    case: str
    of_run: str
    never_played: str
    back: str
    expected: str
    marks: str
    trial: str
    customer: str
    staff: str
    assistant: str
    commands: str
    found: str
    cited: str
    score: str
    similarity: str
    support: str
    broke_off: str
    took: str
    no_records: str
    changed_since: str
    mark_wrong: str
    mark_why: str
    mark_why_hint: str
    mark_hint: str
    needs_why: str
    marked_told: str
    marked_by: str
    take_back: str
    taken_back_told: str
    case_gone: str
    other_run: str
    conversations_heading: str
    conversations_hint: str
    trait: str
    any_trait: str
    abstained: str
    handed_off: str
    rated_down: str
    rated_up: str
    until: str
    no_conversations: str
    looked_through: str
    started_at: str
    first_said: str
    turns: str
    nothing_said: str
    audience: str
    conversation: str
    as_case: str
    as_case_hint: str
    masked: str
    masked_hint: str
    agent: str
    comment: str
    into_suite: str
    into_suite_hint: str
    case_id: str
    for_whom: str
    say: str
    press: str
    right_code: str
    wrong_code: str
    turn: str
    turns_hint: str
    must_say: str
    must_say_hint: str
    must_not_say: str
    must_not_say_hint: str
    document: str
    document_hint: str
    abstain: str
    handoff: str
    not_asked: str
    expected_yes: str
    expected_no: str
    note: str
    save_case: str
    case_saved: str
    missing: str
    not_a_name: str
    personal: str
    shipped_suite: str
    taken: str
    nothing_expected: str
    not_valid: str
    suite_unreadable: str
    outcome: str
    outcome_answered: str
    outcome_abstained: str
    outcome_clarifying: str
    outcome_in_flow: str
    outcome_flow_done: str
    outcome_flow_cancelled: str
    outcome_handed_off: str
    outcome_with_human: str
    outcome_smalltalk: str
    outcome_blocked: str


def load() -> dict[str, Text]:
    """The page's words by language; raises ValueError when one is missing or unknown."""
    return page_text.read(Path(__file__).with_suffix(".yaml"), Text, {name: f"{{{name}}}" for name in _LATER})
