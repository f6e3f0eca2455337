/**
 * Marking words or sentences in a passage.
 *
 * Takes over the checkboxes that the server renders: each paragraph becomes a listbox, each unit an
 * option, and the marks are kept in hidden inputs of the same name, so that the form sends the same
 * with and without script. Only inline boxes are exchanged, so nothing on the page moves.
 */
import { between, brief, counted, fill, moved, quote, runAt, runs, toggled, without } from "./marks.js";

const LISTED_WORDS = 8; // as in your_marks.html
const SPOKEN_WORDS = 15;

const byId = (id) => document.getElementById(id);

class Marking {
  #units = []; // { text, after, line, sentence, value, element, gap }
  #marked = new Set();
  #at = 0; // the one unit in the tab order
  #anchor = null; // where a range began
  #on = true;

  constructor(passage) {
    this.passage = passage;
    this.form = passage.closest("form");
    this.words = byId("marking-words").dataset;
    this.nothing = this.form.elements.namedItem("nothing_to_mark");
    this.rtl = getComputedStyle(passage).direction === "rtl";
    this.store = this.form.appendChild(Object.assign(document.createElement("span"), { hidden: true }));
    this.#takeOver();
    this.#setMode(true);
    this.#show();
    passage.addEventListener("click", (event) => this.#clicked(event));
    passage.addEventListener("keydown", (event) => this.#pressed(event));
    passage.addEventListener("focusin", (event) => this.#focused(event));
    byId("marks").addEventListener("click", (event) => this.#removeClicked(event));
    this.nothing.addEventListener("change", () => this.#nothingChanged());
    const mode = byId("mode");
    mode.classList.remove("waits");
    mode.addEventListener("click", () => this.#modeClicked());
  }

  /** Exchanges every label with its checkbox for a bare span of the same text. */
  #takeOver() {
    this.passage.removeAttribute("role");
    this.passage.removeAttribute("aria-labelledby");
    this.paragraphs = [...this.passage.querySelectorAll("p")];
    for (const [line, paragraph] of this.paragraphs.entries()) {
      for (const label of paragraph.querySelectorAll(".w")) this.#takeUnit(label, line);
    }
  }

  #takeUnit(label, line) {
    const box = label.querySelector("input");
    const gap = label.nextElementSibling?.matches(".g") ? label.nextElementSibling : null;
    const element = document.createElement("span");
    element.className = "w";
    element.textContent = label.textContent;
    element.dataset.at = this.#units.length;
    if (box.checked) this.#marked.add(this.#units.length);
    this.#units.push({
      text: element.textContent,
      after: gap?.textContent ?? "",
      line,
      sentence: Number(label.dataset.s),
      value: box.value,
      element,
      gap,
    });
    label.replaceWith(element);
  }

  /** Marking: listboxes of options. Reading: the same words as plain prose, without roles. */
  #setMode(on) {
    this.#on = on;
    this.passage.classList.toggle("marking-on", on);
    this.passage.classList.toggle("reading-on", !on);
    byId("mode").setAttribute("aria-pressed", String(on));
    const byWords = this.passage.dataset.granularity === "words";
    for (const paragraph of this.paragraphs) {
      setAll(paragraph, on, {
        role: "listbox",
        "aria-multiselectable": "true",
        "aria-orientation": byWords ? "horizontal" : "vertical",
        "aria-labelledby": "task",
        "aria-describedby": "help",
      });
    }
    for (const [at, { element }] of this.#units.entries()) {
      setAll(element, on, { role: "option", tabindex: at === this.#at ? "0" : "-1" });
    }
  }

  #modeClicked() {
    this.#letGo();
    this.#setMode(!this.#on);
    this.#show();
    this.#say(this.#on ? this.words.marking : this.words.reading);
  }

  /** Puts the marks on the page: text, list, count, and the inputs that the form sends. */
  #show() {
    const marks = runs(this.#marked, this.#units);
    const starts = new Set(marks.map(([first]) => first));
    for (const [at, unit] of this.#units.entries()) this.#showUnit(unit, at, starts.has(at));
    byId("count").textContent = this.#count(marks);
    byId("no-marks").hidden = marks.length > 0;
    byId("marks").replaceChildren(...marks.map((run) => this.#listed(run)));
    this.store.replaceChildren(...[...this.#marked].sort((a, b) => a - b).map((at) => this.#input(at)));
  }

  #showUnit({ text, line, element, gap }, at, starts) {
    const marked = this.#marked.has(at);
    const goesOn = marked && this.#marked.has(at + 1) && this.#units[at + 1].line === line;
    element.classList.toggle("m", marked);
    element.classList.toggle("at", starts);
    gap?.classList.toggle("m", goesOn);
    setAll(element, this.#on, { "aria-selected": String(marked) });
    const name = fill(this.words.named, { text, skill: this.words.skill });
    setAll(element, this.#on && marked, { "aria-label": name });
  }

  #listed(run) {
    const text = brief(quote(run, this.#units), LISTED_WORDS);
    const item = document.createElement("li");
    const key = Object.assign(document.createElement("span"), { className: `key ${this.#skillClass()}` });
    const quoted = Object.assign(document.createElement("q"), { textContent: text });
    const remove = Object.assign(document.createElement("button"), {
      type: "button",
      className: "plainbtn",
      textContent: this.words.remove,
      ariaLabel: fill(this.words.removeName, { text, skill: this.words.skill }),
    });
    item.append(key, quoted, remove);
    return item;
  }

  #skillClass() {
    return [...this.passage.classList].find((name) => name.startsWith("k-")) ?? "";
  }

  #input(at) {
    return Object.assign(document.createElement("input"), {
      type: "hidden",
      name: this.passage.dataset.field,
      value: this.#units[at].value,
    });
  }

  #count(marks) {
    return counted(this.words, "marks", marks.length, document.documentElement.lang);
  }

  /** Takes new marks, tells the form, and says what happened to the positions touched. */
  #change(marked, touched) {
    const before = this.#marked;
    this.#marked = marked;
    if (marked.size) this.nothing.checked = false;
    this.#show();
    const added = marked.has(touched[0]) && marked.size >= before.size;
    const span = added
      ? [runAt(marked, this.#units, touched[0])[0], runAt(marked, this.#units, touched.at(-1))[1]]
      : [touched[0], touched.at(-1)];
    this.#say(
      fill(added ? this.words.marked : this.words.unmarked, {
        text: brief(quote(span, this.#units), SPOKEN_WORDS),
        skill: this.words.skill,
        marks: this.#count(runs(marked, this.#units)),
      }),
    );
    this.#changed();
  }

  #changed() {
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #nothingChanged() {
    if (!this.nothing.checked) return;
    this.#say(this.#marked.size ? this.words.nothing : this.words.nothingEmpty);
    this.#letGo();
    this.#marked = new Set();
    this.#show();
  }

  #clicked(event) {
    const at = this.#positionOf(event.target);
    if (at === null || !this.#on) return;
    this.#letGo();
    this.#change(toggled(this.#marked, [at]), [at]);
  }

  #positionOf(target) {
    const element = target.closest(".w");
    return element ? Number(element.dataset.at) : null;
  }

  #focused(event) {
    const at = this.#positionOf(event.target);
    if (at === null || !this.#on) return;
    this.#units[this.#at].element.tabIndex = -1;
    this.#at = at;
    this.#units[at].element.tabIndex = 0;
  }

  #pressed(event) {
    if (!this.#on || event.altKey || this.#positionOf(event.target) === null) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const to = moved(this.#units, this.#at, event.key, { ctrl, rtl: this.rtl });
    if (to !== null) this.#move(to, event.shiftKey);
    else if (ctrl || !this.#act(event.key)) return;
    event.preventDefault();
  }

  /** Does what a key asks; false for a key that means nothing here. */
  #act(key) {
    const acts = {
      " ": () => this.#toggle(),
      Enter: () => this.#toggle(),
      Delete: () => this.#removeHere(),
      Backspace: () => this.#removeHere(),
      Escape: () => this.#escape(),
      "?": () => this.#help(),
      1: () => this.#say(fill(this.words.as, { skill: this.words.skill })),
    };
    acts[key]?.();
    return key in acts;
  }

  #move(to, extend) {
    if (!extend) this.#letGo();
    else this.#anchor ??= this.#at;
    this.#units[to].element.focus();
    if (extend) this.#preview();
  }

  #preview() {
    const range = between(this.#anchor, this.#at);
    for (const [at, { element }] of this.#units.entries()) {
      element.classList.toggle("range", at >= range[0] && at <= range.at(-1));
    }
    const text = brief(quote([range[0], range.at(-1)], this.#units), SPOKEN_WORDS);
    this.#say(fill(this.words.selecting, { text }));
  }

  /** Ends a range without marking it; whether there was one. */
  #letGo() {
    if (this.#anchor === null) return false;
    this.#anchor = null;
    for (const { element } of this.#units) element.classList.remove("range");
    return true;
  }

  #toggle() {
    const positions = between(this.#anchor ?? this.#at, this.#at);
    this.#letGo();
    this.#change(toggled(this.#marked, positions), positions);
  }

  #removeHere() {
    const run = runAt(this.#marked, this.#units, this.#at);
    this.#letGo();
    if (run) this.#remove(run);
  }

  #remove(run) {
    this.#change(without(this.#marked, between(...run)), run);
  }

  #escape() {
    if (this.#letGo()) this.#say(this.words.letGo);
    else byId("mode").focus();
  }

  #help() {
    byId("keys").open = true;
    byId("keys").querySelector("summary").focus();
  }

  /** After removing from the list, focus goes to the next mark, else the last, else the heading. */
  #removeClicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const place = [...byId("marks").children].indexOf(button.closest("li"));
    this.#remove(runs(this.#marked, this.#units)[place]);
    const left = byId("marks").querySelectorAll("button");
    (left[place] ?? left[left.length - 1] ?? byId("your-marks")).focus();
  }

  #say(text) {
    byId("said").textContent = text;
  }
}

/** Sets the attributes while `on`, else takes them away. */
function setAll(element, on, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (on) element.setAttribute(name, value);
    else element.removeAttribute(name);
  }
}

const passage = byId("passage");
if (passage) new Marking(passage);
