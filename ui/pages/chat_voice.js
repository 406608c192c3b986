// Speaking, listening, keeping and elder mode on the customer chat page; voice.js knows how a text is read.
(() => {
  const language = () => (/^en/.test(document.documentElement.lang) ? "en" : "zh-CN");
  const told = (element, name) => element.dataset[`${name}${language() === "en" ? "En" : "Zh"}`];

  // Read aloud, where the device has a voice for it.
  const voices = () => document.documentElement.classList.toggle("speaks", window.voice.speaks(language()));
  addEventListener("DOMContentLoaded", voices);
  window.speechSynthesis?.addEventListener?.("voiceschanged", voices);
  let reading = null;
  const quiet = () => {
    if (reading) reading.textContent = reading.dataset.start;
    reading = null;
  };
  const aloud = (button) => {
    const again = button === reading;
    window.voice.stop();
    quiet();
    if (again) return;
    reading = button;
    button.dataset.start = button.textContent;
    button.textContent = button.dataset.stop;
    const speech = window.voice.speak(button.dataset.text, language());
    speech.addEventListener("end", quiet);
    speech.addEventListener("error", quiet);
  };

  // What is heard stands in the box, to be read before it is sent.
  let hearing = null;
  const put = (text) => {
    const box = document.querySelector("#box textarea");
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const hear = (button) => {
    if (hearing) return hearing.stop();
    button.setAttribute("aria-pressed", "true");
    const box = document.querySelector("#box textarea");
    const asked = box.placeholder;
    box.placeholder = told(button, "listening");
    const ended = () => {
      hearing = null;
      button.setAttribute("aria-pressed", "false");
      box.placeholder = asked;
      box.focus();
    };
    hearing = window.voice.listen(language(), button.how, { heard: put, ended });
  };
  const offer = async () => {
    const button = document.getElementById("mic");
    if (!button || button.how !== undefined) return;
    button.how = null;
    button.how = await window.voice.listens(language(), button.dataset.allowed);
    button.hidden = !button.how;
  };
  new MutationObserver(offer).observe(document.documentElement, { childList: true, subtree: true });

  // The conversation as a file; it opens only with the conversation's token, which an address does not carry.
  const save = async (button) => {
    const kept = window.teller.kept();
    try {
      const answer = await fetch(`v1/conversations/${kept.id}/export`, { headers: { Authorization: `Bearer ${kept.token}` } });
      if (!answer.ok) throw new Error(answer.statusText);
      const name = decodeURIComponent(answer.headers.get("Content-Disposition").split("''")[1]);
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch {
      button.setAttribute("title", told(button, "failed"));
      button.classList.add("failed");
    }
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("button");
    if (button?.matches(".aloud")) aloud(button);
    else if (button?.id === "mic") hear(button);
    else if (button?.id === "export") save(button);
  });

  // Elder mode: the conversation knows; ?elder in the address asks for it once.
  const keep = window.teller.keep;
  let asked = new URLSearchParams(location.search).has("elder");
  window.teller.keep = (kept) => {
    const after = keep(kept);
    if (!kept) return after;
    document.documentElement.classList.toggle("elder", kept.elder);
    if (asked && !kept.elder) setTimeout(() => document.getElementById("elder")?.click(), 0);
    asked = false;
    return after;
  };
})();
