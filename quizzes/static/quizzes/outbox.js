/**
 * Answers that wait to be saved, kept in this browser until the server says that it has them.
 *
 * One entry an item, the newest, under `read-twice:outbox:<user>:<attempt>:<position>`:
 * { user, attempt, position, url, sequence, body, at }. `body` is the form without its CSRF token.
 * Only the entries of the user who is signed in are ever read.
 */

const PREFIX = "read-twice:outbox:";
const LONGEST_WAIT_S = 30;
const TIMEOUT_MS = 20_000;

export class Outbox extends EventTarget {
  #memory = new Map(); // what localStorage would not take
  #timer = 0;
  #wait = 0; // seconds until the next try; 0 while all goes well
  #sending = null;

  constructor(user) {
    super();
    this.user = user;
  }

  key({ attempt, position }) {
    return `${PREFIX}${this.user}:${attempt}:${position}`;
  }

  /** The entry that waits for an item, or undefined. */
  get(place) {
    const key = this.key(place);
    return this.#memory.get(key) ?? read(key);
  }

  /** Keeps an entry in place of an older one, and sends it after `delay` milliseconds. */
  put(entry, delay = 0) {
    const key = this.key(entry);
    const kept = { ...entry, user: this.user, at: Date.now() };
    if (write(key, kept)) this.#memory.delete(key);
    else this.#memory.set(key, kept);
    this.#tell(entry, "saving");
    this.#flushIn(delay);
  }

  drop(place) {
    const key = this.key(place);
    this.#memory.delete(key);
    write(key, null);
  }

  clear() {
    for (const entry of this.waiting()) this.drop(entry);
  }

  /** This user's entries, the oldest first. */
  waiting() {
    const prefix = `${PREFIX}${this.user}:`;
    const keys = new Set([...storedKeys(), ...this.#memory.keys()]);
    return [...keys]
      .filter((key) => key.startsWith(prefix))
      .map((key) => this.#memory.get(key) ?? read(key))
      .filter((entry) => entry?.url && entry?.body)
      .sort((a, b) => a.at - b.at);
  }

  /** Sends what waits, one at a time. Resolves to the number of entries that still wait. */
  async flush() {
    clearTimeout(this.#timer);
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    await this.#sending;
    return this.waiting().length;
  }

  async #sendAll() {
    const tried = new Set();
    let next = "";
    while (next !== "stop") {
      const entry = this.waiting().find((one) => !tried.has(`${this.key(one)} ${one.sequence}`));
      if (!entry) break;
      tried.add(`${this.key(entry)} ${entry.sequence}`);
      next = await this.#send(entry);
      if (next === "done") this.#wait = 0;
    }
    if (next !== "stop" || this.#wait) this.#tryAgainLater();
  }

  #tryAgainLater() {
    if (!this.waiting().length) return;
    this.#wait = Math.min(LONGEST_WAIT_S, this.#wait * 2 || 2);
    this.#flushIn(this.#wait * 1000);
  }

  #flushIn(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), delay);
  }

  /** Sends one entry: "done" with it, "later", or "stop" when no other would fare better. */
  async #send(entry) {
    let response, answer;
    try {
      response = await post(entry);
      answer = await response.json();
    } catch {
      return this.#failed(entry, response === undefined);
    }
    if (response.ok && answer.state === "saved") return this.#settled(entry, answer.sequence, "saved", answer.notice);
    if (response.status === 401 || response.status === 404) {
      this.#wait = 0; // waits for somebody to sign in, not for time to pass
      for (const one of this.waiting()) this.#tell(one, "signed-out");
      return "stop";
    }
    if (response.status === 403 || response.status === 429 || response.status >= 500) {
      return this.#failed(entry, response.status === 429);
    }
    const kind = /\/(stale-response|attempt-closed)$/.exec(answer.type ?? "")?.[1] ?? "response-refused";
    return this.#settled(entry, entry.sequence, kind, answer.detail);
  }

  #failed(entry, everywhere) {
    this.#wait ||= 1;
    for (const one of everywhere ? this.waiting() : [entry]) this.#tell(one, "failed");
    return everywhere ? "stop" : "later";
  }

  /** Lets go of the entry, unless a newer one has taken its place meanwhile. */
  #settled(entry, sequence, state, detail = "") {
    const now = this.get(entry);
    if (now && now.sequence <= sequence) this.drop(entry);
    if (!this.get(entry)) this.#tell(entry, state, detail);
    return "done";
  }

  #tell(entry, state, detail = "") {
    this.dispatchEvent(new CustomEvent("state", { detail: { key: this.key(entry), state, detail } }));
  }
}

/** Posts an entry; a refused token is fetched anew and tried once more. */
async function post(entry) {
  const response = await postOnce(entry);
  if (response.status !== 403) return response;
  await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT_MS) });
  return postOnce(entry);
}

function postOnce(entry) {
  return fetch(entry.url, {
    method: "POST",
    credentials: "same-origin",
    headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: new URLSearchParams(entry.body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** The cookie is the newest token; the field stands in where the cookie cannot be read. */
function csrfToken() {
  const cookie = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return cookie ?? document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/* Storage may be missing, full or closed to us: nothing here throws. */

function storedKeys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Writes an entry, or removes the key for null. False where the storage did not take it. */
function write(key, entry) {
  try {
    localStorage.removeItem(key);
    if (entry) localStorage.setItem(key, JSON.stringify(entry));
    return true;
  } catch {
    return false;
  }
}

/* What every page of a signed-in user does. */

const signOut = document.getElementById("sign-out");
export const outbox = signOut ? new Outbox(signOut.dataset.user) : null;
if (outbox) start();

function start() {
  // Modules run before this event: the page's own has looked at what waits by then.
  addEventListener("DOMContentLoaded", () => outbox.flush());
  addEventListener("online", () => outbox.flush());
  addEventListener("beforeunload", (event) => {
    if (outbox.waiting().length) event.preventDefault();
  });
  document.addEventListener("click", followWhenSaved);
  signOut.addEventListener("submit", signOutWhenSaved);
}

/** A link away waits a moment for what is being saved; then the browser may ask. */
async function followWhenSaved(event) {
  const link = event.target.closest("a[href]");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || link.target || event.defaultPrevented || !outbox.waiting().length) return;
  if (link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  await Promise.race([outbox.flush(), new Promise((resolve) => setTimeout(resolve, 2000))]);
  location.assign(link.href);
}

let mayLeave = false;

async function signOutWhenSaved(event) {
  if (mayLeave || !outbox.waiting().length) return;
  event.preventDefault();
  const left = await outbox.flush();
  if (left && !(await agreesToLose(left))) return;
  outbox.clear();
  mayLeave = true;
  signOut.requestSubmit();
}

/** Asks, in a dialog of our own. Resolves to true for "sign out and lose them". */
function agreesToLose(count) {
  const words = signOut.dataset;
  const form = new Intl.PluralRules(document.documentElement.lang || "en").select(count) === "one" ? "One" : "Other";
  const dialog = document.createElement("dialog");
  const text = Object.assign(document.createElement("p"), {
    id: "sign-out-unsaved",
    textContent: words[`unsaved${form}`].replace("{n}", count),
  });
  const acts = Object.assign(document.createElement("form"), { method: "dialog", className: "acts" });
  for (const [value, label] of [["stay", words.stay], ["leave", words[`leave${form}`]]]) {
    acts.append(Object.assign(document.createElement("button"), { value, className: "btn", textContent: label }));
  }
  dialog.setAttribute("aria-labelledby", text.id);
  dialog.append(text, acts);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "leave");
    });
  });
}
