/**
 * The page of one question: saves as the answer is given, and says so.
 *
 * The form works without this module; with it every change goes to the outbox under the next
 * sequence number, and a button sends the form only after what waits is saved.
 */
import { outbox } from "./outbox.js";

const MARKING_PAUSE_MS = 400;
const TYPING_PAUSE_MS = 1200;
const TYPED = "input:not([type]), [type=text], textarea";
const STATES = { "response-refused": "refused", "stale-response": "stale", "attempt-closed": "closed", "signed-out": "signedOut" };

class Answer {
  #sequence; // the last number used
  #body; // the answer as it was last recorded
  #state = "";
  #busy = false;
  #passing = false;
  #notice = ""; // what the server told about the saved answer: it is to be typed again
  #warned = false; // the learner was held back for it once

  constructor(form) {
    this.form = form;
    this.words = document.getElementById("saving-words").dataset;
    this.status = document.getElementById("saved");
    this.place = { attempt: form.dataset.attempt, position: form.dataset.position };
    this.first = Number(form.dataset.sequence);
    this.#sequence = this.first - 1;
    this.notice = document.getElementById("notice");
    this.#notice = this.notice.textContent;
    this.#warned = this.#notice !== "";
    this.#restore();
    this.#body = this.#read();
    form.addEventListener("change", (event) => this.#changed(event));
    form.addEventListener("input", (event) => this.#typed(event));
    form.addEventListener("focusout", () => setTimeout(() => this.#showNotice()));
    form.addEventListener("submit", (event) => this.#submitted(event));
    outbox.addEventListener("state", (event) => this.#told(event.detail));
  }

  /** Shows an answer that still waits in this browser; one that the server has overtaken is let go. */
  #restore() {
    const entry = outbox.get(this.place);
    if (!entry) return;
    if (entry.sequence < this.first) {
      outbox.drop(this.place);
      return;
    }
    this.#sequence = entry.sequence;
    this.form.elements.sequence.value = entry.sequence;
    const waiting = new URLSearchParams(entry.body);
    for (const field of this.form.elements) {
      if (field.matches("[type=radio], [type=checkbox]")) {
        field.checked = waiting.getAll(field.name).includes(field.value);
      } else if (field.matches(`select, ${TYPED}`)) {
        field.value = waiting.get(field.name) ?? "";
      }
    }
    this.#show("saving");
  }

  /** The answer as it is sent, without token and number. */
  #read() {
    const fields = new URLSearchParams(new FormData(this.form));
    fields.delete("csrfmiddlewaretoken");
    fields.delete("sequence");
    fields.delete("told");
    return fields.toString();
  }

  #changed(event) {
    this.#keepNoneAlone(event.target);
    this.#record(0);
  }

  /** Marking and typing come in bursts; a box says `change` as well, and that is when it is settled. */
  #typed({ target }) {
    if (target.matches("[type=radio], [type=checkbox], select")) return;
    this.#record(target.matches(TYPED) ? TYPING_PAUSE_MS : MARKING_PAUSE_MS);
  }

  /** "None of these" and the options exclude each other. */
  #keepNoneAlone(changed) {
    const none = changed.closest("[data-none]")?.dataset.none;
    if (!none || !changed.checked) return;
    for (const field of this.form.querySelectorAll("[data-none] [type=checkbox]")) {
      if ((field.name === none) !== (changed.name === none)) field.checked = false;
    }
  }

  /** Puts a changed answer into the outbox under the next number. */
  #record(delay) {
    const body = this.#read();
    if (body === this.#body) return;
    this.#body = body;
    this.#sequence += 1;
    this.form.elements.sequence.value = this.#sequence;
    const numbered = new URLSearchParams(body);
    numbered.set("sequence", this.#sequence);
    outbox.put({ ...this.place, url: this.form.action, sequence: this.#sequence, body: numbered.toString() }, delay);
  }

  #told({ key, state, detail }) {
    if (key !== outbox.key(this.place)) return;
    this.#show(STATES[state] ?? state, detail);
    if (state !== "saved" || detail === this.#notice) return;
    this.#notice = detail;
    this.#warned = false;
    this.#showNotice();
  }

  /** Not under the hands of somebody who is typing; what is mended is taken back at once. */
  #showNotice() {
    const field = document.activeElement;
    if (this.#notice && this.form.contains(field) && field.matches(TYPED)) return;
    if (this.notice.textContent !== this.#notice) this.notice.textContent = this.#notice;
    for (const typed of this.form.querySelectorAll("[aria-describedby~=notice]")) {
      typed.setAttribute("aria-invalid", this.#notice !== "");
    }
  }

  /** An answer that cannot be read holds its learner back, once. */
  #mustWarn() {
    if (!this.#notice || this.#warned) return false;
    this.#warned = true;
    this.form.elements.told.disabled = false;
    const field = this.form.querySelector("[aria-describedby~=notice]");
    document.activeElement?.blur();
    this.#showNotice();
    field?.focus();
    return true;
  }

  #show(state, detail = "") {
    this.#state = state;
    const good = state === "saving" || state === "saved";
    this.status.className = good ? `saved is-${state}` : "unsaved";
    this.status.replaceChildren(this.words[state].replace("{detail}", detail));
    if (state === "stale" || state === "closed") this.#offer(location.href, this.words.reload);
    if (state === "signedOut") this.#offer(this.#signInUrl(), this.words.signIn);
    if (state === "saved") this.#noteInList();
  }

  #offer(url, text) {
    this.status.append(" ", Object.assign(document.createElement("a"), { href: url, textContent: text }));
  }

  #signInUrl() {
    return `${this.words.signInUrl}?next=${encodeURIComponent(location.pathname)}`;
  }

  #noteInList() {
    const note = document.querySelector(".steps [aria-current=step] small");
    if (note) note.textContent = this.words.saved;
  }

  /** A button was pressed: what waits goes first, then the form itself. */
  #submitted(event) {
    if (this.#passing) return;
    this.#record(0);
    if (!outbox.get(this.place) && this.#mayPass()) {
      if (this.#mustWarn()) {
        event.preventDefault();
        return;
      }
      this.#numberCheck(event.submitter);
      return; // the browser sends it: a form ignores requestSubmit() while its submit event is on its way
    }
    event.preventDefault();
    if (outbox.get(this.place)) this.#sendFirst(event.submitter);
  }

  async #sendFirst(button) {
    if (this.#busy) return;
    this.#busy = true;
    await outbox.flush();
    if (outbox.get(this.place)) await outbox.flush(); // changed while the last one was on its way
    this.#busy = false;
    if (!this.#mayPass() || this.#mustWarn()) return;
    this.#numberCheck(button);
    this.#passing = true;
    this.form.requestSubmit(button);
  }

  #mayPass() {
    if (!outbox.get(this.place)) return !["refused", "stale"].includes(this.#state);
    if (this.#state !== "signedOut") this.#show("stay");
    return false;
  }

  /** A check is a response of its own, so it takes a number that was not saved under. */
  #numberCheck(button) {
    if (button?.value === "check") this.form.elements.sequence.value = Math.max(this.first, this.#sequence + 1);
  }
}

const headline = document.querySelector("[data-focus]");
if (headline && !location.hash) headline.focus();

const form = document.getElementById("answer");
if (form && outbox) new Answer(form);

// A page from the back-forward cache shows an answer that may be old.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
