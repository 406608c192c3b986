// The bank's assistant on any page:
//   <script src="https://teller.bank.example/widget.js" data-color="#1f6f54" data-position="right" data-language="zh-CN" async></script>
// data-elder begins in elder mode.
// It draws a button, and the conversation in a sandboxed frame; Teller.open(), Teller.close() and Teller.identify(token) are its doors.
(() => {
  const script = document.currentScript;
  if (window.Teller || !script) return;
  const home = new URL(script.src).origin;
  const { color = "", position = "right", language = document.documentElement.lang || navigator.language } = script.dataset;
  const chinese = /^zh/i.test(language || "zh");
  const words = chinese ? { open: "打开客服对话", frame: "客服对话" } : { open: "Open the chat", frame: "Chat" };
  const accent = /^#[0-9a-f]{6}$/i.test(color) ? color : "#1f6f54";
  const side = position === "left" ? "left" : "right";
  let token = script.dataset.token || "";
  let frame = null;

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  // A sheet made by script is no inline style, which a host page's content policy may forbid.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; }
    button, iframe { position: fixed; z-index: 2147483000; ${side}: 20px; border: 0; }
    button { bottom: 20px; width: 56px; height: 56px; border-radius: 50%; background: ${accent}; color: #fff; cursor: pointer;
      box-shadow: 0 4px 16px rgb(0 0 0 / 25%); display: grid; place-items: center; }
    button:focus-visible { outline: 3px solid #fff; outline-offset: -6px; box-shadow: 0 0 0 3px ${accent}; }
    button svg { width: 26px; height: 26px; fill: currentColor; }
    button i { position: absolute; top: 2px; inset-inline-end: 2px; width: 14px; height: 14px; border-radius: 50%; background: #d0342c; border: 2px solid #fff; }
    iframe { bottom: 20px; width: min(400px, calc(100vw - 40px)); height: min(640px, calc(100vh - 40px)); border-radius: 16px;
      background: #fff; box-shadow: 0 8px 40px rgb(0 0 0 / 28%); color-scheme: light dark; }
    [hidden] { display: none; }
    @media (max-width: 480px) { iframe { inset: 0; width: 100%; height: 100%; border-radius: 0; } }
  `);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", words.open);
  const draw = (tag, attributes) => {
    const shape = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(attributes).forEach(([name, value]) => shape.setAttribute(name, value));
    return shape;
  };
  const bubble = draw("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  bubble.append(draw("path", { d: "M4 3h16a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z" }));
  button.append(bubble);
  const unread = document.createElement("i");
  unread.hidden = true;
  button.append(unread);
  root.append(button);

  const send = (message) => frame?.contentWindow?.postMessage({ teller: true, ...message }, home);
  const make = () => {
    frame = document.createElement("iframe");
    frame.title = words.frame;
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads");
    frame.allow = "clipboard-write; microphone";
    frame.src = `${home}/widget?${new URLSearchParams({ language: chinese ? "zh-CN" : "en", color: accent, ...("elder" in script.dataset && { elder: "" }) })}`;
    root.append(frame);
  };
  const open = () => {
    if (!frame) make();
    frame.hidden = false;
    button.hidden = unread.hidden = true;
    frame.focus();
    send({ shown: true });
  };
  const close = () => {
    if (frame) frame.hidden = true;
    button.hidden = false;
    button.focus();
    send({ shown: false });
  };
  button.addEventListener("click", open);
  addEventListener("message", (event) => {
    if (event.origin !== home || event.source !== frame?.contentWindow || !event.data?.teller) return;
    if (event.data.ready && token) send({ identify: token });
    if (event.data.close) close();
    if (event.data.unread && frame.hidden) unread.hidden = false;
  });
  window.Teller = { open, close, identify: (given) => ((token = given), send({ identify: given })) };
  const place = () => document.body.append(host);
  document.body ? place() : addEventListener("DOMContentLoaded", place);
})();
