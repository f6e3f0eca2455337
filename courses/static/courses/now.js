/** Whether the class begins together: asked every few seconds while the page is looked at, then less often. */
import { poll } from "../poll.js";

const place = document.getElementById("now");
const [words, link] = [place.querySelector("span"), place.querySelector("a")];

poll(place.dataset.url, { everyMs: 4000, tiredAfterMs: 15 * 60_000 }, (found) => {
  words.textContent = found.words || "";
  link.textContent = found.link || "";
  link.href = found.url || "";
  place.hidden = !found.url;
});
