// The keys of the pages for the bank's people: whatever carries aria-keyshortcuts="Alt+…" is pressed, or begun, with those keys.
(() => {
  const FIELDS = "textarea, input, select";
  const $ = (selector, within = document) => within.querySelector(selector);

  const within = () => [...document.querySelectorAll("dialog:modal")].at(-1) ?? document;
  const usable = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled;
  const all = (keys = "") => [...within().querySelectorAll(`[aria-keyshortcuts${keys && `="${keys}"`}]`)].filter(usable);
  const name = (one) => one.getAttribute("aria-label") || one.placeholder || one.innerText.trim();

  const row = (one) => {
    const [keys, what] = [document.createElement("dt"), document.createElement("dd")];
    for (const [at, key] of one.getAttribute("aria-keyshortcuts").split("+").entries()) {
      if (at) keys.append(" + ");
      keys.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    }
    what.textContent = name(one);
    return [keys, what];
  };

  const list = (button) => {
    const dialog = document.createElement("dialog");
    dialog.className = "keys";
    dialog.innerHTML = '<header><h2 id="keys-heading"></h2><button type="button" autofocus>×</button></header><dl></dl>';
    dialog.setAttribute("aria-labelledby", "keys-heading");
    $("h2", dialog).textContent = button.innerText.trim();
    $("button", dialog).setAttribute("aria-label", button.dataset[document.documentElement.lang.startsWith("en") ? "closeEn" : "closeZh"]);
    $("button", dialog).addEventListener("click", () => dialog.close());
    for (const one of all()) $("dl", dialog).append(...row(one));
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-lists-keys]");
    if (button) list(button);
  });

  // By the key's place, for on some keyboards Alt writes another character.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing || event.repeat) return;
    const [on] = all(`Alt+${event.code.replace(/^(Key|Digit)/, "")}`);
    if (!on) return;
    event.preventDefault();
    if (on.matches(FIELDS)) on.focus();
    else on.click();
  });
})();
