// The customer chat page lives with the server: what was typed is sent in order and once, and what comes unasked is shown at once.
(() => {
  const UNSENT = "teller.unsent";
  const DRAFT = "teller.draft";
  const SILENT = 20_000; // A stream pings every 15 seconds, so one that is silent for longer is held up on its way.
  const DEAD = 45_000;
  const PATIENCE = 15_000;
  const NEAR = 60;
  const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));
  const stored = (name) => JSON.parse(sessionStorage.getItem(name));
  const box = () => document.querySelector("#box textarea");
  const forget = () => quietly(() => sessionStorage.removeItem(UNSENT));
  const put = (text) => {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  };
  const quietly = (act) => {
    try {
      return act();
    } catch {
      return null; // A browser that keeps nothing still chats.
    }
  };

  // Sending: the box is free at once, messages follow one another, and a second Enter finds nothing to send.
  let now = null;
  let sending = null;
  let line = Promise.resolve();

  teller.take = async (typed, kept) => {
    const text = box()?.value ?? typed;
    if (!text.trim()) return ["", now ?? kept];
    put("");
    follows = true;
    const before = line;
    let done;
    line = new Promise((finish) => (done = finish));
    await Promise.race([before, sleep(PATIENCE)]);
    const again = quietly(() => stored(UNSENT));
    const key = again?.text === text ? again.key : Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-");
    sending = { key, done, id: now?.id };
    quietly(() => sessionStorage.setItem(UNSENT, JSON.stringify({ text, key })));
    return [text, { ...(now ?? kept), key, unsent: text }];
  };

  const sent = (kept) => {
    if (!sending || (kept.key !== sending.key && kept.id === sending.id)) return;
    if (!kept.unsent) forget();
    sending.done();
    sending = null;
    if (missed) news();
  };

  // A page that is left, or that Gradio loads again after an outage, finds what stood in the box.
  addEventListener("pagehide", () => quietly(() => {
    const covered = document.querySelector('#task [data-wants="code"]');
    sessionStorage.setItem(DRAFT, JSON.stringify((!covered && box()?.value) || ""));
  }));
  const restore = () => {
    const draft = quietly(() => stored(DRAFT));
    quietly(() => sessionStorage.removeItem(DRAFT));
    if (draft && box() && !box().value) put(draft);
  };

  // News: the page asks the server how things stand, never twice at a time, and not while a message is on its way.
  let newest = -1;
  let looking = 0;
  let missed = false;

  const news = () => {
    missed = Boolean(sending) || Date.now() - looking < PATIENCE;
    if (missed) return;
    looking = Date.now();
    document.dispatchEvent(new Event("teller:news"));
  };

  teller.looked = (kept) => {
    looking = 0;
    teller.keep(kept);
    if (missed) news();
    return [];
  };

  const keep = teller.keep;
  teller.keep = (kept) => {
    keep(kept);
    watch();
    if (!kept) return [];
    if (kept.id !== now?.id) newest = -1;
    const first = now === null;
    now = kept;
    sent(kept);
    if (first) {
      if (!kept.unsent) forget();
      restore();
    }
    if (kept.shown < newest) news();
    newest = Math.max(newest, kept.shown);
    if (!kept.live || kept.id !== stream?.id) hangUp();
    if (kept.live && !stream) listen();
    return [];
  };

  const kept = teller.kept;
  teller.kept = () => {
    const known = kept();
    const unsent = quietly(() => stored(UNSENT));
    return known && unsent ? { ...known, key: unsent.key, unsent: unsent.text } : known;
  };

  // The stream, while something is open at the desk.
  let stream = null;

  const hangUp = () => {
    stream?.cut?.abort();
    stream = null;
  };

  const listen = async () => {
    const mine = (stream = { id: now.id, token: now.token, heard: Date.now(), looked: 0, cut: null });
    for (let tries = 0; stream === mine; tries += 1) {
      mine.cut = new AbortController();
      mine.opened = Date.now();
      try {
        const answer = await fetch(`v1/conversations/${mine.id}/live?after=${newest}`, {
          headers: { Authorization: `Bearer ${mine.token}` },
          cache: "no-store",
          signal: mine.cut.signal,
        });
        if (answer.status === 401 || answer.status === 404) return;
        if (!answer.ok) throw new Error(answer.statusText);
        for await (const [name, data] of happenings(answer.body, mine)) {
          tries = 0;
          if (stream === mine) hear(name, data);
        }
      } catch {
        // Cut; it goes on after the last number that is known.
      }
      await sleep(Math.min(30_000, 500 * 2 ** tries) * (0.5 + Math.random() / 2));
    }
  };

  async function* happenings(body, mine) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      mine.heard = Date.now();
      const blocks = (rest + part.value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      for (const block of blocks) {
        const field = (name) => block.match(new RegExp(`^${name}: ?(.*)$`, "m"))?.[1].trimEnd();
        if (field("data")) yield [field("event"), JSON.parse(field("data"))];
      }
    }
  }

  const hear = (name, data) => {
    if (name === "message") {
      newest = Math.max(newest, data.number);
      if (document.hidden && data.author === "human_agent") unread();
    }
    news();
  };

  setInterval(() => {
    if (!stream || Date.now() - stream.heard < SILENT) return;
    if (Date.now() - stream.looked > SILENT) {
      stream.looked = Date.now();
      news();
    }
    if (Date.now() - stream.opened > DEAD) stream.cut.abort();
  }, 1_000);

  // The column follows what is said, unless the customer reads further up.
  const column = () => document.querySelector("#messages .bubble-wrap");
  let follows = true;
  let last = { top: 0, whole: 0, seen: 0 };
  const grown = new ResizeObserver(() => follows && column().scrollTo(0, column().scrollHeight));
  const watched = new WeakSet();
  const watch = () => {
    for (const part of [column(), column()?.querySelector(".message-wrap")]) {
      if (!part || watched.has(part)) continue;
      watched.add(part);
      grown.observe(part);
    }
  };
  document.addEventListener(
    "scroll",
    ({ target }) => {
      if (target !== column()) return;
      const now = { top: target.scrollTop, whole: target.scrollHeight, seen: target.clientHeight };
      // What moves up because something shrank is not the customer.
      if (now.whole - now.top - now.seen < NEAR) follows = true;
      else if (now.top < last.top && now.whole >= last.whole && now.seen <= last.seen) follows = false;
      last = now;
    },
    true,
  );
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("#messages .option, #human, #cancel, #leave-queue")) follows = true;
  });

  // A tab that is not looked at says in its title that somebody wrote.
  let title = null;
  let count = 0;
  const unread = () => {
    title ??= document.title;
    count += 1;
    const word = document.querySelector("#person [data-news]")?.dataset.news ?? "";
    document.title = `(${count}) ${word} · ${title}`;
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || title === null) return;
    document.title = title;
    title = null;
    count = 0;
  });
})();
