// The page for those who judge answers: how far a run is, how the desk stands, and reports, come over HTTP; everything else over the panes' wires in staff.js.
(() => {
  const TAB = "runs";
  const EVERY = 2000;
  const COUNTED_EVERY = 5000;
  const POLICY =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'";
  const language = () => (document.documentElement.lang.startsWith("en") ? "en" : "zh");
  const $ = (selector, within = document) => within.querySelector(selector);
  const said = (name) => $(`[data-said="${name}"][lang="${language()}"]`)?.textContent ?? "";
  const filled = (name, known) => said(name).replace(/\{(\w+)\}/g, (_, word) => known[word] ?? "");

  const left = (seconds) =>
    seconds === null ? "" : seconds < 60 ? said("seconds_left") : filled("minutes_left", { minutes: Math.round(seconds / 60) });

  // The list is asked for anew only when a run begins or ends, so that a form that is being filled in stays.
  const show = (place, run) => {
    if (run.state !== place.dataset.state || (run.played && !$("progress", place).hasAttribute("value"))) {
      return staff.ask(TAB, { do: "look", id: place.dataset.opened ?? "" });
    }
    if (!run.played) return;
    $("progress", place).value = run.played;
    $("[data-done]", place).textContent = filled("progress", { done: run.played, all: run.playings });
    $("[data-left]", place).textContent = left(run.seconds_left);
  };

  let asking = false;
  const watch = async () => {
    const place = $(`#pane-${TAB} [data-live]`);
    if (asking || !place || document.hidden || document.body.dataset.tab !== TAB || !signIn.role()) return;
    asking = true;
    try {
      const answer = await fetch(`/v1/evals/runs/${place.dataset.live}`, { headers: signIn.headers() });
      if (answer.status === 401) return signIn.refused();
      const run = answer.ok && (await answer.json());
      if (run && place.isConnected) show(place, run);
    } catch {
      // The service may be starting again: the next look tells.
    } finally {
      asking = false;
    }
  };
  setInterval(watch, EVERY);

  // How the desk stands now, on the tab of figures.

  const clock = (seconds) => {
    const two = (number) => String(Math.floor(number)).padStart(2, "0");
    return seconds === null ? "–" : `${two(seconds / 60)}:${two(seconds % 60)}`;
  };
  const count = async () => {
    const place = $("#pane-figures [data-now]");
    if (!place || document.hidden || document.body.dataset.tab !== "figures" || !signIn.role()) return;
    try {
      const answer = await fetch("/v1/figures/now", { headers: signIn.headers() });
      if (answer.status === 401) return signIn.refused();
      if (!answer.ok) throw new Error(`${answer.status}`);
      const now = await answer.json();
      const shown = { ...now, longest_wait: clock(now.longest_wait) };
      for (const one of place.querySelectorAll("[data-count]")) one.textContent = shown[one.dataset.count];
      place.classList.toggle("some", now.waiting > 0);
      place.classList.remove("old");
    } catch {
      // What is shown is no longer how it stands.
      place.classList.add("old");
    }
  };
  setInterval(count, COUNTED_EVERY);
  document.addEventListener("pane:shown", ({ detail }) => detail === "figures" && count());
  document.addEventListener("visibilitychange", count);

  // A report opens only with the sign-in: it is fetched, and shown in a frame that reaches neither this page nor any address.

  const dialog = () => {
    const known = $("dialog.report");
    if (known) return known;
    const made = document.createElement("dialog");
    made.className = "source report";
    made.innerHTML = '<header><h2></h2><button type="button" data-closes></button></header><iframe sandbox="allow-scripts"></iframe>';
    document.body.append(made);
    return made;
  };

  const report = async (run) => {
    try {
      const answer = await fetch(`/v1/evals/runs/${run}/report`, { headers: signIn.headers() });
      if (answer.status === 401) return signIn.refused();
      if (!answer.ok) throw new Error(`${answer.status}`);
      const place = dialog();
      $("h2", place).textContent = `${said("report")} ${run}`;
      $("button", place).textContent = said("close");
      $("iframe", place).title = said("report");
      const page = await answer.text();
      const policy = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
      $("iframe", place).srcdoc = /<head[^>]*>/i.test(page) ? page.replace(/<head[^>]*>/i, (head) => head + policy) : policy + page;
      place.showModal();
    } catch {
      signIn.tell(said("no_report"), "alert");
    }
  };

  document.addEventListener("click", ({ target }) => {
    const run = target.closest?.("[data-report]")?.dataset.report;
    if (run) report(run);
  });
})();
