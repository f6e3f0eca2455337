/**
 * The form of a question: buttons of rows without leaving the page, places picked on the passage, and
 * a copy of what is not saved yet, kept in this browser until the site has it.
 *
 * Without this module every button is a plain submit, which the server answers with the whole page.
 */
import { Copies } from "../../articles/copies.js";
import { between, moved, quote } from "../../articles/passage.js";

const SPOKEN_MS = 6000;
let spoken = 0;
const form = document.getElementById("sheet").closest("form");
const said = document.getElementById("said");

/** Says it in the live region, for a while. */
function say(words) {
  said.textContent = words;
  clearTimeout(spoken);
  spoken = setTimeout(() => (said.textContent = ""), SPOKEN_MS);
}

/** The form as it would be sent, without its token. */
function written(button) {
  const fields = new URLSearchParams(new FormData(form));
  fields.delete("csrfmiddlewaretoken");
  if (button) fields.set(button.name, button.value);
  return fields;
}

// The copy ---------------------------------------------------------------------------------------
const copies = new Copies(document.getElementById("copy"), form, async (fields) => {
  fields.set("do", "show");
  fields.set("copy_page", form.elements.copy_page.value);
  await redraw(fields);
  form.querySelector("select, textarea, input:not([type=hidden])")?.focus();
});

form.addEventListener("input", (event) => rename(event.target));

globalThis.django?.jQuery(form).on("change", ".admin-autocomplete", () => copies.store()); // select2 tells jQuery only

/** A row's new words stand at once wherever the row can be chosen. */
function rename(field) {
  const ref = field.name?.endsWith("-text") && form.elements[field.name.replace(/text$/u, "ref")]?.value;
  if (!ref || !field.value.trim()) return;
  for (const option of document.querySelectorAll(`#sheet option[value="${CSS.escape(ref)}"]`)) {
    option.textContent = field.value;
  }
  for (const box of document.querySelectorAll(`#sheet .q-several input[value="${CSS.escape(ref)}"]`)) {
    box.nextSibling.data = field.value;
  }
}

// Buttons of rows --------------------------------------------------------------------------------
/** Sends the form and shows what the server makes of it; true if it answered with the form. */
async function redraw(fields) {
  fields.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  let answer;
  try {
    answer = await fetch(form.getAttribute("action") || location.href, { method: "POST", body: fields });
  } catch {
    say(said.dataset.lost);
    return false;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const sheet = page.getElementById("sheet");
  if (!sheet) {
    say(answer.redirected || answer.status === 403 ? said.dataset.out : said.dataset.lost);
    return false;
  }
  const open = [...document.querySelectorAll("#sheet details[open]")].map(place);
  document.getElementById("sheet").replaceWith(sheet);
  for (const details of document.querySelectorAll("#sheet details")) {
    if (open.includes(place(details))) details.open = true;
  }
  globalThis.django?.jQuery("#sheet .admin-autocomplete").djangoAdminSelect2();
  bind();
  copies.store();
  return true;
}

/** By what a <details> is found again. */
function place(details) {
  return details.id || details.closest(".q-row")?.id || "";
}

function look(focus, button) {
  const row = focus && document.getElementById(focus);
  const again = button && document.querySelector(`#sheet button[value="${CSS.escape(button.value)}"]`);
  const target = row?.querySelector("textarea, input:not([type=hidden]), select") ?? again ?? row;
  if (target?.closest("details")) target.closest("details").open = true;
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (button?.name !== "do") return;
  event.preventDefault();
  if (!(await redraw(written(button)))) return;
  look(document.getElementById("sheet").dataset.focus, button);
  const tried = document.getElementById("tried")?.textContent;
  say(button.value === "try" ? tried : said.dataset.moved);
});

// Enter in a field saves; it does not press the first button of a row.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input:not([type=checkbox], [type=radio])")) return;
  event.preventDefault();
  const button = event.target.id === "try_text" ? "button[value=try]" : "button[name=_save]";
  form.requestSubmit(form.querySelector(button));
});

// Picking on the passage -------------------------------------------------------------------------
class Picker {
  #at = 0;
  #anchor = null;
  #picked = [];

  constructor(passage) {
    this.passage = passage;
    this.words = [...passage.querySelectorAll("[data-at]")];
    this.units = this.words.map((word) => ({
      text: word.textContent,
      after: word.nextSibling?.nodeType === Node.TEXT_NODE ? word.nextSibling.data : "",
      line: [...passage.children].indexOf(word.parentElement),
      sentence: Number(word.dataset.sentence),
    }));
    passage.addEventListener("pointerdown", (event) => this.#pressed(event));
    passage.addEventListener("pointermove", (event) => event.buttons && this.#released(event));
    passage.addEventListener("pointerup", (event) => this.#released(event));
    passage.addEventListener("keydown", (event) => this.#keyed(event));
    this.#show();
  }

  #word(event) {
    const found = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-at]");
    return found ? Number(found.dataset.at) : null;
  }

  #pressed(event) {
    const at = this.#word(event);
    if (at === null || event.button) return;
    // A finger has no Shift: its second tap ends what its first began.
    const ends = event.shiftKey || (event.pointerType === "touch" && this.#anchor === this.#at);
    if (!ends || this.#anchor === null) this.#anchor = at;
    this.#at = at;
    this.#show();
  }

  #released(event) {
    const at = this.#word(event);
    if (this.#anchor === null || at === null) return;
    this.#at = at;
    this.#show();
    getSelection()?.removeAllRanges();
  }

  #keyed(event) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.add();
      return;
    }
    if (event.key === "Escape") this.#anchor = null;
    const rtl = getComputedStyle(this.passage).direction === "rtl";
    const to = moved(this.units, this.#at, event.key, { ctrl: event.ctrlKey || event.metaKey, rtl });
    if (to === null) return this.#show();
    event.preventDefault();
    if (event.shiftKey) this.#anchor ??= this.#at;
    else this.#anchor = null;
    this.#at = to;
    this.#show();
  }

  /** The picked words as [first, last], both included. */
  get #range() {
    const ends = [this.#anchor ?? this.#at, this.#at];
    return [Math.min(...ends), Math.max(...ends)];
  }

  #show() {
    for (const at of this.#picked) this.words[at].setAttribute("aria-selected", "false");
    this.#picked = this.#anchor === null ? [] : between(this.#anchor, this.#at);
    for (const at of this.#picked) this.words[at].setAttribute("aria-selected", "true");
    this.passage.querySelector(".q-at")?.classList.remove("q-at");
    const here = this.words[this.#at];
    if (!here) return;
    here.classList.add("q-at");
    this.passage.setAttribute("aria-activedescendant", here.id);
    const button = document.getElementById("pick_add");
    button.hidden = this.#anchor === null;
    button.querySelector("q").textContent = quote(this.#range, this.units);
  }

  async add() {
    const [first, last] = this.#range;
    const words = quote([first, last], this.units);
    const fields = written();
    fields.set("do", "pick");
    fields.set("pick_first", first);
    fields.set("pick_last", last);
    if (!(await redraw(fields))) return;
    say(document.getElementById("pick")?.dataset.picked.replace("{words}", words) ?? "");
    const row = document.getElementById(document.getElementById("sheet").dataset.focus);
    const next = row?.querySelector("select") ?? row;
    next?.focus();
  }
}

function bind() {
  const passage = document.getElementById("pick");
  if (!passage) return;
  const picker = new Picker(passage);
  document.getElementById("pick_add").addEventListener("click", () => picker.add());
}

bind();
