// What replies are written in - paragraphs, lists, tables, bold words, links and the numbers of sources - as elements, never as markup.
(() => {
  const make = (tag, ...inside) => {
    const element = document.createElement(tag);
    element.append(...inside);
    return element;
  };
  const INLINE = /\*\*(.+?)\*\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)|\\([\\`*_{}[\]()#+\-.!|<>~$&])/g;
  const inline = (text) => {
    const found = [];
    let at = 0;
    for (const match of text.matchAll(INLINE)) {
      found.push(text.slice(at, match.index));
      at = match.index + match[0].length;
      if (match[1]) found.push(make("strong", match[1]));
      else if (match[4]) found.push(match[4]);
      else {
        const link = make("a", match[2]);
        Object.assign(link, { href: match[3], target: "_blank", rel: "noopener" });
        found.push(link);
      }
    }
    return [...found, text.slice(at)];
  };
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
  const table = (lines) => {
    const [head, , ...rows] = lines.map(cells);
    const body = rows.map((row) => make("tr", ...row.map((cell) => make("td", ...inline(cell)))));
    const whole = make("table", make("thead", make("tr", ...head.map((cell) => make("th", ...inline(cell))))), make("tbody", ...body));
    const box = make("div", whole);
    box.className = "table";
    return box;
  };
  const paragraph = (lines) => make("p", ...lines.flatMap((line, place) => (place ? [make("br"), ...inline(line)] : inline(line))));
  const KINDS = [
    [/^\s*\|/, table],
    [/^\s*[-*] /, (lines) => make("ul", ...lines.map((line) => make("li", ...inline(line.replace(/^\s*[-*] /, "")))))],
    [/\S/, paragraph],
  ];
  const kind = (line) => KINDS.findIndex(([pattern]) => pattern.test(line));

  window.markdown = (text) => {
    const blocks = [];
    let group = [];
    let before = -1;
    const flush = () => {
      if (group.length) blocks.push(KINDS[before][1](group));
      group = [];
    };
    for (const line of text.split("\n")) {
      const now = kind(line);
      if (now !== before) flush();
      before = now;
      if (now >= 0) group.push(line);
    }
    flush();
    return blocks;
  };
})();
