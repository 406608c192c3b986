// The page for those who keep the knowledge base: files go over HTTP, everything else over the panes' wires in staff.js.
(() => {
  const TAB = "documents";
  const language = () => (document.documentElement.lang.startsWith("en") ? "en" : "zh");
  const said = (name) => document.querySelector(`[data-said="${name}"][lang="${language()}"]`)?.textContent ?? "";

  const why = async (answer) => {
    if (answer.status === 413) return said("too_large");
    const detail = (await answer.json().catch(() => ({}))).detail ?? `${answer.status}`;
    const reason = detail.replace(/^This file cannot be taken: /, "").replace(/\.$/, "");
    return said("unreadable").replace("{reason}", reason);
  };

  const upload = async (form) => {
    const wrong = form.querySelector(".wrong");
    const fields = new FormData(form);
    if (form.dataset.uploads) fields.set("document", form.dataset.uploads);
    wrong.hidden = true;
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch("/v1/documents", { method: "POST", headers: signIn.headers(), body: fields });
      if (answer.status === 401) return signIn.refused();
      if (!answer.ok) throw new Error(await why(answer));
      const made = await answer.json();
      staff.ask(TAB, { do: "look", id: `${made.id}:${made.draft}` });
      signIn.tell(said("uploaded_told"), "status");
    } catch (error) {
      wrong.textContent = error instanceof TypeError ? said("not_uploaded") : error.message;
      wrong.hidden = false;
    } finally {
      form.removeAttribute("aria-busy");
    }
  };

  // Before the panes' own listener, which sends forms over their wires.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!("uploads" in form.dataset)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.getAttribute("aria-busy") !== "true") upload(form);
    },
    true,
  );
})();
