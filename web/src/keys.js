// The keyboard: / finds, ? helps, g and a letter goes, j and k move between
// rows, Esc leaves. What a key does is written on the page (data-key, the help
// dialog), so that script and page cannot differ.

let going = 0; // when g was pressed, in milliseconds

// typing reports whether keys belong to what has the focus.
const typing = (el) => el.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName);

const help = () => document.getElementById("keys");

// toggleHelp opens or closes the dialog; where there is none, the help page.
function toggleHelp() {
  const d = help();
  if (!d) return location.assign("/help");
  if (d.open) d.close();
  else d.showModal();
}

// move puts the focus on the link of the next or the previous row.
function move(step) {
  const links = [...document.querySelectorAll("[data-rows] tbody tr")]
    .map((row) => row.querySelector("a, button, summary"))
    .filter(Boolean);
  if (links.length === 0) return;
  const at = links.findIndex((l) => l.closest("tr").contains(document.activeElement));
  const to = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  links[to].focus();
}

document.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "Escape") {
    // Leaves a field, so that the other keys work again.
    if (typing(document.activeElement)) document.activeElement.blur();
    going = 0;
    return;
  }
  if (typing(e.target)) return;
  if (going && Date.now() - going < 1500) {
    going = 0;
    const link = [...document.querySelectorAll("a[data-key]")].find((a) => a.dataset.key === e.key.toLowerCase());
    if (link) {
      e.preventDefault();
      location.assign(link.href);
    }
    return;
  }
  switch (e.key) {
    case "/": {
      const field = document.querySelector("[data-search]");
      if (!field) return;
      field.focus();
      field.select?.();
      break;
    }
    case "?":
      toggleHelp();
      break;
    case "g":
      going = Date.now();
      break;
    case "j":
      move(1);
      break;
    case "k":
      move(-1);
      break;
    default:
      return;
  }
  e.preventDefault();
});

document.addEventListener("click", (e) => {
  const el = e.target.closest?.("[data-help], [data-close]");
  if (!el) return;
  if (el.hasAttribute("data-close")) el.closest("dialog")?.close();
  else if (help()) {
    e.preventDefault();
    toggleHelp();
  }
});
