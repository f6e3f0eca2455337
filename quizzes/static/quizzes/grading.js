/**
 * Grading by keyboard, and saving as one goes.
 *
 * The form works without this module. Keys count only while the focus is in the form and not in a text
 * field, so that they never meet a screen reader's or the browser's own.
 */
const PAUSE_MS = 700;

class Grading {
  #timer = 0;
  #sending = Promise.resolve();
  #sent;
  #passing = false;

  constructor(form) {
    this.form = form;
    this.status = document.getElementById("saved");
    this.#sent = this.#read();
    form.addEventListener("input", () => this.#later());
    form.addEventListener("keydown", (event) => this.#key(event));
    form.addEventListener("click", (event) => this.#insert(event));
    form.addEventListener("submit", (event) => this.#submitted(event));
    (form.querySelector("input[type=radio]:checked") ?? form.querySelector("input[type=radio]"))?.focus({ preventScroll: true });
  }

  /** What is graded, without token and edition. */
  #read() {
    const fields = new URLSearchParams(new FormData(this.form));
    fields.delete("csrfmiddlewaretoken");
    fields.delete("edition");
    return fields.toString();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), PAUSE_MS);
  }

  /** One after the other: each save is made on the edition that the one before it gave. */
  #save() {
    clearTimeout(this.#timer);
    this.#sending = this.#sending.then(() => this.#send());
    return this.#sending;
  }

  async #send() {
    const graded = this.#read();
    if (graded === this.#sent) return;
    this.#say("saving");
    const body = new URLSearchParams(new FormData(this.form));
    body.set("do", "save");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) {
        this.#say("failed", told.detail);
        return;
      }
      this.form.elements.edition.value = told.edition;
      this.#sent = graded;
      this.#say("saved");
    } catch {
      this.#say("failed");
    }
  }

  #say(state, detail = "") {
    this.status.className = state === "failed" ? "unsaved" : `saved is-${state}`;
    this.status.textContent = detail ? `${detail} ${this.form.dataset[state]}` : this.form.dataset[state];
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("textarea")) {
      if (event.key === "Escape") this.#leave();
      return;
    }
    if (this.#act(event.key)) event.preventDefault();
  }

  /** From the comment to the first criterion without a level; where all have one, to the button. */
  #leave() {
    const open = [...this.form.querySelectorAll(".criterion")].find((one) => !one.querySelector(":checked"));
    this.#focus(open?.querySelector("input") ?? this.form.querySelector("button[value=next]"));
  }

  #act(key) {
    if (key >= "1" && key <= "9" && key.length === 1) return this.#level(Number(key));
    if (key === "n") return this.#press("next");
    if (key === "p") return this.#press("previous");
    if (key === "c") return this.#focus(this.form.elements.comment);
    if (key === "s") {
      document.getElementById("bank").open = true;
      return this.#focus(this.form.querySelector(".insert") ?? document.querySelector("#bank summary"));
    }
    return false;
  }

  /** Chooses a level of the criterion in focus, and goes to the next criterion, or to the button. */
  #level(number) {
    const all = [...this.form.querySelectorAll(".criterion")];
    const here = document.activeElement.closest(".criterion") ?? all[0];
    const radio = here?.querySelectorAll("input[type=radio]")[number - 1];
    if (!radio) return false;
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    const after = all[all.indexOf(here) + 1];
    const next = after?.querySelector("input[type=radio]:checked") ?? after?.querySelector("input[type=radio]");
    return this.#focus(next ?? this.form.querySelector("button[value=next]"));
  }

  #focus(field) {
    field?.focus();
    return Boolean(field);
  }

  #press(value) {
    const button = this.form.querySelector(`button[value=${value}]`);
    if (button) this.form.requestSubmit(button);
    return Boolean(button);
  }

  /** A saved comment goes into the field without loading the page. */
  #insert(event) {
    const button = event.target.closest(".insert");
    if (!button) return;
    event.preventDefault();
    const field = this.form.elements.comment;
    field.value = `${field.value.trimEnd()} ${button.textContent.trim()}`.trim();
    this.#later();
    field.focus();
  }

  /** What waits is sent first, so that the form goes out with the newest edition. */
  #submitted(event) {
    if (this.#passing) return;
    event.preventDefault();
    const button = event.submitter;
    clearTimeout(this.#timer);
    this.#sending.then(() => {
      this.#passing = true;
      this.form.requestSubmit(button);
    });
  }
}

const form = document.getElementById("grade");
if (form?.elements.comment) new Grading(form);
