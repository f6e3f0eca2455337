/** How many characters are left to type: said after a pause, not at each key. */
const PAUSE_MS = 1000;

const room = document.getElementById("room");
const field = document.querySelector("[aria-describedby~=room]");
const plural = new Intl.PluralRules(document.documentElement.lang || "en");
let timer = 0;

function show() {
  const left = Math.max(0, room.dataset.longest - [...field.value].length);
  const words = plural.select(left) === "one" ? room.dataset.leftOne : room.dataset.leftOther;
  room.textContent = words.replace("{n}", left);
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE_MS);
});
if (field.value) show();
