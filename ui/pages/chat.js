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
    // Sends a photo for the check that the conversation waits for; gives why it was not taken, or nothing.
    async show(photo, told) {
      if (photo.size > Number(told.most)) return told.tooLarge;
      const body = new FormData();
      body.append("file", photo);
      try {
        const answer = await fetch(pictures(), { method: "POST", headers: opening(), body });
        return answer.ok ? "" : (await answer.json()).detail;
      } catch {
        return told.failed;
      }
    },
  };

  const pictures = () => `/v1/conversations/${window.teller.kept().id}/pictures`;
  const opening = () => ({ Authorization: `Bearer ${window.teller.kept().token}` });

  // A photo opens only with the conversation's token, which an address does not carry.
  const photos = new Map();
  const open = async (id) => {
    const answer = await fetch(`${pictures()}/${id}`, { headers: opening() });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return URL.createObjectURL(await answer.blob());
  };
  const show = async (image) => {
    const id = image.dataset.picture;
    image.dataset.asked = "";
    if (!photos.has(id)) photos.set(id, open(id));
    try {
      image.src = await photos.get(id);
      image.closest("a").href = image.src;
    } catch {
      // Its name stands in its place; the next time it is asked for again.
      photos.delete(id);
    }
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
    document.querySelectorAll("#pictures img[data-picture]:not([data-asked])").forEach(show);
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
