// Speaking and listening, by what the browser has on the device: figures are read digit by digit, and who speaks is never talked over.
(() => {
  const DIGITS = { zh: "零幺二三四五六七八九", en: null };
  const WORDS = { zh: { star: "星" }, en: { star: "star" } };
  // Runs that are numbers of something - phones, cards, codes, receipts - and not amounts: 400-000-9528, 161****1002, HZ20261124.
  const RUN = /(?<![0-9:.,*-])(?!\d{4}-\d{2}-\d{2})[A-Za-z]{0,3}[0-9][0-9*-]{3,}[0-9](?![0-9.:]|\s*(?:元|万|亿|%|年|月|日|天|笔|CNY))|(?<=(?:尾号|末四位|ending in)\s*)[0-9]{4}/g;
  const spelled = (run, language) => [...run.replaceAll("-", " ").replace(/\*+/g, "*")]
    .map((sign) => (sign === "*" ? ` ${WORDS[language].star} ` : DIGITS[language]?.[sign] ?? sign))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
  // What is said of a text: no signs of Markdown, no numbers of sources, and numbers digit by digit.
  const said = (text, language) => text
    .replace(/\[[0-9]{1,3}\]/g, "")
    .replace(RUN, (run) => ` ${spelled(run, language)} `)
    .replace(/\*\*|^[-#|>\s]+/gm, "")
    .replace(/\|/g, "，")
    .replace(/[~～]/g, language === "zh" ? "到" : " to ")
    .trim();

  const synthesis = window.speechSynthesis;
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  const of = (tag) => (/^en/i.test(tag) ? "en" : "zh");
  const stop = () => synthesis?.cancel();
  // A voice on the device before one that sends the text away.
  const voice = (tag) => {
    const able = (synthesis?.getVoices() || []).filter((one) => of(one.lang) === of(tag) && one.lang.slice(0, 2).toLowerCase() === of(tag));
    return able.find((one) => one.localService) || null;
  };
  const speak = (text, tag) => {
    stop();
    const utterance = new SpeechSynthesisUtterance(said(text, of(tag)));
    Object.assign(utterance, { lang: tag, voice: voice(tag), rate: 0.95 });
    synthesis.speak(utterance);
    return utterance;
  };

  // Whether speech is understood on the device; elsewhere it goes to the maker of the browser, which the bank must want.
  const listens = async (tag, allowed) => {
    if (!Recognition || allowed === "none") return null;
    try {
      const state = await Recognition.available?.({ langs: [tag], processLocally: true });
      if (state === "available") return { processLocally: true };
    } catch {
      // A browser that cannot say so cannot do so.
    }
    return allowed === "browser" ? {} : null;
  };
  const listen = (tag, how, { heard, ended }) => {
    stop();
    const recognition = Object.assign(new Recognition(), { lang: tag, interimResults: true }, how);
    recognition.addEventListener("result", (event) => heard([...event.results].map((one) => one[0].transcript).join("")));
    recognition.addEventListener("end", ended);
    recognition.addEventListener("error", ended);
    recognition.start();
    return recognition;
  };
  // Who begins to write, or to speak, is listened to.
  document.addEventListener("input", stop, true);
  addEventListener("pagehide", stop);

  window.voice = { said, speak, stop, speaks: (tag) => Boolean(synthesis && voice(tag)), listens, listen };
})();
