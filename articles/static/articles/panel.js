/** The form of the open annotation, what saving says, and two versions of a row where they part. */
import { unitsOf } from "./layer.js";
import { fill, make } from "./passage.js";

const WRITTEN = ["rationale", "instead", "minority", "readings", "party", "fact_checked_on"];

export class Panel {
  #conflict = null; // { key, current, detail }
  #errors = new Map(); // key: errors by field

  constructor(editor) {
    this.editor = editor;
    this.form = document.getElementById("entry");
    this.saved = document.getElementById("saved");
    this.hint = document.getElementById("entry-hint");
    this.quoted = document.getElementById("entry-quote");
    this.versions = document.getElementById("versions");
    this.kept = document.getElementById("kept");
    this.trouble = document.getElementById("trouble");
    this.swap = document.getElementById("swap-test");
    if (this.form) this.#listen();
    this.paint();
  }

  #listen() {
    this.form.classList.add("lives");
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", (event) => this.#typed(event));
    this.form.addEventListener("change", () => this.editor.saver.flush());
    this.form.addEventListener("keydown", (event) => this.#pressed(event));
    this.form.addEventListener("click", (event) => this.#clicked(event));
    this.versions.addEventListener("click", (event) => this.#decided(event));
    this.kept.addEventListener("click", (event) => this.#tookBack(event));
    this.swap?.addEventListener("submit", (event) => this.#signs(event));
  }

  /** Fills the form with the open annotation. */
  paint() {
    const { open, layer, moving } = this.editor;
    const row = open && layer.rows.get(open);
    if (!this.form) return;
    this.form.classList.toggle("is-open", Boolean(row));
    this.hint.hidden = Boolean(row);
    if (!row) return;
    this.quoted.textContent = row.quote;
    for (const name of ["skill", "kind", ...WRITTEN]) {
      const field = this.form.elements.namedItem(name);
      if (field && field.value !== row[name]) field.value = row[name];
    }
    this.form.querySelector("[data-act=anew]").setAttribute("aria-pressed", String(moving));
    this.#paintErrors();
    this.#paintVersions();
  }

  /** After a change from outside the form. */
  follow() {
    const { open } = this.editor;
    if (open !== this.painted) this.paint();
    this.painted = open;
    const row = open && this.editor.layer.rows.get(open);
    if (row && this.quoted) this.quoted.textContent = row.quote;
  }

  /** To the reason, which is what one writes first. */
  focus() {
    if (this.editor.open) this.form?.elements.namedItem("rationale").focus();
  }

  /** On a narrow page the form is below the text. */
  reveal() {
    this.form?.scrollIntoView({ block: "nearest" });
  }

  #typed({ target }) {
    if (!this.editor.open || !target.name) return;
    this.#errors.delete(this.editor.open);
    this.#paintErrors();
    this.editor.edit({ [target.name]: target.value });
  }

  #pressed(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.editor.backToText();
  }

  #clicked({ target }) {
    const { editor } = this;
    const acts = {
      "first-1": () => editor.nudge("first", -1),
      "first+1": () => editor.nudge("first", 1),
      "last-1": () => editor.nudge("last", -1),
      "last+1": () => editor.nudge("last", 1),
      anew: () => this.#anew(),
      remove: () => editor.list.focus(editor.remove(editor.open)),
      back: () => editor.backToText(),
    };
    const act = target.closest("button")?.dataset.act;
    if (editor.open) acts[act]?.();
  }

  #anew() {
    const { editor } = this;
    editor.moving = !editor.moving;
    this.paint();
    editor.say(editor.moving ? editor.words.anew : editor.words.notAnew);
  }

  /* What saving says */

  state({ state, key, detail = "", current = null, errors = {} }) {
    const { words } = this.editor;
    this.saved.className = `saved is-${state}`;
    this.saved.textContent = state === "saving" ? words.saving : state === "saved" ? words.saved : words.notSaved;
    const outdated = this.editor.layer.outdated ? words.outdated : "";
    const said = { "signed-out": words.signedOut, failed: words.failed, closed: detail }[state] ?? outdated;
    this.trouble.hidden = !said;
    this.trouble.textContent = said;
    if (state === "signed-out") this.trouble.append(" ", this.#signIn());
    else if (said && said === outdated) this.trouble.append(" ", make("a", { href: location.pathname + location.search, textContent: words.reload }));
    if (state === "lost") this.#refused(key, { words: [words.chooseAnew] }, "");
    if (state === "refused") this.#refused(key, errors, detail || words.refused);
    if (state === "conflict") this.#parted({ key, current, detail });
  }

  #signIn() {
    return make("a", { href: this.editor.doors.signIn, target: "_blank", rel: "opener", textContent: this.editor.words.signIn });
  }

  #refused(key, errors, detail) {
    this.#errors.set(key, Object.keys(errors).length ? errors : { __all__: [detail] });
    if (this.editor.open !== key && this.editor.layer.rows.has(key)) this.editor.show(key);
    this.#paintErrors();
  }

  /** Errors stand beside their fields; those of no field, above them. */
  #paintErrors() {
    const errors = { ...this.#errors.get(this.editor.open) };
    for (const place of this.form.querySelectorAll("[data-errors-of]")) {
      const said = (errors[place.dataset.errorsOf] ?? []).join(" ");
      delete errors[place.dataset.errorsOf];
      place.textContent = said;
      const field = this.form.elements.namedItem(place.dataset.errorsOf);
      if (field instanceof HTMLElement) field.toggleAttribute("aria-invalid", Boolean(said));
    }
    this.form.querySelector("[data-errors-of=__all__]").textContent ||= Object.values(errors).flat().join(" ");
  }

  /* Two versions */

  #parted(conflict) {
    this.#conflict = conflict;
    const { editor } = this;
    if (editor.open !== conflict.key && editor.layer.rows.has(conflict.key)) editor.show(conflict.key);
    this.#paintVersions();
    editor.say(conflict.detail);
  }

  #paintVersions() {
    const { editor } = this;
    const shown = this.#conflict;
    this.versions.hidden = !shown;
    if (!shown) return;
    const mine = editor.layer.rows.get(shown.key);
    this.versions.querySelector("p").textContent = shown.detail;
    const names = ["quote", "skill", "kind", ...WRITTEN].filter((name) => mine?.[name] !== shown.current?.[name]);
    this.versions.querySelector("dl").replaceChildren(
      ...names.flatMap((name) => [
        make("dt", { textContent: this.#label(name) }),
        make("dd", { textContent: fill(editor.words.mine, { text: this.#said(mine, name) }) }),
        make("dd", { textContent: fill(editor.words.theirs, { text: this.#said(shown.current, name) }) }),
      ]),
    );
  }

  #label(name) {
    const field = this.form.elements.namedItem(name);
    const label = field instanceof RadioNodeList ? field[0].closest("fieldset").querySelector("legend") : field?.labels?.[0];
    return label?.textContent.trim() || this.editor.words.place;
  }

  #said(row, name) {
    const { titles, kindTitles, words } = this.editor;
    if (!row) return words.gone;
    return { skill: titles, kind: kindTitles }[name]?.[row[name]] ?? (row[name] || "–");
  }

  #decided({ target }) {
    const { keep } = target.closest("button")?.dataset ?? {};
    if (!keep || !this.#conflict) return;
    const { key, current } = this.#conflict;
    const { layer, saver } = this.editor;
    this.#conflict = null;
    saver.free(key);
    if (keep === "mine") layer.insist(key, current);
    else layer.yield(key, current);
    this.editor.refresh();
    this.paint();
    this.versions.hidden = true;
    saver.soon(0);
    this.focus();
  }

  /* What an earlier page left */

  offer(kept) {
    if (!this.kept) return;
    this.kept.hidden = kept.length === 0;
  }

  #tookBack({ target }) {
    const { back } = target.closest("button")?.dataset ?? {};
    if (!back) return;
    this.editor.layer.decide(back === "yes", (quote) => unitsOf(quote, this.editor.units));
    this.kept.hidden = true;
    this.editor.after(0);
    this.paint();
    document.getElementById("your-annotations").focus();
  }

  /* The swap test */

  async #signs(event) {
    event.preventDefault();
    await this.editor.saver.flush(); // what is signed holds one's own last change
    const answer = await this.editor.saver.post(this.swap.action, new FormData(this.swap));
    document.getElementById("swap-error").textContent = answer?.detail ?? (answer?.rows ? "" : this.editor.words.failed);
  }

  /** `seen` is the state of the rows on the page: only that is signed. */
  signed(signed, seen) {
    const said = document.getElementById("swap-signed");
    if (!said) return;
    this.swap.elements.seen.value = seen;
    said.textContent = signed ? fill(this.editor.words.signed, signed) : this.editor.words.notSigned;
    if (!signed) this.swap.reset();
  }
}
