// The page for customer managers: what Gradio leaves to the browser.
(() => {
  const CHAT = "chat";
  const DRAFTS = "drafts";
  const language = () => (document.documentElement.lang.startsWith("en") ? "en" : "zh");
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const said = (name) => $(`[data-said="${name}"][lang="${language()}"]`)?.textContent ?? "";

  // The tabs

  const show = (name) => {
    const may = $$(".tabs button").filter((one) => one.dataset.roles.split(" ").includes(signIn.role()));
    for (const one of $$(".tabs button")) one.hidden = !may.includes(one);
    for (const [at, one] of may.entries()) one.setAttribute("aria-keyshortcuts", `Alt+${at + 1}`);
    const chosen = may.find((one) => one.dataset.tab === name) ?? may[0];
    if (!chosen) return;
    for (const one of $$(".tabs button")) one.setAttribute("aria-pressed", String(one === chosen));
    $("#box textarea")?.setAttribute("aria-keyshortcuts", "Alt+R");
    document.body.dataset.tab = chosen.dataset.tab;
    signIn.keep("tab", chosen.dataset.tab);
    ask(chosen.dataset.tab, { do: "look" });
  };
  document.addEventListener("sign-in:entered", () => window.staff.placed());
  addEventListener("hashchange", () => show(location.hash.slice(1)));

  // The panes: each has a wire of its own, with one call on it at a time; Gradio drops what is triggered under way, so it waits here.

  const PATIENCE = 60_000;
  const wires = {};
  const ask = (name, move, typed = []) => {
    const wire = wires[name];
    if (!wire) return;
    const form = $(`#pane-${name} [data-filters]`);
    const asked = { ...move, filters: form ? Object.fromEntries(new FormData(form)) : {} };
    const said = JSON.stringify(asked);
    if (move.do === "look") wire.waiting = wire.waiting.filter((one) => one.asked.do !== "look");
    // Pressed twice is meant once.
    if ([wire.spoken, ...wire.waiting].some((one) => JSON.stringify(one?.asked) === said)) return;
    wire.waiting.push({ asked, typed });
    next(name);
  };
  const next = (name) => {
    const wire = wires[name];
    if (wire.spoken || !wire.waiting.length) return;
    wire.spoken = wire.waiting.shift();
    wire.watchdog = setTimeout(() => release(name), PATIENCE);
    $(`#pane-${name}`).setAttribute("aria-busy", "true");
    wire.speak();
  };
  const release = (name) => {
    const wire = wires[name];
    clearTimeout(wire.watchdog);
    wire.spoken = null;
    $(`#pane-${name}`).removeAttribute("aria-busy");
    next(name);
  };

  window.staff = {
    // Gradio puts the parts on the page in its own order: whichever of these comes last opens the tab.
    placed: () => document.body.classList.contains("signed-in") && show(location.hash.slice(1) || signIn.kept("tab")),
    connect(name, speak) {
      wires[name] = { speak, spoken: null, waiting: [] };
      if (document.body.dataset.tab === name) ask(name, { do: "look" });
    },
    ask: (name, asked) => ask(name, asked),
    asked: (name) => wires[name].spoken?.asked ?? { do: "look" },
    heard(name) {
      const pane = $(`#pane-${name}`);
      const { told, as } = $("[data-told]", pane)?.dataset ?? {};
      if (as === "status") forget(wires[name].spoken?.typed);
      redraft(pane);
      if (told) signIn.tell(told, as);
      document.dispatchEvent(new CustomEvent("pane:shown", { detail: name }));
      // After Gradio has done with this call, for it takes no other before.
      setTimeout(release, 0, name);
      return [];
    },
    // The chat belongs to the tab and goes with the sign-in.
    kept: () => signIn.kept(CHAT),
    keep(kept) {
      if (kept) signIn.keep(CHAT, kept);
      follow();
      follows = false;
      return [];
    },
    // What is sent once more for want of an answer carries the same key, so it makes one turn.
    take(typed, kept) {
      if (!typed.trim() || !kept) return [typed, kept];
      const before = signIn.kept(CHAT);
      const key = before?.unsent === typed ? before.key : Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-");
      const sent = { ...kept, key, unsent: typed };
      follows = true;
      signIn.keep(CHAT, sent);
      return [typed, sent];
    },
  };

  // Presses and forms

  const pane = (element) => element.closest('[id^="pane-"]')?.id.replace("pane-", "");

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="/documents/"]');
    if (link) {
      event.preventDefault();
      return source(link.getAttribute("href"));
    }
    const on = event.target.closest?.("button");
    if (!on) {
      if (event.target.matches?.("dialog.source")) event.target.close();
      return;
    }
    const { tab, do: move, id = "", asks, exports } = on.dataset;
    if (tab) show(tab);
    else if (move) ask(pane(on), { do: move, id });
    else if (asks) {
      show(CHAT);
      fill(asks);
    }
    else if (exports) download(on, exports);
    else if ("closes" in on.dataset) on.closest("dialog").close();
    else if (on.matches(".copy")) copy(on);
  });
  // The middle button would open an address that does not open without the sign-in.
  document.addEventListener("auxclick", (event) => {
    const link = event.target.closest?.('a[href^="/documents/"]');
    if (!link) return;
    event.preventDefault();
    source(link.getAttribute("href"));
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest(".tab-pane")) return;
    event.preventDefault();
    if ("filters" in form.dataset) return ask(pane(form), { do: "look" });
    const fields = Object.fromEntries(new FormData(form));
    const needed = form.elements[event.submitter?.dataset.needs];
    if (needed && !needed.value.trim()) return needed.focus();
    ask(pane(form), { do: event.submitter?.value || form.dataset.does, id: form.dataset.id ?? "", fields }, $$("[data-draft]", form));
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("[data-filters]");
    if (form) ask(pane(form), { do: "look" });
  });

  // What is being written outlives a new pane, another tab and an expired sign-in.

  document.addEventListener("input", ({ target }) => {
    if (!target.dataset?.draft) return;
    signIn.keep(DRAFTS, { ...signIn.kept(DRAFTS), [target.dataset.draft]: target.value });
  });
  const redraft = (within) => {
    const drafts = signIn.kept(DRAFTS) ?? {};
    for (const area of $$("[data-draft]", within)) {
      const typed = drafts[area.dataset.draft];
      if (typed === undefined || typed === area.value) continue;
      area.value = typed;
      const around = area.closest("details");
      if (around) around.open = true;
    }
  };
  const forget = (areas = []) => {
    const drafts = { ...signIn.kept(DRAFTS) };
    for (const area of areas) delete drafts[area.dataset.draft];
    signIn.keep(DRAFTS, drafts);
  };

  // The chat

  const fill = (text) => {
    const area = $("#box textarea");
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
    area.setSelectionRange(text.length, text.length);
    if (!/[：:]\s*$/.test(text)) setTimeout(() => $("#send").click(), 50);
  };

  // An answer is read from its beginning: the question stays at the top while the answer grows under it.
  let follows = true;
  const follow = () => $$("#messages .user-row").at(-1)?.scrollIntoView({ block: "start" });
  document.addEventListener("click", ({ target }) => target.closest?.("#messages .option") && (follows = true), true);
  new MutationObserver((changes) => {
    if (follows && changes.some(({ target }) => target.closest?.("#messages"))) follow();
  }).observe(document.documentElement, { childList: true, subtree: true });

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.text);
      const label = button.textContent;
      button.textContent = button.dataset.copied;
      setTimeout(() => (button.textContent = label), 2000);
    } catch {
      // Without the right to write the clipboard, the text can still be selected.
    }
  };

  // Enter that picks a word in an input method must not send the message.
  for (const type of ["keydown", "keypress"]) {
    document.addEventListener(
      type,
      (event) => {
        if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
      },
      true,
    );
  }

  // A document opens only with the sign-in, which an address does not carry: it is fetched, and shown beside the page.

  const source = async (address) => {
    const dialog = $("dialog.source");
    const frame = $("iframe", dialog);
    try {
      const answer = await fetch(address, { headers: signIn.headers() });
      if (answer.status === 401) return signIn.refused();
      if (!answer.ok) throw new Error(`${answer.status}`);
      frame.onload = () => frame.contentDocument?.querySelector(".marked")?.scrollIntoView({ block: "center" });
      frame.srcdoc = await answer.text();
      if (!dialog.open) dialog.showModal();
    } catch {
      signIn.tell(said("no_source"), "alert");
    }
  };

  const download = async (button, form) => {
    const filters = new FormData($("[data-filters]", button.closest('[id^="pane-"]')));
    const asked = new URLSearchParams({ format: form, locale: document.documentElement.lang });
    for (const [name, value] of filters) if (value && value !== "open") asked.set(name === "task" ? "flow" : name, value);
    try {
      const answer = await fetch(`/v1/leads/export?${asked}`, { headers: signIn.headers() });
      if (answer.status === 401) return signIn.refused();
      if (!answer.ok) throw new Error(`${answer.status}`);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = `leads.${form}`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch {
      signIn.tell(said("not_exported"), "alert");
    }
  };
})();
