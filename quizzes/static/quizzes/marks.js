/**
 * Marks on a passage, as sets of positions. Pure functions: no DOM here.
 *
 * A unit is a word or a sentence: { text, after, line, sentence }. `after` is the text between it
 * and the next unit of its line. Positions are indices into the array of units, in text order.
 */

/** Marks that touch are one: [[first, last], …], both included, each on one line. */
export function runs(marked, units) {
  const joined = [];
  for (const at of [...marked].sort((a, b) => a - b)) {
    const run = joined.at(-1);
    if (run && run[1] === at - 1 && units[at - 1].line === units[at].line) run[1] = at;
    else joined.push([at, at]);
  }
  return joined;
}

/** The run that holds position `at`, or undefined. */
export function runAt(marked, units, at) {
  return runs(marked, units).find(([first, last]) => first <= at && at <= last);
}

/** Every position from one to the other, both included, whichever comes first. */
export function between(one, other) {
  const [first, last] = one <= other ? [one, other] : [other, one];
  return Array.from({ length: last - first + 1 }, (_, step) => first + step);
}

/** A new set: without the positions if all of them were marked, else with all of them. */
export function toggled(marked, positions) {
  const all = positions.every((at) => marked.has(at));
  const result = new Set(marked);
  for (const at of positions) {
    if (all) result.delete(at);
    else result.add(at);
  }
  return result;
}

/** A new set without the positions. */
export function without(marked, positions) {
  const gone = new Set(positions);
  return new Set([...marked].filter((at) => !gone.has(at)));
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

function clamp(at, end) {
  return Math.max(0, Math.min(end, at));
}

function sentenceStart(units, at) {
  let first = at;
  while (first > 0 && units[first - 1].sentence === units[at].sentence) first -= 1;
  return first;
}

function sentenceEnd(units, at) {
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
