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
