/**
 * The annotations of one layer as they are on the page: rows, what waits to be saved, and undo. No DOM.
 *
 * A row's fields are { skill, kind, first, last, quote, text, rationale, … }, strings but for the two units.
 * `text` is the state of the text in which the units were counted, so that none is taken over from another.
 * Its key stays the same while its number on the server changes: undoing a removal makes a new row there.
 * What waits is kept in localStorage, and undo in sessionStorage, so that neither a signed-out session
 * nor a closed tab loses a word.
 */

const HISTORY = 100; // edits that can be undone

export class Layer {
  rows = new Map(); // key: fields
  dirty = new Set(); // keys of rows that wait to be saved, or to be removed
  kept = []; // what an earlier page left unsaved, until somebody decides
  outdated = false; // whether the server has another text by now: its rows then count in other units
  #known = new Map(); // key: { id, version, ref, place }; id null where the server has no such row
  #past = [];
  #future = [];
  #made = 0;

  /**
   * `name` is under what the browser keeps the layer. It holds the user, so that nobody reads another’s, and
   * what the units are, which count anew where they are others. `text` is the state of the page's text.
   */
  constructor(name, served, text) {
    this.text = text;
    this.name = `read-twice:annotations:${name}`;
    const left = read(sessionStorageOrNull(), this.name) ?? {};
    if (left.text === text) {
      this.#past = left.past ?? [];
      this.#future = left.future ?? [];
    }
    for (const [key, known] of left.known ?? []) this.#known.set(key, known);
    this.kept = read(localStorageOrNull(), this.name) ?? [];
    this.receive(served);
  }

  /** Keys in text order. */
  get keys() {
    const place = (key) => this.rows.get(key);
    return [...this.rows.keys()].sort((a, b) => place(a).first - place(b).first || place(a).last - place(b).last);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  known(key) {
    return this.#known.get(key) ?? { id: null, version: 0, ref: "" };
  }

  keyOf(ref) {
    return [...this.rows.keys()].find((key) => this.known(key).ref === ref);
  }

  /** Whether a row stands where the server has it: its words are then not chosen again, nor widened to sentences. */
  stays(key) {
    return this.known(key).id !== null && this.known(key).place === placeOf(this.rows.get(key));
  }

  /** Whether a row has its place in this text; one that was put back from another may have none yet. */
  isPlaced(key) {
    return this.rows.get(key).text === this.text;
  }

  /** Adds a row and returns its key. */
  add(fields) {
    this.#made += 1;
    const key = `n${Date.now().toString(36)}-${this.#made}`;
    this.set(key, fields);
    return key;
  }

  /** Gives a row other fields, or (null) takes it away. Edits of one `burst` are undone as one. */
  set(key, fields, burst = "") {
    const before = this.rows.get(key) ?? null;
    if (JSON.stringify(before) === JSON.stringify(fields)) return false;
    const last = this.#past.at(-1);
    if (burst && last?.burst === burst && last.key === key) last.after = fields;
    else this.#past.push({ key, before, after: fields, burst });
    if (this.#past.length > HISTORY) this.#past.shift();
    this.#future = [];
    this.#turn(key, fields);
    return true;
  }

  /** Each returns the key of the row that it changed, or null. */
  undo() {
    return this.#again(this.#past, this.#future, "before");
  }

  redo() {
    return this.#again(this.#future, this.#past, "after");
  }

  /** What the server has now. A row that waits here stays as it is, so that a conflict is noticed. */
  receive(served) {
    const ids = new Map([...this.#known].filter(([, { id }]) => id !== null).map(([key, { id }]) => [id, key]));
    for (const { id, version, ref, ...fields } of served) {
      const key = ids.get(id) ?? String(id);
      ids.delete(id);
      if (this.dirty.has(key)) continue;
      this.#known.set(key, { id, version, ref, place: placeOf(fields) });
      this.rows.set(key, { ...fields, text: this.text });
    }
    for (const key of ids.values()) {
      if (this.dirty.has(key)) continue;
      this.rows.delete(key);
      this.#known.set(key, { ...this.known(key), id: null });
    }
    this.keep();
  }

  /** The server has taken a row as it was sent; one that was changed meanwhile still waits. */
  settled(key, sent, id, served) {
    const row = served.find((one) => one.id === id);
    const place = placeOf(this.outdated ? sent : row); // what was taken over from an older text stayed where it is
    this.#known.set(key, { id, version: row?.version ?? 0, ref: row?.ref ?? this.known(key).ref, place });
    if ((this.rows.get(key) ?? null) === sent) this.dirty.delete(key);
    if (this.outdated) this.keep();
    else this.receive(served);
  }

  /** In a conflict: lets what is here stand against `current`, the server's row or null. */
  insist(key, current) {
    const { id = null, version = 0 } = current ?? {};
    this.#known.set(key, { id, version, ref: this.known(key).ref, place: placeOf(current) });
    this.dirty.add(key);
    this.keep();
  }

  /** In a conflict: takes the server's row. */
  yield(key, current) {
    this.dirty.delete(key);
    const { id, version, ref, ...fields } = current ?? {};
    this.#known.set(key, { id: id ?? null, version: version ?? 0, ref: ref ?? this.known(key).ref, place: placeOf(current) });
    if (current) this.rows.set(key, { ...fields, text: this.text });
    else this.rows.delete(key);
    this.keep();
  }

  /** Puts back what an earlier page left unsaved, or lets it go. `find` gives the units of a quote, or null. */
  decide(back, find) {
    for (const { key, id, version, ref, place, fields } of back ? this.kept : []) {
      const own = [...this.#known].find(([, known]) => id !== null && known.id === id)?.[0] ?? key;
      const here = this.rows.get(own);
      const stayed = place !== "" && place === placeOf(fields);
      this.set(own, this.#here(fields, stayed ? here : undefined, find));
      this.#known.set(own, { id, version, ref, place: stayed && here ? placeOf(here) : place });
    }
    this.kept = [];
    this.keep();
  }

  /** A kept row in the text of this page: where the server has it, else where its words are, once. */
  #here(fields, stands, find) {
    if (!fields || fields.text === this.text) return fields;
    const { first, last, quote } = stands ?? { ...find(fields.quote), quote: fields.quote };
    return first === undefined ? { ...fields, first: 0, last: 0 } : { ...fields, first, last, quote, text: this.text };
  }

  keep() {
    const waiting = [...this.dirty].map((key) => ({ key, ...this.known(key), fields: this.rows.get(key) ?? null }));
    const all = [...this.kept, ...waiting];
    write(localStorageOrNull(), this.name, all.length ? all : null);
    const known = [...this.#known].filter(([key, { id }]) => key !== String(id));
    write(sessionStorageOrNull(), this.name, { text: this.text, past: this.#past, future: this.#future, known });
  }

  #again(from, to, which) {
    const edit = from.pop();
    if (!edit) return null;
    to.push({ ...edit, burst: "" });
    this.#turn(edit.key, edit[which]);
    return edit.key;
  }

  #turn(key, fields) {
    if (fields) this.rows.set(key, fields);
    else this.rows.delete(key);
    this.dirty.add(key);
    this.keep();
  }
}

/** The first and the last unit of words that the text has once, as { first, last }; null for others. */
export function unitsOf(quote, units) {
  const [starts, ends] = [new Map(), new Map()];
  let text = "";
  for (const [at, unit] of units.entries()) {
    starts.set(text.length, at);
    text += unit.text;
    ends.set(text.length, at);
    text += unit.line === units[at + 1]?.line ? unit.after : "\n";
  }
  const found = [];
  for (let at = text.indexOf(quote); quote && at >= 0; at = text.indexOf(quote, at + 1)) {
    const [first, last] = [starts.get(at), ends.get(at + quote.length)];
    if (first !== undefined && last !== undefined) found.push({ first, last });
  }
  return found.length === 1 ? found[0] : null;
}

function placeOf(fields) {
  return fields ? `${fields.first}-${fields.last}` : "";
}

/* Storage may be missing, full or closed to us: nothing here throws. */

function localStorageOrNull() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function sessionStorageOrNull() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function read(storage, name) {
  try {
    return JSON.parse(storage.getItem(name));
  } catch {
    return null;
  }
}

function write(storage, name, value) {
  try {
    storage.removeItem(name);
    if (value) storage.setItem(name, JSON.stringify(value));
  } catch {
    // It stays in this page alone.
  }
}
