// After a look-up: the number is marked, so that the next one can be typed over
// it without the mouse, and the button works again.

document.addEventListener("htmx:after:swap", () => {
  const result = document.querySelector("#result [data-done]");
  if (!result || result.dataset.seen) return;
  result.dataset.seen = "1";
  const field = document.querySelector("[data-again]");
  field?.focus();
  field?.select?.();
});

// A second press of Enter while an answer is under way is the same call: the
// form carries one transaction id, and the register counts it once.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (!form.matches?.("[data-once]")) return;
  if (form.dataset.busy && Date.now() - Number(form.dataset.busy) < 2000) {
    e.preventDefault();
    e.stopImmediatePropagation();
    return;
  }
  form.dataset.busy = String(Date.now());
}, true);

document.addEventListener("htmx:after:request", (e) => {
  e.target.closest?.("form")?.removeAttribute("data-busy");
});

// Fields that depend on another are read anew as soon as that one changes; a
// page without script has a button for it.
document.addEventListener("change", (e) => {
  const el = e.target;
  if (el.matches?.("[data-submit]")) el.form?.querySelector("[data-refresh]")?.click();
});
