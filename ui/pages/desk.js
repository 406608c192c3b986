// The desk page: what Gradio leaves to the browser. One call at a time goes over the wire; the answer says what to keep.
(() => {
  // The sign-in is the one of the other pages; what is kept beside it goes with it.
  const SIGN_IN = "teller.sign_in";
  const KEY = "teller.kept.desk";
  const DRAFTS = "teller.kept.desk_drafts";
  const LOOK = { do: "look" };
  const ARRIVES = ["take", "next", "open"];
  const OFTEN = 3_000;
  const SELDOM = 10_000;
  const PATIENCE = 20_000;

  const chinese = /^zh\b/i.test(navigator.language || "zh");
  document.documentElement.lang = chinese ? "zh-CN" : "en";

  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

  // sessionStorage belongs to one tab and outlives a reload; where it is closed, a reload asks for the sign-in again.
  const stored = (key) => {
    try {
      return JSON.parse(sessionStorage.getItem(key)) || {};
    } catch {
      return {};
    }
  };
  const store = (key, value) => {
    try {
      if (value) sessionStorage.setItem(key, JSON.stringify(value));
      else sessionStorage.removeItem(key);
    } catch {
      // What cannot be kept lasts as long as the page.
    }
  };

  let kept = { ...stored(KEY), token: stored(SIGN_IN).token ?? "" };
  let drafts = stored(DRAFTS);
  let ahead = 0; // by how much the server's clock is ahead, in milliseconds

  // The wire

  let speak = null;
  let spoken = null;
  let last = 0;
  let watchdog = 0;
  const waiting = [];

  // Pressed twice is meant once; only looking is worth doing again after a look that is under way.
  const ask = (asked, form = null) => {
    const said = JSON.stringify(asked);
    const before = asked === LOOK ? waiting : [...waiting, ...(spoken ? [spoken] : [])];
    const again = before.some((one) => JSON.stringify(one.asked) === said || (form && one.form === form));
    if (!again) waiting.push({ asked, form });
    next();
  };

  const next = () => {
    if (!speak || spoken || !waiting.length) return;
    spoken = waiting.shift();
    last = Date.now();
    spoken.form?.setAttribute("aria-busy", "true");
    watchdog = setTimeout(() => {
      document.body.classList.add("cut");
      release();
    }, PATIENCE);
    speak();
  };

  const release = () => {
    clearTimeout(watchdog);
    spoken?.form?.removeAttribute("aria-busy");
    spoken = null;
    next();
  };

  const pane = (element) => element.closest(".gradio-container .block[id]")?.id;

  // A form that is being filled in is left as it is; the one that was just sent is not.
  const held = () => {
    const filled = $$("dialog[open], .side textarea, .warn:not([hidden])").filter(
      (one) => !spoken?.form || one.closest("form") !== spoken.form,
    );
    const now = filled.filter((one) => !one.matches("textarea") || one === document.activeElement);
    return [...new Set(now.map(pane))];
  };

  const digests = () =>
    Object.fromEntries($$(".pane[data-digest]").map((one) => [pane(one), one.dataset.digest]));

  window.desk = {
    connect(trigger) {
      speak = trigger;
      ask(LOOK);
    },
    sent() {
      const { token = "", ticket = "", read = {} } = kept;
      const asked = spoken?.asked ?? LOOK;
      return { token, ticket, read, shown: digests(), held: held(), watched: !document.hidden, asked };
    },
    heard(answer) {
      if (answer) hear(answer);
      release();
      return [];
    },
  };

  const hear = (answer) => {
    const { token, ticket, read, title, done, told, now } = answer;
    document.body.classList.remove("cut");
    // Without one, everything stays as it is.
    if (token !== null) {
      if (token !== kept.token) listen(token);
      kept = { token, ticket, read };
      store(KEY, { ticket, read });
      if (token !== stored(SIGN_IN).token) store(SIGN_IN, token && { token });
      document.title = title;
    }
    ahead = Date.parse(now) - Date.now();
    if (told) tell(told, done ? "status" : "alert");
    if (done && spoken?.form) finish(spoken.form, spoken.asked);
    if (!done && spoken?.asked.do === "write") $(".warn")?.removeAttribute("hidden");
    if (done === "sign_out") forget();
    if (!kept.ticket) view("list");
    else if (ARRIVES.includes(spoken?.asked.do) || !document.body.dataset.view) view("talk");
    tick();
  };

  // On a narrow screen there is room for one of the columns: the list, the conversation, or what is beside it.
  const view = (name) => (document.body.dataset.view = name);

  const finish = (form, asked) => {
    form.closest("dialog")?.close();
    for (const area of $$("textarea[data-draft]", form)) {
      // What was typed on while it was being sent stays.
      if (area.dataset.draft.startsWith(asked.ticket) && [asked.text, asked.note].includes(area.value)) write(area, "");
    }
    if (form.matches(".ask")) $(".warn")?.setAttribute("hidden", "");
  };

  const forget = () => {
    drafts = {};
    store(DRAFTS, drafts);
    for (const address of pictures.values()) address.then(URL.revokeObjectURL);
    pictures.clear();
  };

  // Everything that is pressed or sent

  document.addEventListener("click", (event) => {
    const on = event.target.closest?.("button, [role=option], a");
    if (!on) {
      if (event.target.matches?.("dialog")) event.target.close();
      return;
    }
    const { opens, fills, ticket, presence, views } = on.dataset;
    if (on.matches("button[data-do]")) ask({ do: on.dataset.do, ticket, presence });
    else if (opens) open(opens);
    else if (views) view(views);
    else if ("closes" in on.dataset) on.closest("dialog").close();
    else if (fills !== undefined) fill(fills);
    else if ("slash" in on.dataset) fill("/");
    else if ("mends" in on.dataset) mend();
    else if ("sends" in on.dataset) send(true);
    else if ("scrolls" in on.dataset) toEnd();
    else if ("shows" in on.dataset) window.open($("img", on).src, "_blank", "noopener");
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.do) return;
    event.preventDefault();
    if (form.matches(".ask")) return send(false);
    const data = new FormData(form, event.submitter);
    const fields = { ...Object.fromEntries(data), skills: data.getAll("skills") };
    ask({ ...fields, do: form.dataset.do, ticket: form.dataset.ticket }, form);
    // A password stays in no field.
    $$("input[type=password]", form).forEach((one) => (one.value = ""));
  });

  const open = (name) => {
    const dialog = document.getElementById(name);
    $("form", dialog).reset();
    dialog.showModal();
  };

  const send = (sure) => {
    const form = $("form.ask");
    const text = box().value;
    // The name of a canned reply is no message.
    if (text.trim() && $("#canned").hidden) ask({ do: "write", ticket: form.dataset.ticket, text, sure }, form);
  };

  // The box: drafts, canned replies, keys

  const box = () => $("form.ask textarea");

  const write = (area, text) => {
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const fill = (text) => {
    write(box(), text);
    box().focus();
    box().setSelectionRange(text.length, text.length);
  };

  const mend = () => {
    $(".warn")?.setAttribute("hidden", "");
    box().focus();
  };

  const canned = () => $$("#canned [role=option]:not([hidden])");

  const offer = () => {
    const list = $("#canned");
    if (!list) return;
    const typed = box().value.startsWith("/") ? box().value.slice(1).trim().toLowerCase() : null;
    list.hidden = typed === null;
    if (typed === null) return choose(null);
    for (const one of $$("[role=option]", list)) {
      one.hidden = !one.dataset.name.startsWith(typed) && !one.dataset.fills.toLowerCase().includes(typed);
    }
    const found = canned();
    $(".none", list).hidden = found.length > 0;
    choose(found[0]);
  };

  const choose = (option) => {
    $$("#canned [aria-selected]").forEach((one) => one.removeAttribute("aria-selected"));
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    const area = box();
    if (option) area?.setAttribute("aria-activedescendant", option.id);
    else area?.removeAttribute("aria-activedescendant");
  };

  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!area.dataset?.draft) return;
    drafts[area.dataset.draft] = area.value;
    if (!area.value) delete drafts[area.dataset.draft];
    store(DRAFTS, drafts);
    if (!area.matches(".ask textarea")) return;
    if (event.isTrusted) $(".warn")?.setAttribute("hidden", "");
    offer();
  });

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("form.ask textarea") || event.isComposing || event.keyCode === 229) return;
    const { key, ctrlKey, metaKey } = event;
    const open = !$("#canned").hidden;
    const now = $("#canned [aria-selected]");
    if (open && (key === "Enter" || key === "Tab") && now) fill(now.dataset.fills);
    else if (key === "Enter" && (ctrlKey || metaKey)) send(false);
    else if (open && (key === "ArrowDown" || key === "ArrowUp")) step(now, key === "ArrowDown" ? 1 : -1);
    else if (open && key === "Escape") $("#canned").hidden = true;
    else return;
    event.preventDefault();
  });

  const step = (now, by) => {
    const found = canned();
    choose(found[(found.indexOf(now) + by + found.length) % found.length]);
  };

  // What changes by itself

  // A box that now belongs to another ticket gets that ticket's draft, before anybody can type on.
  const redraft = () => {
    for (const area of $$("textarea[data-draft]")) {
      if (area.ticket === area.dataset.draft) continue;
      area.ticket = area.dataset.draft;
      area.value = drafts[area.dataset.draft] ?? "";
      if (!area.matches(".ask textarea")) continue;
      offer();
      if (ARRIVES.includes(spoken?.asked.do)) area.focus();
    }
  };

  // Pictures open only with the token, which an address does not carry.
  const pictures = new Map();

  const develop = () => {
    for (const one of $$("img[data-picture]:not([src])")) {
      const { picture } = one.dataset;
      if (!pictures.has(picture)) pictures.set(picture, fetchPicture(picture));
      pictures.get(picture).then((address) => address && (one.src = address));
    }
  };

  const fetchPicture = async (picture) => {
    try {
      const answer = await fetch(picture, { headers: { Authorization: `Bearer ${kept.token}` } });
      if (answer.ok) return URL.createObjectURL(await answer.blob());
    } catch {
      // It is tried again when the page changes.
    }
    pictures.delete(picture);
    return null;
  };

  // Messages stay where they are read; at the end, they follow.
  let talk = "";
  let count = 0;
  let atEnd = true;
  let placed = 0; // where it was put last

  const follow = () => {
    const said = $(".said");
    const ticket = $(".talk")?.dataset.ticket ?? "";
    const length = said ? $$(":scope > ol > li", said).length : 0;
    if (ticket === talk && length === count) return;
    const other = ticket !== talk;
    [talk, count] = [ticket, length];
    if (!said) return;
    resized.observe(said);
    if (other || atEnd) toEnd();
    else $(".talk .below").hidden = false;
  };

  // The panes below it come and go.
  const resized = new ResizeObserver(() => atEnd && $(".said") && toEnd());

  const toEnd = () => {
    const said = $(".said");
    said.scrollTop = said.scrollHeight;
    placed = said.scrollTop;
    atEnd = true;
    $(".talk .below").hidden = true;
  };

  document.addEventListener(
    "scroll",
    ({ target }) => {
      if (!target.matches?.(".said")) return;
      // The height may have changed since it was put at the end; only who scrolls up leaves it.
      const near = target.scrollHeight - target.scrollTop - target.clientHeight < 40;
      atEnd = near || (atEnd && target.scrollTop >= placed);
      if (atEnd) $(".talk .below").hidden = true;
    },
    true,
  );

  const two = (number) => String(number).padStart(2, "0");
  const clock = (seconds) => {
    const hours = Math.floor(seconds / 3600);
    const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
    return hours ? `${hours}:${rest}` : rest;
  };
  const put = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  const tick = () => {
    const now = Date.now() + ahead;
    for (const one of $$("time[data-since]")) {
      put(one, clock(Math.max(0, Math.floor((now - Date.parse(one.dataset.since)) / 1000))));
    }
    for (const one of $$("time[data-until]")) {
      put(one, String(Math.max(0, Math.ceil((Date.parse(one.dataset.until) - now) / 1000))));
    }
  };

  // What the agent has unfolded stays so when its pane is drawn anew.
  const unfolded = new Set();
  document.addEventListener(
    "toggle",
    ({ target }) => {
      const { fold } = target.dataset ?? {};
      if (fold && target.isConnected) target.open ? unfolded.add(fold) : unfolded.delete(fold);
    },
    true,
  );
  const unfold = () => {
    for (const one of $$("details[data-fold]")) {
      if (one.known) continue;
      one.known = true;
      one.open = unfolded.has(one.dataset.fold);
    }
  };

  const changed = () => {
    redraft();
    unfold();
    develop();
    follow();
    tick();
  };
  const changes = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-draft", "data-ticket", "data-picture", "src"] };
  new MutationObserver(changed).observe(document.documentElement, changes);
  setInterval(tick, 1_000);

  // What is told stands above dialogs, which are above everything else.
  let told = 0;
  const tell = (text, role) => {
    let toast = $("#told");
    if (!toast) {
      toast = document.createElement("div");
      toast.id = "told";
      toast.popover = "manual";
      document.body.append(toast);
    }
    toast.setAttribute("role", role);
    toast.className = role;
    toast.textContent = text;
    if (toast.matches(":popover-open")) toast.hidePopover();
    toast.showPopover();
    clearTimeout(told);
    told = setTimeout(() => toast.hidePopover(), 6_000);
  };

  // Looking: when the live stream says that something changed, and by the clock in case it does not.

  // A worker's clock goes on at its pace in a tab that is in the background, where the page's own is slowed down.
  const worker = new Worker(URL.createObjectURL(new Blob(["setInterval(() => postMessage(0), 1000)"])));
  let live = false;
  worker.onmessage = () => {
    const pause = kept.ticket && !live ? OFTEN : SELDOM;
    if (kept.token && !spoken && Date.now() - last >= pause) ask(LOOK);
  };
  document.addEventListener("visibilitychange", () => kept.token && !document.hidden && ask(LOOK));

  let stream = null;
  const listen = (token) => {
    stream?.abort();
    stream = token ? new AbortController() : null;
    if (stream) followStream(token, stream.signal, 1_000);
  };

  const followStream = async (token, signal, pause) => {
    try {
      const answer = await fetch("/v1/desk/live", { headers: { Authorization: `Bearer ${token}` }, signal });
      if (!answer.ok) throw new Error(answer.status);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      live = true;
      pause = 1_000;
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        if (part.value.includes("event: ticket")) ask(LOOK);
      }
    } catch {
      // It is tried again below.
    }
    if (signal.aborted) return;
    live = false;
    setTimeout(() => !signal.aborted && followStream(token, signal, Math.min(2 * pause, 30_000)), pause);
  };

  listen(kept.token);
})();
