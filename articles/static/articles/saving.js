/**
 * Saves the rows of a layer, one at a time, and tries again until the server has them.
 *
 * Events: "state" with { state, key, detail, errors, current }. States: saving, saved, failed,
 * signed-out, refused (with errors by field), conflict (with the server's row), closed, outdated (the text was
 * edited since this page was opened), lost (a row's words were chosen in another text, and are to be chosen anew).
 * "rows" tells that the server's rows have been taken over.
 */

const LONGEST_WAIT_S = 30;
const TIMEOUT_MS = 20_000;

export class Saver extends EventTarget {
  #timer = 0;
  #wait = 0;
  #sending = null;
  #stuck = new Map(); // key: the fields with which it was refused; it waits until they are others

  /** `doors` are the addresses that add, change and remove; `by` is what the units are. */
  constructor(layer, doors, by) {
    super();
    this.layer = layer;
    this.doors = doors;
    this.by = by;
    addEventListener("online", () => this.flush());
    addEventListener("focus", () => layer.dirty.size && this.flush());
    // Of an outdated page the browser keeps what waits, and the next one puts it back.
    addEventListener("beforeunload", (event) => layer.dirty.size && !layer.outdated && event.preventDefault());
  }

  soon(delay) {
    this.#tell("saving");
    this.#in(delay);
  }

  /** Lets a row that was refused, or that somebody else has changed, be sent again. */
  free(key) {
    this.#stuck.delete(key);
  }

  async flush() {
    clearTimeout(this.#timer);
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    await this.#sending;
  }

  /** Posts a form of the page that is no row (the swap test), and takes over what comes back. */
  async post(address, fields) {
    await this.flush();
    fields.set("by", this.by); // what comes back counts in the units of this page
    const { answer } = await ask(address, fields);
    if (answer?.rows) this.#take(answer);
    return answer;
  }

  #in(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), delay);
  }

  async #sendAll() {
    let key;
    while ((key = this.#next()) !== undefined) {
      const going = await this.#send(key);
      if (!going) {
        this.#wait = Math.min(LONGEST_WAIT_S, this.#wait * 2 || 2);
        this.#in(this.#wait * 1000);
        return;
      }
      this.#wait = 0;
    }
    if (!this.layer.dirty.size) this.#tell("saved");
  }

  #next() {
    const { dirty, rows } = this.layer;
    return [...dirty].find((key) => !this.#stuck.has(key) || this.#stuck.get(key) !== (rows.get(key) ?? null));
  }

  /** Sends one row; false where nothing else would fare better now. */
  async #send(key) {
    const { layer } = this;
    const fields = layer.rows.get(key) ?? null;
    const { id, version, ref } = layer.known(key);
    if (!fields && id === null) {
      layer.dirty.delete(key);
      layer.keep();
      return true;
    }
    if (fields && !layer.stays(key) && fields.text !== layer.text) return this.#stop(key, fields, "lost", {});
    const place = { quote: "", ...(layer.stays(key) && { first: "", last: "" }) }; // units say where it is
    const door = !fields ? this.doors.take_off : id === null ? this.doors.annotate : this.doors.mend;
    const { status, answer, redirected } = await ask(door, { ...fields, ...place, row: id ?? "", seen: version || "", ref, by: this.by });
    if (answer?.text && answer.text !== layer.text && !redirected) layer.outdated = true;
    if (status === 200 && answer?.rows && !redirected) {
      layer.settled(key, fields, fields ? answer.row : null, answer.rows);
      this.#take(answer, key);
      return true;
    }
    if (redirected || status === 401) this.#tell("signed-out", { key });
    else if (status === 409 && layer.outdated) return this.#stop(key, fields, "outdated", {});
    else if (status === 409 && answer) return this.#stop(key, fields, answer.closed ? "closed" : "conflict", answer);
    else if (status >= 400 && status < 500 && status !== 429 && status !== 403) {
      return this.#stop(key, fields, "refused", answer ?? {});
    } else this.#tell("failed", { key });
    return false;
  }

  #stop(key, fields, state, { detail = "", field = "", errors, current = null }) {
    this.#stuck.set(key, fields);
    this.#tell(state, { key, detail, current, errors: errors ?? (field ? { [field]: [detail] } : {}) });
    return true;
  }

  #take(answer, key) {
    if (answer.text !== this.layer.text) {
      this.layer.outdated = true;
      this.#tell("outdated", { key });
      return;
    }
    if (!key) this.layer.receive(answer.rows);
    this.dispatchEvent(new CustomEvent("rows", { detail: { ...answer, key } }));
  }

  #tell(state, detail = {}) {
    this.dispatchEvent(new CustomEvent("state", { detail: { state, ...detail } }));
  }
}

/** Posts and reads JSON; a refused token is fetched anew and tried once more. Status 0: no answer. */
async function ask(address, fields) {
  const first = await askOnce(address, fields);
  if (first.status !== 403) return first;
  await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  return askOnce(address, fields);
}

async function askOnce(address, fields) {
  try {
    const response = await fetch(address, {
      method: "POST",
      credentials: "same-origin",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await response.json().catch(() => null);
    return { status: response.status, answer, redirected: response.redirected };
  } catch {
    return { status: 0, answer: null, redirected: false };
  }
}

/** The cookie is the newest token; the field stands in where the cookie cannot be read. */
function token() {
  const cookie = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return cookie ?? document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}
