// The conversation within the frame, over the same interface as any other client: /v1/conversations and its event streams.
(() => {
  const KEY = "teller.widget";
  const parameters = new URLSearchParams(location.search);
  const words = JSON.parse(document.body.dataset.texts);
  const inputs = JSON.parse(document.body.dataset.inputs);
  const limit = Number(document.body.dataset.limit);
  const [log, form, box, task, photo, stand, alert, human, elder, mic, keeping] = ["log", "say", "text", "task", "photo", "stand", "alert", "human", "elder", "mic", "export"]
    .map((id) => document.getElementById(id));
  const language = document.documentElement.lang;
  const send = form.querySelector("button:not([type])");
  const color = parameters.get("color") || "";
  if (/^#[0-9a-f]{6}$/i.test(color)) {
    document.documentElement.style.setProperty("--brand", color);
    document.documentElement.style.setProperty("--on-brand", "#fff");
  }

  let own = null; // { id, token } of the conversation
  let busy = false;
  let shown = true;
  let identity = "";
  let stream = null;
  let latest = -1;

  const make = (tag, className, ...inside) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...inside);
    return element;
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const warn = (text) => {
    alert.textContent = text || "";
    alert.hidden = !text;
  };
  const tell = (message) => parent !== window && parent.postMessage({ teller: true, ...message }, "*");
  const keep = () => {
    try {
      localStorage.setItem(KEY, JSON.stringify(own));
    } catch {
      // A browser that keeps nothing still chats.
    }
  };
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY));
    } catch {
      return null;
    }
  };
  const call = async (path, options = {}) => {
    const headers = { "Content-Type": "application/json", ...options.headers };
    if (own) headers.Authorization = `Bearer ${own.token}`;
    const answer = await fetch(path, { ...options, headers });
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(problem.detail || words.failed), { status: answer.status });
  };
  const place = (rest = "") => `/v1/conversations/${own.id}${rest}`;

  // --- what is shown
  const down = () => (log.scrollTop = log.scrollHeight);
  const settle = () => log.querySelectorAll(".choices, .fields").forEach((one) => one.remove());
  const add = (className, ...inside) => {
    const bubble = make("article", `from ${className}`, ...inside);
    log.append(bubble);
    down();
    return bubble;
  };
  const sources = (citations) => {
    const items = citations.map((one) => {
      const link = make("a", "", `${one.title} ${one.section}${one.page ? ` ${fill(words.page, one)}` : ""}`);
      Object.assign(link, { href: one.url, target: "_blank", rel: "noopener" });
      const item = make("li", "", link);
      item.value = one.number;
      return item;
    });
    return make("details", "", make("summary", "", `${words.sources} ${citations.length}`), make("ol", "", ...items));
  };
  // What is asked for in a form needs no buttons of its own; one thing that is asked for alone is typed into the box as its kind is.
  const asksForm = ({ asks = [] }) => asks.length > 1 || (asks.length === 1 && inputs[asks[0].kind]?.type === "date");
  const choices = (reply, flow) => {
    const inForm = new Set(asksForm(flow) ? flow.asks.flatMap((field) => field.options.map((one) => one.label)) : []);
    const buttons = reply.choices.filter((choice) => !inForm.has(choice.label)).map((choice) => {
      const button = make("button", "", choice.label);
      button.type = "button";
      button.addEventListener("click", () => say({ choice: choice.id }, choice.label));
      return button;
    });
    const links = reply.links.map((one) => {
      const link = make("a", "", one.label);
      if (/^https?:/.test(one.url)) Object.assign(link, { href: one.url, target: "_blank", rel: "noopener" });
      return link;
    });
    return buttons.length + links.length ? [make("div", "choices", ...buttons, ...links)] : [];
  };
  // Why it was of no help: one press, or nothing.
  const reasons = (turn) => {
    const asked = make("div", "why", make("span", "", words.why));
    const give = async (comment) => {
      try {
        await call(place("/feedback"), { method: "POST", body: JSON.stringify({ turn, rating: "down", comment }) });
        asked.replaceChildren(words.thanks);
      } catch (error) {
        warn(error.message);
      }
    };
    for (const reason of [words.why_wrong, words.why_unclear, words.why_unhelpful, words.why_other]) {
      const button = make("button", "", reason);
      button.type = "button";
      button.addEventListener("click", () => give(reason));
      asked.append(button);
    }
    return asked;
  };
  const aloud = (text) => {
    const button = make("button", "", words.read_aloud);
    button.type = "button";
    button.addEventListener("click", () => {
      const stops = button.dataset.reads;
      log.querySelectorAll("[data-reads]").forEach((one) => (delete one.dataset.reads, (one.textContent = words.read_aloud)));
      voice.stop();
      if (stops) return;
      button.dataset.reads = "1";
      button.textContent = words.stop_reading;
      voice.speak(text, language).addEventListener("end", () => (delete button.dataset.reads, (button.textContent = words.read_aloud)));
    });
    return button;
  };
  const thumbs = (turn) =>
    [["up", words.good], ["down", words.bad]].map(([rating, label]) => {
      const button = make("button", "", label);
      button.type = "button";
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", async () => {
        try {
          await call(place("/feedback"), { method: "POST", body: JSON.stringify({ turn, rating }) });
          button.parentElement.querySelectorAll("[aria-pressed]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
          button.parentElement.parentElement.querySelector(".why")?.remove();
          if (rating === "down") button.parentElement.after(reasons(turn));
        } catch (error) {
          warn(error.message);
        }
      });
      return button;
    });
  const doing = (flow) => {
    const open = flow?.status === "open";
    task.hidden = !open;
    if (!open) return kindOf();
    task.firstChild.textContent = flow.title;
    task.querySelector("progress").value = flow.progress;
    const kind = flow.asks.length === 1 ? flow.asks[0].kind : "";
    photo.hidden = kind !== "picture";
    kindOf(kind);
  };
  const kindOf = (kind) => {
    const own = inputs[kind] || {};
    box.inputMode = own.inputmode || { tel: "tel", email: "email" }[own.type] || "text";
    box.autocomplete = own.autocomplete || "off";
  };
  const finish = (bubble, reply, turn, flow = {}) => {
    const label = reply.citations.length ? words.by_ai_sourced : words.by_ai;
    const foot = make("div", "foot", make("span", "", label), ...(voice.speaks(language) ? [aloud(reply.text)] : []), ...(turn ? thumbs(turn) : []));
    bubble.replaceChildren(...markdown(reply.text), ...(reply.citations.length ? [sources(reply.citations)] : []), foot, ...choices(reply, flow), ...(asksForm(flow) ? [taskForm(flow.asks, inputs, words, (form, label) => say({ form }, label))] : []));
    down();
  };
  const show = (message, flow = {}) => {
    latest = Math.max(latest, message.number);
    if (message.notice) return add("notice", fill(message.notice === "joined" ? words.joined : words.left, { person: message.name || words.agent }));
    if (message.author === "customer") return add("customer", message.text);
    if (message.reply) return finish(add("assistant"), message.reply, null, flow);
    return add("human_agent", make("div", "who", `${message.name || ""} ${words.by_person}`), make("p", "", message.text));
  };
  const inElderMode = (on) => {
    document.documentElement.classList.toggle("elder", on);
    elder.setAttribute("aria-pressed", String(on));
    elder.textContent = on ? words.standard : words.elder;
  };
  const standing = ({ mode, ticket }) => {
    const person = ticket?.agent || words.agent;
    const minutes = ticket?.wait_seconds == null ? null : Math.max(1, Math.ceil(ticket.wait_seconds / 60));
    const queue = minutes === null ? words.queue_nobody : words.queue;
    stand.textContent = mode === "human" ? fill(words.with_person, { person })
      : mode === "waiting" && ticket?.position ? fill(queue, { position: ticket.position, wait: fill(words.minutes, { minutes }) }) : "";
    stand.hidden = !stand.textContent;
    human.disabled = mode !== "assistant";
  };

  // --- what is said and heard
  const events = async function* (answer) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value.replaceAll("\r\n", "\n")).split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const lines = part.split("\n");
        const of = (name) => lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2)).join("\n");
        if (of("event")) yield { name: of("event"), told: JSON.parse(of("data") || "null") };
      }
    }
  };
  const hear = async (bubble, answer) => {
    let text = "";
    for await (const { name, told } of events(answer)) {
      if (name === "error") throw new Error(told.detail);
      if (name === "turn") return told;
      text += told.text;
      bubble.replaceChildren(...markdown(text));
      down();
    }
    throw new Error(words.failed);
  };
  const say = async (body, label) => {
    if (busy || !label.trim()) return;
    busy = send.disabled = true;
    warn("");
    settle();
    const mine = add("customer", label);
    const bubble = add("assistant", make("p", "who", words.writing));
    const options = { method: "POST", body: JSON.stringify(body), headers: { Accept: "text/event-stream", "Idempotency-Key": crypto.randomUUID() } };
    try {
      if (!own) await begin(false);
      const turn = await hear(bubble, await retried(() => call(place("/turns"), options)));
      if (turn.reply.text) finish(bubble, turn.reply, turn.id, turn.flow || {});
      else bubble.remove();
      doing(turn.flow);
      watch();
    } catch (error) {
      bubble.remove();
      mine.remove();
      if (body.text) box.value = body.text;
      warn(error.status && error.status < 500 ? error.message : words.failed);
    }
    busy = send.disabled = false;
    box.focus();
  };
  // What did not reach the service is sent once more; the key makes it one turn however often it arrives.
  const retried = async (send) => {
    try {
      return await send();
    } catch (error) {
      if (error.status) throw error;
      await new Promise((done) => setTimeout(done, 800));
      return send();
    }
  };
  const watch = async () => {
    stream?.abort();
    const mine = (stream = new AbortController());
    try {
      const state = await (await call(place())).json();
      latest = Math.max(latest, ...state.messages.map((one) => one.number));
      inElderMode(state.elder);
      doing(state.mode === "human" ? null : state.flow);
      standing(state);
      if (state.mode === "assistant") return;
      const answer = await call(place(`/live?after=${latest}`), { signal: mine.signal });
      for await (const { name, told } of events(answer)) {
        if (name === "ticket") standing(told);
        if (name === "message" && told.number > latest) {
          show(told);
          if (!shown) tell({ unread: true });
        }
      }
    } catch {
      // Cut off, or ended: looked at again shortly, unless another watch has begun.
    }
    if (!mine.signal.aborted) setTimeout(() => mine === stream && own && watch(), 3000);
  };

  // --- beginnings
  const elderly = () => parameters.has("elder") || document.documentElement.classList.contains("elder");
  const begin = async (greeted = true) => {
    const answer = await call("/v1/conversations", { method: "POST", body: JSON.stringify({ locale: language, ...(elderly() && { elder: true }) }) });
    const { id, token, reply } = await answer.json();
    own = { id, token };
    keep();
    inElderMode(elderly());
    if (greeted) finish(add("assistant"), reply);
    await identify();
  };
  const resume = async () => {
    own = kept();
    if (!own) return begin();
    try {
      const state = await (await call(place())).json();
      log.replaceChildren();
      state.messages.forEach((message, place) => show(message, place === state.messages.length - 1 ? state.flow || {} : {}));
      [...log.querySelectorAll(".choices")].slice(0, -1).forEach((one) => one.remove());
      await identify();
      return watch();
    } catch (error) {
      if (!error.status) throw error;
      own = null;
      return begin();
    }
  };
  const identify = async () => {
    if (!identity || !own) return;
    try {
      const turn = await (await call(place("/identity"), { method: "POST", body: JSON.stringify({ token: identity }) })).json();
      if (turn.reply?.text) finish(add("assistant"), turn.reply, turn.id, turn.flow || {});
      doing(turn.flow);
    } catch (error) {
      // Another customer's conversation is not taken on: a new one begins.
      if (error.status !== 409) return;
      own = null;
      log.replaceChildren();
      await begin();
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (text.length > limit) return warn(fill(words.too_long, { limit }));
    box.value = "";
    say({ text }, text);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });
  document.getElementById("cancel").addEventListener("click", () => say({ text: words.cancel }, words.cancel));
  photo.addEventListener("change", async (event) => {
    const input = event.target;
    const body = new FormData();
    body.append("file", input.files[0]);
    try {
      const answer = await fetch(place("/pictures"), { method: "POST", body, headers: { Authorization: `Bearer ${own.token}` } });
      if (!answer.ok) throw new Error((await answer.json()).detail);
      add("customer", `📎 ${(await answer.json()).name}`);
      warn("");
    } catch (error) {
      warn(error instanceof TypeError ? words.picture_failed : error.message);
    }
    input.value = "";
  });
  human.addEventListener("click", () => say({ text: words.human }, words.human));
  elder.addEventListener("click", async () => {
    const on = elder.getAttribute("aria-pressed") !== "true";
    try {
      if (own) await call(place("/elder"), { method: "PUT", body: JSON.stringify({ on }) });
      inElderMode(on);
    } catch (error) {
      warn(error.message);
    }
  });
  keeping.addEventListener("click", async () => {
    try {
      const answer = await call(place("/export"));
      const name = decodeURIComponent(answer.headers.get("Content-Disposition").split("''")[1]);
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    } catch {
      warn(words.nothing_to_export);
    }
  });
  // What is heard stands in the box, to be read before it is sent.
  let hearing = null;
  voice.listens(language, document.body.dataset.speech).then((how) => {
    mic.hidden = !how;
    mic.addEventListener("click", () => {
      if (hearing) return hearing.stop();
      const asked = box.placeholder;
      box.placeholder = words.listening;
      mic.setAttribute("aria-pressed", "true");
      const ended = () => {
        hearing = null;
        box.placeholder = asked;
        mic.setAttribute("aria-pressed", "false");
        box.focus();
      };
      hearing = voice.listen(language, how, { heard: (text) => (box.value = text), ended });
    });
  });
  document.getElementById("close").addEventListener("click", () => tell({ close: true }));
  addEventListener("keydown", (event) => event.key === "Escape" && tell({ close: true }));
  addEventListener("message", (event) => {
    if (event.source !== parent || !event.data?.teller) return;
    if ("shown" in event.data && (shown = event.data.shown)) box.focus();
    if (typeof event.data.identify === "string") {
      identity = event.data.identify;
      identify();
    }
  });
  resume().catch(() => warn(words.not_opened)).finally(() => tell({ ready: true }));
})();
