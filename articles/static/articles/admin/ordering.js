/** Rows in an order: buttons, dragging and adding, over plain number fields that work without script. */

const said = (group, text) => { group.querySelector("[data-said]").textContent = text; };
const filled = (words, name, values) =>
  words.dataset[name].replace(/\{(\w+)\}/g, (_all, key) => values[key]);
const rowsOf = (list) => [...list.children].filter((row) => row.matches("[data-row]"));

/** What a row is called: its own title, else what was chosen in it. */
function titleOf(row) {
  const typed = row.querySelector("input[name$='-title']")?.value.trim();
  if (typed) return typed;
  for (const select of row.querySelectorAll("select")) {
    const chosen = select.value && !/-kind$/.test(select.name) && select.selectedOptions[0]?.textContent.trim();
    if (chosen) return chosen;
  }
  return "";
}

/** Numbers as the rows stand; the names of those that have one. */
function renumber(list) {
  rowsOf(list).forEach((row, index) => {
    row.querySelector("[name$='-ORDER']").value = index + 1;
    row.querySelector("[data-number]").textContent = index + 1;
    const name = row.querySelector("[data-title]");
    name.dataset.plain ??= name.textContent;
    name.textContent = titleOf(row) || name.dataset.plain;
  });
  const rows = rowsOf(list);
  rows.forEach((row, index) => {
    row.querySelector("[data-move='-1']").setAttribute("aria-disabled", index === 0);
    row.querySelector("[data-move='1']").setAttribute("aria-disabled", index === rows.length - 1);
  });
}

function button(label, text, group) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "row-tool";
  made.textContent = text;
  made.setAttribute("aria-label", label);
  made.title = label;
  group.append(made);
  return made;
}

function move(group, list, row, by, words) {
  const rows = rowsOf(list);
  const other = rows[rows.indexOf(row) + by];
  if (!other) return;
  if (by < 0) other.before(row);
  else other.after(row);
  renumber(list);
  said(group, filled(words, "moved", { n: rowsOf(list).indexOf(row) + 1, total: rows.length }));
}

/** Dragging by the handle, with mouse, pen or finger; Escape and a lost pointer put the row back. */
function drag(group, list, row, handle, words) {
  let before = null;
  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    before = row.nextElementSibling;
    row.classList.add("dragged");
  });
  handle.addEventListener("pointermove", (event) => {
    if (!row.classList.contains("dragged")) return;
    const over = rowsOf(list).find((other) => {
      const box = other.getBoundingClientRect();
      return other !== row && event.clientY >= box.top && event.clientY <= box.bottom;
    });
    if (!over) return;
    const box = over.getBoundingClientRect();
    const isBelow = row.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
    const past = isBelow ? event.clientY > box.bottom - Math.min(box.height, row.offsetHeight) / 2
      : event.clientY < box.top + Math.min(box.height, row.offsetHeight) / 2;
    if (past && isBelow) over.after(row);
    else if (past) over.before(row);
  });
  const end = (keep) => {
    if (!row.classList.contains("dragged")) return;
    row.classList.remove("dragged");
    if (!keep) list.insertBefore(row, before);
    renumber(list);
    const rows = rowsOf(list);
    said(group, filled(words, "moved", { n: rows.indexOf(row) + 1, total: rows.length }));
  };
  handle.addEventListener("pointerup", () => end(true));
  handle.addEventListener("pointercancel", () => end(false));
  handle.addEventListener("keydown", (event) => { if (event.key === "Escape") end(false); });
}

function equip(group, list, row, words) {
  const tools = document.createElement("span");
  tools.className = "row-moves";
  row.querySelector(".row-tools").prepend(tools);
  const handle = button(words.dataset.drag, "⠿", tools);
  handle.classList.add("row-handle");
  handle.tabIndex = -1; // the two buttons beside it do the same by keyboard
  handle.setAttribute("aria-hidden", "true");
  for (const [by, sign, label] of [[-1, "↑", words.dataset.up], [1, "↓", words.dataset.down]]) {
    const one = button(label, sign, tools);
    one.dataset.move = by;
    one.addEventListener("click", () => { move(group, list, row, by, words); one.focus(); });
  }
  drag(group, list, row, handle, words);
  const out = row.querySelector("[name$='-DELETE']");
  out?.addEventListener("change", () => {
    row.classList.toggle("goes", out.checked);
    said(group, filled(words, out.checked ? "out" : "in", { n: rowsOf(list).indexOf(row) + 1 }));
  });
}

function add(group, list, words) {
  const total = group.querySelector("[name$='-TOTAL_FORMS']");
  const holder = document.createElement("div");
  const empty = group.querySelector(`#${group.dataset.prefix}-empty`);
  holder.innerHTML = empty.innerHTML.replaceAll("__prefix__", total.value);
  const row = holder.querySelector("[data-row]");
  list.append(row);
  total.value = Number(total.value) + 1;
  equip(group, list, row, words);
  renumber(list);
  row.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: group.dataset.prefix } }));
  row.querySelector(".row-fields :is(select, input, textarea)")?.focus();
  row.scrollIntoView({ block: "nearest" });
  said(group, filled(words, "added", { n: rowsOf(list).length }));
}

for (const group of document.querySelectorAll(".ordered-rows")) {
  const list = group.querySelector("ol.rows");
  const words = group.querySelector("[data-words]");
  group.classList.add("scripted");
  for (const row of rowsOf(list)) equip(group, list, row, words);
  renumber(list);
  if (group.querySelector(`#${group.dataset.prefix}-empty`)) {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "button row-add";
    more.textContent = words.dataset.add;
    more.addEventListener("click", () => add(group, list, words));
    list.after(more);
  }
  const soon = () => setTimeout(() => renumber(list));
  group.addEventListener("change", soon);
  globalThis.django?.jQuery?.(group).on("change", "select", soon); // select2 tells jQuery only
}
