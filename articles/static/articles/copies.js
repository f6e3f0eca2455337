/**
 * Copies of what is not saved yet, kept in this browser until the site has it.
 *
 * Each page writes to a slot of its own, so that two tabs do not write over each other, nor a new page over what an
 * older one left. A copy is { at, body, from }: when, the form's fields, and the copies that it was begun with, as
 * [slot, at]: those are forgotten with it, unless their own page has written to them since.
 */
const KEYS = "read-twice:copy:";
const PAUSE_MS = 400;
const KEPT_MS = 60 * 24 * 3600 * 1000;

export class Copies {
  #waiting = 0;

  /** `box` offers a copy (articles/admin/copy.html) and names what is written; `use` shows one in `form`. */
  constructor(box, form, use) {
    this.box = box;
    this.form = form;
    this.use = use;
    this.name = `${KEYS}${box.dataset.name}:`;
    this.began = this.body();
    for (const saved of box.dataset.saved.split(" ")) if (saved) forget(KEYS + saved);
    form.addEventListener("input", () => this.soon());
    form.addEventListener("submit", () => this.store());
    box.addEventListener("click", (event) => this.#answered(event.target.dataset.copy));
    addEventListener("pagehide", () => this.#waiting && this.store());
    if (!box.dataset.posted) this.offer(); // what was sent stands on the page
  }

  /** The form as it would be sent, without what is this page's alone. */
  body() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && !["csrfmiddlewaretoken", "copy_page"].includes(name)) fields.append(name, value);
    }
    return fields.toString();
  }

  soon() {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.store(), PAUSE_MS);
  }

  store() {
    clearTimeout(this.#waiting);
    this.#waiting = 0;
    const body = this.body();
    if (body !== this.began) write(this.#slot, { at: Date.now(), body, from: read(this.#slot)?.from ?? [] });
  }

  /** Offers the newest copy of another page. */
  offer() {
    this.offered = this.#others()[0];
    this.box.hidden = !this.offered;
    if (!this.offered) return;
    const words = this.box.querySelector("[data-words]");
    const shape = { dateStyle: "short", timeStyle: "short" };
    const time = new Date(this.offered.at).toLocaleString(document.documentElement.lang, shape);
    words.textContent = words.dataset.words.replace("{time}", time);
  }

  get #slot() {
    return this.name + this.form.elements.copy_page.value;
  }

  /** The newest first; without those that a later one was begun with, and those that say what the page says. */
  #others() {
    const copies = [];
    for (const key of keys(this.name)) {
      const copy = read(key);
      if (!copy || copy.at < Date.now() - KEPT_MS) localStorage.removeItem(key);
      else if (key !== this.#slot) copies.push({ key, ...copy });
    }
    const passed = new Set(copies.flatMap(({ from }) => from.map(String)));
    const left = copies.filter(({ key, at, body }) => body !== this.began && !passed.has(String([key, at])));
    return left.sort((one, other) => other.at - one.at);
  }

  /** Goes on with a copy in a slot that no page has: the page that wrote it may be open still. */
  #take({ key, at, body, from }) {
    this.store(); // what was written here before has its own
    this.form.elements.copy_page.value = fresh();
    write(this.#slot, { at, body, from: [[key, at], ...from] });
    this.use(new URLSearchParams(body));
  }

  #answered(act) {
    const copy = this.offered;
    if (!act || !copy) return;
    if (act === "use") {
      this.box.hidden = true;
      this.#take(copy);
      return;
    }
    forget(copy.key);
    this.offer();
    if (this.box.hidden) this.form.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  }
}

/** Takes a copy away, and those that it was begun with. */
function forget(key) {
  for (const [slot, at] of read(key)?.from ?? []) if (read(slot)?.at === at) localStorage.removeItem(slot);
  try {
    localStorage.removeItem(key);
  } catch {
    // None is kept here.
  }
}

function keys(name) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(name));
  } catch {
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, copy) {
  try {
    localStorage.setItem(key, JSON.stringify(copy));
  } catch {
    // No room, or none allowed: the page works without a copy.
  }
}

/** 32 hex digits, as the site gives each page. */
function fresh() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
