/**
 * A passage whose words or sentences are chosen: by pointer, by touch, by keyboard.
 *
 * Takes over what the server renders: paragraphs of units (`.w`), with what stands between them (`.g`).
 * Each paragraph becomes a listbox. Where sentences are marked, each is an option. Where words are, each
 * sentence (`.s`) is an option too, until it is opened: then it is a group, and its words are options. So
 * whoever listens walks sentences, and meets words only in the one that is open.
 *
 * What a choice means is for the class that extends this one: see `mark`. It has `undo` and `redo` too.
 * Only inline boxes are exchanged, so nothing on the page moves.
 *
 * Below it stands what knows no page: `Marks`, and where keys lead. One file, because on a slow line each
 * request costs more than its bytes.
 */
export const LISTED_WORDS = 8; // as in your_marks.html
export const SPOKEN_WORDS = 15;
const SLOP = { mouse: 3, pen: 5, touch: 8 }; // pixels that a hand moves without meaning it
const LONG = 600; // units from which paragraphs out of sight are left out of the layout
const REACH = 4; // pixels beside a word that are still meant for it
const ROOM = 12; // what the box of a paragraph has above and below its rows
const SAME_GESTURE_MS = 700; // a click so soon after the pointer was lifted is that gesture's own

/** The parts of a page, by id; all but the words may be missing. */
export function partsOf(page) {
  const ids = ["mode", "undo", "redo", "count", "marks", "no-marks", "your-marks", "said", "keys", "marking-words"];
  return Object.fromEntries(ids.map((id) => [id, page.getElementById(id)]));
}

export class Passage {
  units = []; // { text, after, line, sentence, boxes, element, gaps }
  sentences = []; // elements; none where sentences are the units
  positions = new Map(); // element of a unit or a sentence: its position, or that of its first word
  ends = []; // the first and the last unit of each paragraph; null where it has none
  at = 0; // the unit at the tab stop
  opened = null; // the sentence whose words are options
  anchor = null; // where a range by keyboard began
  range = []; // the positions that are previewed
  drag = null; // { id, from, to, exact, moved, x, y }
  pending = null; // what is done after the frame that shows a mark
  lifted = -Infinity; // when the pointer was last lifted
  on = true;

  constructor(passage, parts = partsOf(document)) {
    this.passage = passage;
    this.parts = parts;
    this.form = passage.closest("form");
    this.words = parts["marking-words"].dataset;
    this.rtl = getComputedStyle(passage).direction === "rtl";
    this.rowHeight = parseFloat(getComputedStyle(passage).lineHeight);
    this.takeOver();
    passage.classList.toggle("long", this.units.length >= LONG);
    this.ends = this.paragraphs.map((_, line) => endsOf(this.units, line));
    this.at = this.stopLeft();
  }

  /* What a kind of marking says */

  /** What marks the unit at `at`, in words. */
  titlesAt() {
    return [];
  }

  isSelected() {
    return false;
  }

  /** The marks that hold a unit from `first` to `last`: [{ run, title }, …]. */
  marksIn() {
    return [];
  }

  /** Shows in the text that positions were chosen; what is returned does what can wait for a frame. */
  mark() {
    return () => {};
  }

  /** To be called once the marks are there. */
  begin() {
    this.setMode(true);
    const { passage, form, parts } = this;
    passage.addEventListener("pointerdown", (event) => this.pointerDown(event));
    passage.addEventListener("pointermove", (event) => this.pointerMoved(event));
    passage.addEventListener("pointerup", (event) => this.pointerUp(event));
    for (const kind of ["pointercancel", "contextmenu"]) passage.addEventListener(kind, () => this.dropDrag());
    passage.addEventListener("mousedown", (event) => this.on && event.button === 0 && event.preventDefault());
    passage.addEventListener("click", (event) => this.clicked(event));
    passage.addEventListener("keydown", (event) => this.pressed(event));
    passage.addEventListener("focusin", (event) => this.focused(event));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.dropDrag());
    form.addEventListener("keydown", (event) => this.pressedAnywhere(event));
    parts.mode?.addEventListener("click", () => this.modeClicked());
    parts.undo?.addEventListener("click", () => this.undo());
    parts.redo?.addEventListener("click", () => this.redo());
    for (const part of [parts.mode, parts.undo, parts.redo]) part?.classList.remove("waits");
    for (const kind of ["pointerdown", "keydown", "change"]) {
      document.addEventListener(kind, () => this.settle(), { capture: true });
    }
    addEventListener("pagehide", () => this.settle());
    addEventListener("pagehide", () => this.leaveStop());
  }

  /* What the server rendered */

  /** Exchanges every unit, with its checkboxes if it has any, for a bare span of the same text. */
  takeOver() {
    this.task = this.passage.getAttribute("aria-labelledby");
    this.passage.removeAttribute("role");
    this.passage.removeAttribute("aria-labelledby");
    this.paragraphs = [...this.passage.querySelectorAll("p")];
    for (const [line, paragraph] of this.paragraphs.entries()) {
      for (const one of paragraph.querySelectorAll(".w, .g")) {
        if (one.matches(".w")) this.takeUnit(one, line);
        else if (this.units.at(-1)?.line === line) this.takeGap(one);
      }
    }
  }

  /** What stands between two units, inside their sentences and between these. */
  takeGap(gap) {
    const unit = this.units.at(-1);
    unit.after += gap.textContent;
    unit.gaps.push(gap);
  }

  takeUnit(unit, line) {
    const at = this.units.length;
    const boxes = [...unit.querySelectorAll("input")];
    const within = unit.closest(".s");
    const element = Object.assign(document.createElement("span"), { className: "w", textContent: textOf(unit) });
    if (within && within !== this.sentences.at(-1)) {
      this.sentences.push(within);
      this.positions.set(within, at);
    }
    this.units.push({
      text: element.textContent,
      after: "",
      line,
      sentence: within ? this.sentences.length - 1 : at,
      boxes,
      element,
      gaps: [],
    });
    this.positions.set(element, at);
    unit.replaceWith(element);
  }

  /* Modes and roles */

  /** Marking: listboxes of options. Reading: the same words as plain prose, without roles. */
  setMode(on) {
    this.on = on;
    this.passage.classList.toggle("marking-on", on);
    this.passage.classList.toggle("reading-on", !on);
    this.parts.mode?.setAttribute("aria-pressed", String(on));
    for (const paragraph of this.paragraphs) {
      setAll(paragraph, on, {
        role: "listbox",
        "aria-multiselectable": "true",
        "aria-labelledby": this.task,
        "aria-describedby": this.passage.dataset.help ?? null,
      });
    }
    if (this.sentences.length) this.sentences.forEach((_, sentence) => this.showSentence(sentence));
    if (this.opened !== null) this.showWords(this.opened);
    if (!this.sentences.length) this.units.forEach((_, at) => this.showOption(at));
  }

  /** A sentence to walk is an option, named by its text and the marks in it; an open one is a group. */
  showSentence(sentence) {
    const element = this.sentences[sentence];
    const opened = this.opened === sentence;
    const [first, last] = this.wordsOf(sentence);
    setAll(element, this.on, {
      role: opened ? "group" : "option",
      tabindex: opened ? null : first <= this.at && this.at <= last ? "0" : "-1",
      "aria-label": opened ? brief(element.textContent, LISTED_WORDS) : this.nameOf(element, first, last),
    });
  }

  showWords(sentence) {
    for (const at of between(...this.wordsOf(sentence))) this.showOption(at);
  }

  /** The text and the marks in it. Said outright: a name from content may lose the blanks between words. */
  nameOf(element, first, last) {
    const listed = this.marksIn(first, last).map(({ run, title }) =>
      fill(this.words.one, { text: quote(run, this.units), skill: title }),
    );
    const text = element.textContent;
    return listed.length ? fill(this.words.sentence, { text, marks: listed.join("; ") }) : text;
  }

  /** A unit is an option wherever it can be reached. */
  showOption(at) {
    const { element, text, sentence } = this.units[at];
    const on = this.on && (!this.sentences.length || this.opened === sentence);
    const titles = this.titlesAt(at);
    setAll(element, on, {
      role: "option",
      tabindex: at === this.at ? "0" : "-1",
      "aria-selected": String(this.isSelected(at)),
      "aria-label": titles.length ? fill(this.words.named, { text, skill: titles.join(", ") }) : null,
    });
  }

  wordsOf(sentence) {
    const at = this.positions.get(this.sentences[sentence]);
    return [at, sentenceEnd(this.units, at)];
  }

  /**
   * Moves the tab stop to a unit, or (`open` false) to the sentence that holds it; with a `focus`, the
   * focus too, before what it leaves is closed: an element that loses its tab index while it has the
   * focus makes the browser lay everything out.
   */
  stop(at, open, focus) {
    const [old, was] = [this.at, this.opened];
    const walks = this.sentences.length > 0;
    const { sentence, element } = this.units[at];
    this.at = at;
    this.opened = open && walks ? sentence : null;
    if (!walks || (open && was === sentence)) this.showOption(at);
    else if (open) this.showWords(sentence);
    else this.showSentence(sentence);
    if (focus) (open || !walks ? element : this.sentences[sentence]).focus(focus);
    this.leave(old, was, at);
  }

  /** Takes back what the tab stop had made of where it was. */
  leave(old, was, at) {
    if (was === this.opened) {
      if (old !== at && (was !== null || !this.sentences.length)) this.showOption(old);
      if (was !== null || !this.sentences.length) return;
    }
    for (const one of new Set([this.units[at].sentence, this.units[old].sentence])) this.showSentence(one);
    if (was !== null) this.showWords(was);
  }

  go(at, open = true) {
    this.stop(at, open, {});
  }

  focused(event) {
    const at = this.positions.get(event.target);
    if (at === undefined || !this.on) return;
    const isSentence = this.sentences.includes(event.target);
    const there = isSentence ? this.units[this.at].sentence === this.units[at].sentence : this.at === at;
    if (!there || (this.sentences.length && isSentence !== (this.opened === null))) this.stop(at, !isSentence);
  }

  modeClicked() {
    this.letGo();
    this.setMode(!this.on);
    this.say(this.on ? this.words.marking : this.words.reading);
  }

  say(text) {
    if (this.parts.said) this.parts.said.textContent = text;
  }

  /** Does what can wait until a frame has shown the mark; the next act of the reader makes it wait no longer. */
  afterFrame(act) {
    this.pending = act;
    requestAnimationFrame(() => setTimeout(() => this.settle()));
  }

  settle() {
    const act = this.pending;
    this.pending = null;
    act?.();
  }

  /* Keys */

  pressed(event) {
    if (!this.on || event.altKey || !this.positions.has(event.target)) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const options = { ctrl, rtl: this.rtl };
    const walks = this.sentences.length > 0 && this.opened === null;
    const to = walks && !event.shiftKey ? walked(this.units, this.at, event.key, options) : null;
    if (to) this.go(...to);
    else if (!this.moveWith(event, options) && (ctrl || !this.act(event.key))) return;
    event.preventDefault();
  }

  moveWith({ key, shiftKey }, options) {
    const to = moved(this.units, this.at, key, options);
    if (to === null) return false;
    if (!shiftKey) this.letGo();
    else this.anchor ??= this.at;
    this.go(to);
    if (shiftKey) this.preview(this.anchor, to, true);
    return true;
  }

  /** Does what a key asks; false for a key that means nothing here. */
  act(key) {
    const acts = {
      " ": () => this.mark(this.chosen())(),
      Enter: () => this.mark(this.chosen())(),
      Escape: () => this.escape(),
      "?": () => this.help(),
    };
    acts[key]?.();
    return key in acts;
  }

  /** Undo and redo work wherever the focus is in the form, as long as nothing is typed there. */
  pressedAnywhere(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.target.matches("textarea, input:not([type=radio], [type=checkbox])")) return;
    const letter = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code.slice(3).toLowerCase();
    if (letter === "z") event.shiftKey ? this.redo() : this.undo();
    else if (letter === "y" && event.ctrlKey) this.redo();
    else return;
    event.preventDefault();
  }

  chosen() {
    return between(this.anchor ?? this.at, this.at);
  }

  escape() {
    if (this.letGo()) this.say(this.words.letGo);
    else if (this.opened !== null) this.go(sentenceStart(this.units, this.at), false);
    else this.parts.mode?.focus();
  }

  help() {
    if (!this.parts.keys) return;
    this.parts.keys.open = true;
    this.parts.keys.querySelector("summary").focus();
  }

  /* Ranges */

  preview(one, other, aloud) {
    const range = between(one, other);
    const [kept, was] = [new Set(range), new Set(this.range)];
    for (const at of this.range) if (!kept.has(at)) this.units[at].element.classList.remove("range");
    for (const at of range) if (!was.has(at)) this.units[at].element.classList.add("range");
    this.range = range;
    const text = brief(quote([range[0], range.at(-1)], this.units), SPOKEN_WORDS);
    if (aloud) this.say(fill(this.words.selecting, { text }));
  }

  /** Ends a range without marking it; whether there was one. */
  letGo() {
    for (const at of this.range) this.units[at].element.classList.remove("range");
    const had = this.anchor !== null || this.range.length > 0;
    this.range = [];
    this.anchor = null;
    return had;
  }

  /* Pointers. A finger that moves up or down scrolls, and the browser cancels the pointer. */

  pointerDown(event) {
    if (!this.on) return;
    this.dropDrag();
    if (!event.isPrimary || event.button !== 0) return; // a second finger: neither of them marks
    this.letGo();
    this.passage.setPointerCapture(event.pointerId);
    const { pointerId: id, clientX: x, clientY: y } = event;
    const under = this.under(x, y);
    const from = under ?? this.nearest(x, y);
    const exact = under !== undefined || this.isOn(from, x, y);
    this.drag = { id, from, to: from, exact, moved: false, x, y };
  }

  pointerMoved(event) {
    const drag = this.drag;
    if (drag?.id !== event.pointerId) return;
    const { clientX: x, clientY: y, pointerType } = event;
    if (!drag.moved && Math.hypot(x - drag.x, y - drag.y) < (SLOP[pointerType] ?? SLOP.mouse)) return;
    const at = this.under(x, y) ?? this.nearest(x, y);
    if (!drag.moved && at === drag.from) return;
    if (drag.moved && at === drag.to) return;
    Object.assign(drag, { moved: true, to: at });
    this.preview(drag.from, at, false);
  }

  pointerUp(event) {
    this.lifted = event.timeStamp;
    const drag = this.drag;
    if (drag?.id !== event.pointerId) return;
    this.drag = null;
    if (!drag.moved && !(drag.exact && this.isStill(drag, event))) return;
    const finish = this.mark(between(drag.from, drag.to));
    this.afterFrame(() => {
      finish();
      this.stop(drag.to, true, { preventScroll: true });
    });
  }

  /** Whether the pointer is where it went down, or still on the unit that it went down on. */
  isStill({ from, x, y }, { clientX, clientY }) {
    return Math.hypot(clientX - x, clientY - y) < SLOP.touch || this.isOn(from, clientX, clientY);
  }

  dropDrag() {
    if (!this.drag) return;
    if (this.drag.moved) this.letGo();
    this.drag = null;
  }

  /** A click without a pointer comes from assistive technology: it opens a sentence, and marks a word. */
  clicked(event) {
    if (!this.on || event.timeStamp - this.lifted < SAME_GESTURE_MS) return;
    this.settle();
    const target = event.target.closest(".w, .s");
    const at = this.positions.get(target);
    if (at === undefined) return;
    const { sentence } = this.units[at];
    if (this.sentences.length && this.opened !== sentence) this.go(sentenceStart(this.units, at), true);
    else if (target.matches(".w")) this.mark([at])();
  }

  /** The unit that is nearest to a point: paragraphs, and the units in them, lie in reading order. */
  nearest(x, y) {
    let [low, high] = this.ends[this.paragraphAt(y)];
    const first = low;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.liesPast(middle, x, y)) low = middle + 1;
      else high = middle;
    }
    const before = Math.max(first, low - 1);
    return total(this.away(before, x, y)) < total(this.away(low, x, y)) ? before : low;
  }

  /** The unit whose box, or letter, is at a point. */
  under(x, y) {
    return this.positions.get(document.elementFromPoint(x, y)?.closest(".w"));
  }

  paragraphAt(y) {
    const filled = this.paragraphs.map((_, line) => line).filter((line) => this.ends[line]);
    const distances = filled.map((line) => {
      const { top, bottom } = this.paragraphs[line].getBoundingClientRect();
      return beyond(top + ROOM, y, bottom - ROOM);
    });
    return filled[distances.indexOf(Math.min(...distances))];
  }

  /** Whether a point lies past the end of a unit, in reading order. */
  liesPast(at, x, y) {
    const last = [...this.units[at].element.getClientRects()].at(-1);
    const lead = this.lead(last);
    if (y > last.bottom + lead) return true;
    if (y < last.top - lead) return false;
    return this.rtl ? x < last.left : x > last.right;
  }

  /** Half of what stands between two rows: a row is as high as that makes it. */
  lead({ height }) {
    return Math.max(0, (this.rowHeight - height) / 2);
  }

  /** How far a point is from a unit, across and up or down. */
  away(at, x, y) {
    const rects = [...this.units[at].element.getClientRects()];
    const distances = rects.map((r) => [beyond(r.left, x, r.right), beyond(r.top, y, r.bottom)]);
    return distances.sort((a, b) => total(a) - total(b))[0];
  }

  /** Whether a point is meant for a unit: on it, or in its half of the gap and of the row. */
  isOn(at, x, y) {
    const [across, up] = this.away(at, x, y);
    return across <= REACH && up <= this.lead(this.units[at].element.getClientRects()[0]);
  }

  /* The tab stop outlives Check and Retry; nothing else is kept. */

  stopKey() {
    return `read-twice:stop:${new URL(this.form.action || location.href).pathname}`;
  }

  leaveStop() {
    try {
      sessionStorage.setItem(this.stopKey(), this.at);
    } catch {
      // Without storage the stop is at the beginning again.
    }
  }

  stopLeft() {
    try {
      const at = Number(sessionStorage.getItem(this.stopKey()));
      return at in this.units ? at : 0;
    } catch {
      return 0;
    }
  }
}

/** How far a value lies outside of a stretch. */
function beyond(low, value, high) {
  return Math.max(low - value, 0, value - high);
}

/** Another row is further away than another word. */
function total([across, up]) {
  return across + 4 * up;
}

/** The text of a unit without its checkboxes and their tiles. */
function textOf(unit) {
  return [...unit.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : "")).join("");
}

function endsOf(units, line) {
  const first = units.findIndex((unit) => unit.line === line);
  return first < 0 ? null : [first, units.findLastIndex((unit) => unit.line === line)];
}

/** Nested boxes on one text, none wider than it: the outermost is `element` itself. */
export function layer(element, base, text, classes) {
  const [outer, ...inner] = classes;
  element.className = outer ? `${base} ${outer}` : base;
  if (!inner.length && !element.firstElementChild) return;
  const nested = inner.reduceRight((content, className) => make("span", { className }, content), text);
  element.replaceChildren(nested);
}

export function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** Sets the attributes while `on`, but takes away those that are null, and all while not. */
function setAll(element, on, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (on && value !== null) element.setAttribute(name, value);
    else element.removeAttribute(name);
  }
}

/*
 * Without the page: marks on a passage, and ways through it.
 *
 * A unit is a word or a sentence: { text, after, line, sentence }. `after` is the text between it
 * and the next unit of its line. Positions are indices into the array of units, in text order; they
 * are all that leaves the browser, which therefore never counts characters. Skills are indices too.
 */
const HISTORY = 200; // acts that can be undone

/**
 * Which units are marked for which skill, and how it came to that.
 *
 * Every act returns its change, { flips: [[skill, at], …], nothing }: the memberships that were turned
 * round, and whether "nothing to mark" was. A change is its own inverse, so that undoing is to turn
 * again. An act that changes nothing returns null.
 */
export class Marks {
  skill = 0; // the one that is marked for now
  nothing = false; // "nothing to mark here"
  #units;
  #sets;
  #count = 0;
  #past = [];
  #future = [];

  constructor(units, skills, { marked = [], nothing = false } = {}) {
    this.#units = units;
    this.#sets = Array.from({ length: skills }, () => new Set());
    for (const [skill, at] of marked) this.#flip(skill, at);
    this.nothing = nothing;
  }

  /** Marks as one sees and counts them: neighbours are one. Over all skills. */
  get count() {
    return this.#count;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  has(skill, at) {
    return this.#sets[skill].has(at);
  }

  /** The skills that mark the unit at `at`, in the order of the question. */
  skillsAt(at) {
    return this.#sets.flatMap((set, skill) => (set.has(at) ? [skill] : []));
  }

  /** Whether a mark goes on from `at` to the unit after it; it ends with the line. */
  joins(skill, at) {
    const set = this.#sets[skill];
    return set.has(at) && set.has(at + 1) && this.#units[at].line === this.#units[at + 1].line;
  }

  /** The mark that holds `at`, as [first, last], both included; null where there is none. */
  run(skill, at) {
    if (!this.has(skill, at)) return null;
    let [first, last] = [at, at];
    while (this.joins(skill, first - 1)) first -= 1;
    while (this.joins(skill, last)) last += 1;
    return [first, last];
  }

  /** The marks of one skill that hold a unit from `first` to `last`, in text order. */
  runs(skill, first = 0, last = this.#units.length - 1) {
    const found = [];
    for (let at = first; at <= last; at += 1) {
      const run = this.run(skill, at);
      if (!run) continue;
      found.push(run);
      at = run[1];
    }
    return found;
  }

  /** The marked positions of one skill, in text order. */
  positions(skill) {
    return [...this.#sets[skill]].sort((a, b) => a - b);
  }

  /** Marks the positions for the current skill; takes the marks off where all are marked already. */
  toggle(positions) {
    const all = positions.every((at) => this.has(this.skill, at));
    const flips = positions.filter((at) => all || !this.has(this.skill, at)).map((at) => [this.skill, at]);
    return this.#do({ flips, nothing: this.nothing && !all });
  }

  remove(skill, positions) {
    const flips = positions.filter((at) => this.has(skill, at)).map((at) => [skill, at]);
    return this.#do({ flips, nothing: false });
  }

  /** Says "nothing to mark here", which takes every mark off, or takes that back. */
  setNothing(on) {
    const flips = on ? this.#sets.flatMap((set, skill) => [...set].map((at) => [skill, at])) : [];
    return this.#do({ flips, nothing: on !== this.nothing });
  }

  undo() {
    return this.#again(this.#past, this.#future);
  }

  redo() {
    return this.#again(this.#future, this.#past);
  }

  #again(from, to) {
    const change = from.pop();
    if (!change) return null;
    to.push(change);
    return this.#turn(change);
  }

  #do(change) {
    if (!change.flips.length && !change.nothing) return null;
    this.#past.push(change);
    if (this.#past.length > HISTORY) this.#past.shift();
    this.#future = [];
    return this.#turn(change);
  }

  #turn(change) {
    for (const [skill, at] of change.flips) this.#flip(skill, at);
    if (change.nothing) this.nothing = !this.nothing;
    return change;
  }

  /** Turns one membership round; a unit between two marks joins them, or parts them. */
  #flip(skill, at) {
    const set = this.#sets[skill];
    const off = set.has(at);
    if (!off) set.add(at);
    const neighbours = this.joins(skill, at - 1) + this.joins(skill, at);
    if (off) set.delete(at);
    this.#count += off ? neighbours - 1 : 1 - neighbours;
  }
}

/** What a change touched, skill by skill, as blocks of consecutive positions: [[skill, first, last], …]. */
export function blocks({ flips }) {
  const joined = [];
  for (const [skill, at] of [...flips].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const block = joined.at(-1);
    if (block && block[0] === skill && block[2] === at - 1) block[2] = at;
    else joined.push([skill, at, at]);
  }
  return joined;
}

/** Every position from one to the other, both included, whichever comes first. */
export function between(one, other) {
  const [first, last] = one <= other ? [one, other] : [other, one];
  return Array.from({ length: last - first + 1 }, (_, step) => first + step);
}

/** The words of a run as they stand in the text, punctuation between them included. */
export function quote([first, last], units) {
  const inner = units.slice(first, last).map((unit) => unit.text + unit.after);
  return inner.join("") + units[last].text;
}

/** The first `limit` words and " …", as Django's truncatewords has it; the whole of a shorter text. */
export function brief(text, limit) {
  const words = text.split(/\s+/u);
  return words.length <= limit ? text : `${words.slice(0, limit).join(" ")} …`;
}

/**
 * Where a key leads from position `at`; `at` itself at an edge, null for a key that does not move.
 *
 * Left and Right go by unit (as the eye sees them, so they swap in right-to-left text), Up and Down
 * by sentence, Home and End to the sentence's ends, with Ctrl to the text's.
 */
export function moved(units, at, key, { ctrl = false, rtl = false } = {}) {
  const end = units.length - 1;
  switch (key) {
    case "ArrowLeft":
      return clamp(rtl ? at + 1 : at - 1, end);
    case "ArrowRight":
      return clamp(rtl ? at - 1 : at + 1, end);
    case "ArrowDown":
      return clamp(sentenceEnd(units, at) + 1, end);
    case "ArrowUp": {
      const start = sentenceStart(units, at);
      return start < at || start === 0 ? start : sentenceStart(units, start - 1);
    }
    case "Home":
      return ctrl ? 0 : sentenceStart(units, at);
    case "End":
      return ctrl ? end : sentenceEnd(units, at);
    default:
      return null;
  }
}

/**
 * Where a key leads from the closed sentence that begins at `at`: [position, whether it is a word].
 *
 * Up and Down, and Ctrl with Home and End, stay among sentences; every other key that moves, and
 * Enter and Space, go in among the words. Null for a key that does neither.
 */
export function walked(units, at, key, { ctrl = false, rtl = false } = {}) {
  const start = sentenceStart(units, at);
  const end = units.length - 1;
  switch (key) {
    case "ArrowDown":
      return [sentenceStart(units, clamp(sentenceEnd(units, start) + 1, end)), false];
    case "ArrowUp":
      return [sentenceStart(units, clamp(start - 1, end)), false];
    case "Home":
      return ctrl ? [0, false] : [start, true];
    case "End":
      return ctrl ? [sentenceStart(units, end), false] : [sentenceEnd(units, start), true];
    case "Enter":
    case " ":
      return [start, true];
    case rtl ? "ArrowLeft" : "ArrowRight":
      return [start, true];
    case rtl ? "ArrowRight" : "ArrowLeft":
      return [clamp(start - 1, end), start > 0];
    default:
      return null;
  }
}

function clamp(at, end) {
  return Math.max(0, Math.min(end, at));
}

export function sentenceStart(units, at) {
  let first = at;
  while (first > 0 && units[first - 1].sentence === units[at].sentence) first -= 1;
  return first;
}

export function sentenceEnd(units, at) {
  let last = at;
  while (last < units.length - 1 && units[last + 1].sentence === units[at].sentence) last += 1;
  return last;
}

/** "Marked “{text}”" with its braces filled in; a name without a value stays as it is. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The plural form for `n` among words["marksOne"], words["marksFew"], … words["marksOther"]. */
export function counted(words, name, n, language) {
  const form = new Intl.PluralRules(language || "en").select(n);
  const named = words[name + form[0].toUpperCase() + form.slice(1)];
  return fill(named ?? words[`${name}Other`], { n });
}
