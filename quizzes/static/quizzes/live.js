/** The table of a class at work, kept up to date while it is looked at. */
import { poll } from "../poll.js";

const place = document.getElementById("live");

poll(place.dataset.url, { everyMs: 5000, as: "text" }, (rows) => {
  const held = document.activeElement?.id;
  place.innerHTML = rows;
  if (held) document.getElementById(held)?.focus();
});
