// The form above the box: made of what the task asks for, and sent as one answer.
(() => {
  const fill = () =>
    document.querySelectorAll("[data-asks]:empty").forEach((place) => {
      const { asks, inputs, words } = JSON.parse(place.dataset.asks);
      const send = (form, label) => {
        const told = new CustomEvent("teller:form", { bubbles: true, detail: { form, label } });
        place.dispatchEvent(told);
        place.querySelector("button").disabled = true;
      };
      place.append(window.taskForm(asks, inputs, words, send));
    });
  new MutationObserver(fill).observe(document.documentElement, { childList: true, subtree: true });
})();
