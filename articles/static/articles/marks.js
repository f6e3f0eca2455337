/**
 * Marks on a passage. No DOM here: the learner's page and any other editor of marks bind to it.
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
