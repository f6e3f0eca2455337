/**
 * Putting items in order: arrows, a handle to drag, and its arrow keys.
 *
 * The fields sent are the lists of places, one an item, which this module hides and fills in. They stay
 * empty until an item was moved or the order was kept: an order that nobody touched is no answer.
 */

const list = document.getElementById("order");
const items = () => [...list.children];
const placeOf = (item) => item.querySelector("select");
const textOf = (item) => item.dataset.text;

const said = document.getElementById("said");
const keep = document.getElementById("keep");
const kept = document.getElementById("kept");

list.classList.add("ready");
if (isAnswer()) list.append(...items().sort((a, b) => placeOf(a).value - placeOf(b).value));
show();

function isAnswer() {
  return items().every((item) => placeOf(item).value !== "");
}

/** Fills in the places as the items stand, or takes them out, and tells the form. */
function give(answered) {
  items().forEach((item, index) => {
    placeOf(item).value = answered ? index + 1 : "";
  });
  show();
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function show() {
  const answered = isAnswer();
  list.parentElement.querySelector("#keep").setAttribute("aria-pressed", answered);
  kept.textContent = answered ? kept.dataset.kept : kept.dataset.open;
  items().forEach((item, index) => {
    const [up, down] = item.querySelectorAll(".btn");
    up.setAttribute("aria-disabled", index === 0);
    down.setAttribute("aria-disabled", index === list.children.length - 1);
  });
}

function tell(item) {
  said.textContent = said.dataset.moved
    .replace("{text}", () => textOf(item))
    .replace("{n}", items().indexOf(item) + 1)
    .replace("{total}", list.children.length);
}

/** Moves an item by one, past its neighbour: the neighbour is what is moved, so that the focus stays. */
function move(item, by) {
  const neighbour = by < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!neighbour) return;
  if (by < 0) item.after(neighbour);
  else item.before(neighbour);
  give(true);
  tell(item);
}

list.addEventListener("click", (event) => {
  const button = event.target.closest(".btn[data-by]");
  if (button) move(button.closest("li"), Number(button.dataset.by));
});

list.addEventListener("keydown", (event) => {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by || !event.target.matches(".handle")) return;
  event.preventDefault();
  move(event.target.closest("li"), by);
  event.target.scrollIntoView({ block: "nearest" });
});

keep.addEventListener("click", () => give(!isAnswer()));

/* Dragging, by the handle. */

let dragged = null;
let before = [];

list.addEventListener("pointerdown", (event) => {
  if (!event.target.matches(".handle") || event.button !== 0) return;
  dragged = event.target.closest("li");
  before = items();
  event.target.setPointerCapture(event.pointerId);
  dragged.classList.add("dragged");
});

list.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  const { previousElementSibling: above, nextElementSibling: below } = dragged;
  if (above && event.clientY < middle(above)) dragged.after(above);
  else if (below && event.clientY > middle(below)) dragged.before(below);
});

list.addEventListener("pointerup", () => {
  if (!dragged) return;
  const item = letGo();
  if (items().every((one, index) => one === before[index])) return;
  give(true);
  tell(item);
});

list.addEventListener("pointercancel", putBack);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") putBack();
});

function middle(item) {
  const { top, height } = item.getBoundingClientRect();
  return top + height / 2;
}

function letGo() {
  const item = dragged;
  item.classList.remove("dragged");
  dragged = null;
  return item;
}

function putBack() {
  if (!dragged) return;
  const item = letGo();
  for (const one of before.slice(0, before.indexOf(item)).reverse()) list.prepend(one);
  for (const one of before.slice(before.indexOf(item) + 1)) list.append(one);
  said.textContent = said.dataset.back;
}
