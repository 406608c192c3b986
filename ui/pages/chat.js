// The customer chat page: what Gradio leaves to the browser.
(() => {
  const KEY = "teller.conversation";

  window.teller = {
    // sessionStorage belongs to one tab and outlives a reload; where it is closed, a reload starts a new conversation.
    kept() {
      try {
        return JSON.parse(sessionStorage.getItem(KEY));
      } catch {
        return null;
      }
    },
    keep(kept) {
      try {
        if (kept) sessionStorage.setItem(KEY, JSON.stringify(kept));
      } catch {
        // A browser that keeps nothing still chats.
      }
      return [];
    },
  };

  const chinese = /^zh\b/i.test(navigator.language || "zh");
  document.documentElement.lang = chinese ? "zh-CN" : "en";

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button.copy");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.text);
      const label = button.textContent;
      button.textContent = button.dataset.copied;
      setTimeout(() => (button.textContent = label), 2000);
    } catch {
      // Without the right to write the clipboard, the text can still be selected.
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.('[data-opens="customers"]')) document.querySelector("dialog.customers")?.showModal();
    // A press beside the panel falls on the dialog itself.
    else if (event.target.matches?.("dialog.customers")) event.target.close();
  });

  // While a code is asked for, the box is for digits; words are still understood, and shown once there is no digit in them.
  const WORDS = /^[^0-9０-９零〇一二三四五六七八九幺]+$/;
  const adjust = () => {
    const area = document.querySelector("#box textarea");
    if (!area) return;
    const code = Boolean(document.querySelector('#task [data-wants="code"]'));
    area.classList.toggle("words", WORDS.test(area.value));
    if (code === (area.inputMode === "numeric")) return;
    area.inputMode = code ? "numeric" : "text";
    area.setAttribute("autocomplete", code ? "one-time-code" : "off");
    area.spellcheck = !code;
  };
  document.addEventListener("input", adjust, true);
  const changes = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-wants"] };
  new MutationObserver(adjust).observe(document.documentElement, changes);

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
})();
