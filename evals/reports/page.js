// The list of cases: what is in it is text and is written as text, never as markup.
(() => {
  "use strict";
  const STEP = 100;
  const root = document.documentElement;
  const held = (id) => JSON.parse(document.getElementById(id)?.textContent || "null");
  const words = held("words");
  const language = () => (root.lang === "en" ? 1 : 0);

  function switchTo(lang) {
    root.lang = lang;
    const key = lang === "en" ? "en" : "zh";
    for (const one of document.querySelectorAll("[data-zh]")) {
      if (one.dataset.attribute) one.setAttribute(one.dataset.attribute, one.dataset[key]);
      else one.textContent = one.dataset[key];
    }
    document.getElementById("switch").textContent = key === "en" ? "中文" : "English";
  }
  document.getElementById("switch").addEventListener("click", () => switchTo(language() ? "zh-CN" : "en"));
  if (!words) return;

  const suites = held("suites");
  const rows = held("rows");
  let passages = null;

  function element(name, className, ...inside) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...inside.filter((one) => one !== null && one !== undefined && one !== ""));
    return made;
  }

  // Both languages at once: the page's style shows the one that is chosen.
  function both(pair) {
    if (!Array.isArray(pair)) return document.createTextNode(pair);
    return element("span", "", element("span", "zh", pair[0]), element("span", "en", pair[1]));
  }
  const filled = (text, known) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in known ? known[name] : whole));
  const say = (key, known = {}) => both(words[key].map((text) => filled(text, known)));
  const word = (key) => (words[key] ? say(key) : key);

  function option(value, pair) {
    const made = element("option");
    made.value = value;
    const [zh, en] = Array.isArray(pair) ? pair : [pair, pair];
    made.dataset.zh = zh;
    made.dataset.en = en;
    made.textContent = language() ? en : zh;
    return made;
  }

  const form = document.getElementById("filter");
  const list = document.getElementById("list");
  const more = document.getElementById("more");
  const { suite, group, show, find } = form.elements;
  suite.append(option("", words.all_suites), ...Object.entries(suites).map(([name, pair]) => option(name, pair)));
  const changed = rows.some((row) => row.change);
  const shown = ["show_all", "show_wrong"];
  if (changed) shown.push("show_changed", "show_turned_wrong", "show_turned_right");
  if (rows.some((row) => row.state === "unscored")) shown.push("show_unscored");
  show.append(...shown.map((key) => option(key.slice(5), words[key])));

  function offerGroups() {
    const mine = rows.filter((row) => !suite.value || row.suite === suite.value).map((row) => row.group);
    const known = [...new Set(mine)].filter(Boolean).sort();
    group.replaceChildren(option("", words.all_groups), ...known.map((name) => option(name, name)));
    group.disabled = !known.length;
  }

  const wanted = {
    all: () => true,
    wrong: (row) => row.state === "wrong",
    changed: (row) => Boolean(row.change),
    turned_wrong: (row) => row.change === "turned_wrong",
    turned_right: (row) => row.change === "turned_right",
    unscored: (row) => row.state === "unscored",
  };

  // What is stored of a case is searched as it stands, so nothing has to be read before it is opened.
  function says(place, text) {
    const row = rows[place];
    const told = [row.id, row.asked, row.group || "", document.getElementById(`case-${place}`).textContent].join("\n");
    if (told.toLowerCase().includes(text)) return true;
    return sources(text).some((number) => told.includes(`[${number},`) && uses(place, number));
  }
  const named = new Map();
  function sources(text) {
    if (!named.has(text)) {
      passages ??= held("passages");
      const hits = passages.map((one, number) => [one, number]).filter(([one]) => one[0].toLowerCase().includes(text) || one[1].toLowerCase().includes(text));
      named.clear();
      named.set(text, hits.map(([, number]) => number));
    }
    return named.get(text);
  }
  const uses = (place, number) => detailOf(place).trials?.some((trial) => trial.turns?.some((turn) => turn.found?.some((one) => one[0] === number) || turn.cited?.some((one) => one[1] === number)));
  const details = new Map();
  function detailOf(place) {
    if (!details.has(place)) details.set(place, held(`case-${place}`));
    return details.get(place);
  }

  let left = [];
  function filter() {
    const text = find.value.trim().toLowerCase();
    left = rows.map((_row, place) => place).filter((place) => {
      const row = rows[place];
      if (suite.value && row.suite !== suite.value) return false;
      if (group.value && row.group !== group.value) return false;
      return wanted[show.value](row) && (!text || says(place, text));
    });
    document.getElementById("count").replaceChildren(say("count", { count: left.length }));
    list.replaceChildren();
    if (!left.length) list.append(element("p", "", say("nothing")));
    proceed();
  }
  function proceed() {
    list.append(...left.splice(0, STEP).map(line));
    more.hidden = !left.length;
    more.replaceChildren(say("more", { count: Math.min(STEP, left.length) }));
  }

  const turnedWords = { turned_wrong: "was_right", turned_right: "was_wrong", better: "is_better", worse: "is_worse" };
  function line(place) {
    const row = rows[place];
    const meta = element("div", "meta", element("span", "code", row.id), both(suites[row.suite]), row.group || "");
    if (row.all > 1) meta.append(element("span", "", say("right_times", { all: row.all, right: row.right || 0 })));
    if (row.change) meta.append(element("span", row.change, say(turnedWords[row.change])));
    const text = element("div", "", element("div", "asked", row.asked), meta);
    if (row.faults) text.append(element("div", "fault", both(row.faults)));
    const made = element("details", "case", element("summary", "", element("span", `badge ${row.state}`, say(row.state)), text));
    made.addEventListener("toggle", () => {
      if (made.open && made.children.length === 1) made.append(inside(detailOf(place)));
    });
    return made;
  }

  function pairs(entries) {
    const made = element("dl", "pairs");
    for (const [name, value] of entries) made.append(element("dt", "", name), element("dd", "", value));
    return made;
  }

  function table(heads, lines) {
    const head = element("tr", "", ...heads.map((one) => element("th", "", one)));
    return element("div", "wide", element("table", "", element("thead", "", head), element("tbody", "", ...lines)));
  }

  function inside(detail) {
    const made = element("div", "inside");
    if (detail.wanted) made.append(element("h3", "", say("what_is_wanted")), pairs(detail.wanted.map(([key, value]) => [word(`wanted_${key}`), value])));
    if (detail.changed) {
      made.append(element("h3", "", say("changes")));
      made.append(table([say("metric"), say("before"), say("now")], detail.changed.map((one) => cells([both(one[0]), one[1].toFixed(3), one[2].toFixed(3)]))));
    }
    for (const trial of detail.trials || []) made.append(playing(trial, detail.trials.length + (detail.alike || 0) > 1));
    if (detail.alike) made.append(element("p", "hint", say("trials_alike", { count: detail.alike })));
    return made;
  }

  const cells = (values, ...classes) => element("tr", "", ...values.map((one, place) => element("td", classes[place] || "", one)));

  function playing(trial, numbered) {
    const made = element("div", "trial");
    if (numbered) made.append(element("h3", "", say("trial", { number: trial.number }), " · ", say(trial.right ? "right" : "wrong")));
    if (trial.failed) made.append(element("p", "note", say("broken_off"), "：", both(trial.failed)));
    if (!trial.turns) made.append(element("p", "hint", say("no_turns")));
    for (const turn of trial.turns || []) made.append(oneTurn(turn));
    if (trial.marks) {
      const lines = trial.marks.map(([name, value, why, required]) => {
        const good = value === null ? "" : value === 1 ? "good" : required ? "bad" : "";
        return cells([both(name), value === null ? say("not_scored") : String(value), required ? "●" : "", both(why)], "", good);
      });
      made.append(element("h3", "", say("marks")), table([say("metric"), say("score"), say("required"), say("why")], lines));
    }
    if (trial.bank) {
      const lines = trial.bank.map(([path, asked, stands, agree]) => cells([both(path), asked, `${agree ? "✓" : "✗"} ${stands}`], "code", "", agree ? "good" : "bad"));
      made.append(element("h3", "", say("bank")), table([say("path"), say("wanted_word"), say("stands")], lines));
    }
    return made;
  }

  function oneTurn(turn) {
    const made = element("div", "turn", element("div", "said", turn.said || ""));
    if (turn.reply) made.append(element("div", "reply", turn.reply));
    if (turn.choices) made.append(element("div", "", ...turn.choices.map((one) => element("span", "chip", one))));
    const slots = Object.entries(turn.slots || {}).map(([name, value]) => `${name} = ${value}`).join("；");
    const task = [turn.flow, turn.status].filter(Boolean).join(" · ");
    const facts = [
      ["wanted_outcome", turn.outcome && both(turn.outcome)], ["took", turn.ms && `${turn.ms} ms`], ["commands", turn.commands?.join("\n")],
      ["events", turn.events?.join(" → ")], ["task", task], ["slots", slots], ["ticket", turn.ticket], ["guided", turn.guided],
      ["offered", turn.offered?.join("、")], ["support", typeof turn.support === "number" && turn.support.toFixed(3)],
    ];
    const cited = new Set((turn.cited || []).map(([, place]) => place));
    made.append(pairs(facts.filter(([, value]) => value).map(([key, value]) => [word(key), value])));
    if (turn.cited) {
      made.append(element("h3", "", say("cited")));
      for (const [number, place] of turn.cited) made.append(passage(place, [`[${number}]`], false));
    }
    if (turn.found) {
      const opened = element("details", "", element("summary", "", say("found"), ` (${turn.found.length})`));
      turn.found.forEach(([place, score, similarity, right], order) => {
        const figures = element("span", "code", say("score"), ` ${score} · `, say("similarity"), ` ${similarity}`);
        opened.append(passage(place, [`${order + 1}`, right ? element("span", "hit", "✓ ", say("is_answer")) : "", cited.has(place) ? say("cited") : "", figures], right));
      });
      made.append(opened);
    }
    return made;
  }

  function passage(place, heads, right) {
    passages ??= held("passages");
    const [file, title, section, text] = passages[place];
    const where = [title, section].filter(Boolean).join(" › ");
    return element("div", right ? "passage hit" : "passage", element("div", "head", ...heads.map((one) => one && element("span", "", one)), where, element("span", "code", file)), element("p", "", text));
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  suite.addEventListener("change", () => { offerGroups(); filter(); });
  group.addEventListener("change", filter);
  show.addEventListener("change", filter);
  let waits = 0;
  find.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(filter, 150); });
  more.addEventListener("click", proceed);
  for (const one of document.querySelectorAll("[data-show]")) {
    one.addEventListener("click", () => { show.value = one.dataset.show; filter(); document.getElementById("cases").scrollIntoView(); });
  }
  offerGroups();
  filter();
})();
