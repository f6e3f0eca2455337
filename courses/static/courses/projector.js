/** The projector follows the class: counts as they rise, and the scene when it was changed elsewhere. */
import { poll } from "../poll.js";

const page = document.getElementById("main");

poll(page.dataset.url, { everyMs: 3000 }, ({ state, words }) => {
  if (state !== page.dataset.state) {
    location.reload();
    return;
  }
  for (const [name, said] of Object.entries(words)) {
    const place = document.getElementById(`n-${name}`);
    if (place && place.textContent !== said) place.textContent = said;
  }
});

/* A presenter's remote sends these keys. They walk through the findings and never end anything. */
const KEYS = { ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back" };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const button = KEYS[event.key] && document.querySelector(`[data-key="${KEYS[event.key]}"]`);
  if (!button || event.target.closest("summary, .sheet")) return;
  event.preventDefault();
  button.click();
});
