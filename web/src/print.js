// The print button; without script it is hidden and the browser's own is used.

document.addEventListener("click", (e) => {
  if (e.target.closest?.("[data-print]")) window.print();
});

// What works with script only is shown with script only.
const reveal = () => {
  for (const el of document.querySelectorAll("[data-script]")) el.hidden = false;
};
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", reveal);
else reveal();
document.addEventListener("htmx:after:swap", reveal);
