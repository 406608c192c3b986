// A form for all that a task asks for at once. `send` gets what stands in each field, by slot, and how it reads.
window.taskForm = (fields, inputs, words, send) => {
  const make = (tag, attributes, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };
  const input = (field) => {
    const own = { name: field.slot, ...(field.optional ? {} : { required: "" }) };
    if (field.options.length)
      return make("select", own, make("option", { value: "" }, words.choose), ...field.options.map((one) => make("option", { value: one.id }, one.label)));
    if (field.kind === "text") return make("textarea", { ...own, rows: 3 });
    return make("input", { type: "text", ...own, ...inputs[field.kind] });
  };
  const rows = fields.map((field) => {
    const name = make("span", {}, field.name, ...(field.optional ? [make("i", {}, words.optional)] : []));
    return make("label", { title: field.ask }, name, input(field));
  });
  const form = make("form", { class: "fields" }, ...rows, make("button", {}, words.submit));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(form));
    const read = (field) => field.options.find((one) => one.id === said[field.slot])?.label ?? said[field.slot];
    send(said, fields.filter((field) => said[field.slot].trim()).map((field) => `${field.name}：${read(field)}`).join("\n"));
  });
  return form;
};
