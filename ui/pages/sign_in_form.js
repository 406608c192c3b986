// The sign-in that the pages for the bank's people share: a token kept in the tab, renewed while somebody works, asked for again
// over the page, so that nothing typed is lost, and forgotten with all else at the end.
(() => {
  const KEY = "teller.sign_in";
  const KEPT = "teller.kept.";
  const OWNER = `${KEPT}owner`;
  const RENEWED_BEFORE = 10 * 60_000;
  const LOOK = 15_000;
  const { words, roles, bank } = window.signInKnows;

  const chinese = /^zh\b/i.test(navigator.language || "zh");
  document.documentElement.lang = chinese ? "zh-CN" : "en";
  const told = words[chinese ? "zh" : "en"];

  // sessionStorage belongs to one tab and outlives a reload; where it is closed, a reload asks for the sign-in again.
  const stored = (key) => {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const store = (key, value) => {
    try {
      if (value == null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // What cannot be kept lasts as long as the page.
    }
  };

  let speak = null;
  let dialog = null;
  let entered = false;
  let busy = false;
  let worked = Date.now();

  const claims = (token) => {
    try {
      const body = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
      return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(body), (one) => one.charCodeAt(0))));
    } catch {
      return {};
    }
  };
  const left = () => (now ? (claims(now.token).exp ?? 0) * 1000 - Date.now() : 0);
  const may = () => now && roles.includes(now.role);
  // The service decides by the token alone; what is read from it here is only shown.
  const known = (answer) => {
    const { sub, role, branch } = claims(answer.token);
    return { token: answer.token, name: answer.name ?? sub, role: answer.role ?? role, branch: answer.branch ?? branch ?? "" };
  };
  // The desk signs in by itself, and keeps the token alone.
  let now = stored(KEY) && known(stored(KEY)); // {token, name, role, branch}

  window.signIn = {
    token: () => now?.token ?? "",
    headers: () => ({ Authorization: `Bearer ${now?.token ?? ""}` }),
    branch: () => now?.branch ?? "",
    name: () => now?.name ?? "",
    role: () => now?.role ?? "",
    // What a page keeps in the tab goes with the sign-in.
    kept: (name) => stored(KEPT + name),
    keep: (name, value) => store(KEPT + name, value),
    tell,
    // The service did not take the token: the form stands over the page until somebody has signed in.
    refused: () => ask(told.expired),
    leave: () => leave(),
    connect(element, trigger) {
      speak = trigger;
      dialog = element.querySelector("dialog.sign-in");
      dialog.addEventListener("cancel", (event) => event.preventDefault());
      dialog.addEventListener("close", () => !may() && dialog.showModal());
      dialog.querySelector("form").addEventListener("submit", submit);
      element.querySelector("[data-signs-out]").addEventListener("click", () => leave());
      const gone = stored(`${KEY}.told`);
      store(`${KEY}.told`, null);
      if (may() && left() > 0) enter();
      else ask(gone ? told[gone] : now ? (may() ? told.expired : told.no_right) : "");
    },
  };

  const enter = () => {
    const owner = stored(OWNER);
    // What the one before left on the page is not for the next.
    if (owner && owner !== now.name) forget();
    store(OWNER, now.name);
    if (entered && owner !== now.name) return location.reload();
    document.body.classList.add("signed-in");
    const shown = { name: now.name, role: told[now.role], branch: (now.branch || told.head_office).replace(bank, "") };
    for (const one of document.querySelectorAll(".sign-in-bar [data-fills]")) one.textContent = shown[one.dataset.fills];
    for (const one of document.querySelectorAll(".places a")) one.hidden = !one.dataset.roles.split(" ").includes(now.role);
    if (dialog.open) dialog.close();
    if (entered) return;
    entered = true;
    speak();
    document.dispatchEvent(new Event("sign-in:entered"));
  };

  const ask = (why) => {
    if (!dialog) return;
    say(why);
    if (!dialog.open) dialog.showModal();
  };

  const say = (why) => {
    const line = dialog.querySelector(".told");
    line.textContent = why;
    line.hidden = !why;
  };

  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const form = event.target;
    const { username, password } = Object.fromEntries(new FormData(form));
    // A password stays in no field.
    form.elements.password.value = "";
    form.setAttribute("aria-busy", "true");
    say(await open(username.trim(), password));
    form.removeAttribute("aria-busy");
    busy = false;
  };

  // Gives why nobody was signed in, or nothing.
  const open = async (username, password) => {
    try {
      const body = JSON.stringify({ username, password });
      const answer = await fetch("/v1/sessions", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      if (!answer.ok) return { 401: told.wrong, 422: told.wrong, 423: told.locked, 429: told.locked }[answer.status] ?? told.failed;
      return take(known(await answer.json()));
    } catch {
      return told.cut;
    }
  };

  const take = (next) => {
    if (!roles.includes(next.role)) return told.no_right;
    now = next;
    store(KEY, now);
    enter();
    return "";
  };

  const forget = () => {
    try {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEPT)) sessionStorage.removeItem(key);
    } catch {
      // Then nothing was kept.
    }
  };

  const leave = async () => {
    const ended = fetch("/v1/sessions", { method: "DELETE", headers: window.signIn.headers(), keepalive: true });
    forget();
    store(KEY, null);
    store(`${KEY}.told`, "is_out");
    // Nothing of the page outlives it.
    document.body.classList.remove("signed-in");
    // Where the service cannot be reached, the token ends by itself.
    await ended.catch(() => null);
    location.reload();
  };

  const renew = async () => {
    try {
      const answer = await fetch("/v1/sessions/renew", { method: "POST", headers: window.signIn.headers() });
      if (!answer.ok) return;
      now = { ...now, ...known(await answer.json()) };
      store(KEY, now);
    } catch {
      // It is tried again; at the end the form asks for a new one.
    }
  };

  // Only who works on is signed in on: a page that was left alone asks again.
  for (const type of ["pointerdown", "keydown", "input"]) {
    document.addEventListener(type, () => (worked = Date.now()), true);
  }
  setInterval(() => {
    if (!entered || dialog.open) return;
    const remains = left();
    if (remains <= 0) ask(told.expired);
    else if (remains < RENEWED_BEFORE && Date.now() - worked < RENEWED_BEFORE) renew();
  }, LOOK);

  // The handlers say in this way that a token was not taken, or that something failed.
  const look = () => {
    for (const one of document.querySelectorAll("[data-sign-in-says]:not([data-heard])")) {
      one.dataset.heard = "";
      const { signInSays: says } = one.dataset;
      if (says === "expired") ask(told.expired);
      else tell(told[says], "alert");
    }
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });

  // What is told stands above dialogs, which are above everything else.
  let showing = 0;
  function tell(text, role = "status") {
    let toast = document.querySelector("#told");
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
    clearTimeout(showing);
    showing = setTimeout(() => toast.hidePopover(), 6_000);
  }
})();
