/** The list of annotations beside the text, in text order, filtered by skill and kind; and the advice. */
import { brief, LISTED_WORDS, make } from "./passage.js";

export class AnnotationList {
  visible = []; // keys of the rows that the filter lets through, in text order
  #items = new Map(); // key: its item
  #advice = [];

  constructor(editor) {
    this.editor = editor;
    this.list = document.getElementById("annotations");
    this.none = document.getElementById("no-annotations");
    this.skill = document.getElementById("show-skill");
    this.kind = document.getElementById("show-kind");
    this.adviceList = document.getElementById("advice");
    this.list.replaceChildren();
    this.list.addEventListener("click", (event) => this.#clicked(event));
    this.list.addEventListener("keydown", (event) => this.#pressed(event));
    this.adviceList?.addEventListener("click", (event) => this.#followed(event));
    for (const filter of [this.skill, this.kind]) filter.addEventListener("change", () => editor.refresh());
    document.getElementById("next").addEventListener("click", () => editor.step(1));
    document.getElementById("previous").addEventListener("click", () => editor.step(-1));
    for (const one of document.querySelectorAll(".list-acts .waits")) one.classList.remove("waits");
  }

  paint() {
    const { layer } = this.editor;
    this.visible = layer.keys.filter((key) => {
      const { skill, kind } = layer.rows.get(key);
      return [skill, ""].includes(this.skill.value) && [kind, ""].includes(this.kind.value);
    });
    for (const [key, item] of this.#items) if (!this.visible.includes(key)) this.#drop(key, item);
    this.visible.forEach((key, place) => this.#place(key, place));
    this.none.hidden = this.visible.length > 0;
    this.#paintAdvice();
  }

  #drop(key, item) {
    item.remove();
    this.#items.delete(key);
  }

  #place(key, place) {
    const { layer, open } = this.editor;
    const item = this.#items.get(key) ?? this.#made(key);
    const { skill, kind, quote, rationale } = layer.rows.get(key);
    const [sign, words, about] = item.firstElementChild.children;
    sign.className = `key k-${skill} ${kind}`;
    words.textContent = brief(quote, LISTED_WORDS);
    about.textContent = this.editor.titleOf(key) + (rationale ? "" : ` · ${this.editor.words.noReason}`);
    item.firstElementChild.toggleAttribute("aria-current", key === open);
    if (key === open) item.firstElementChild.setAttribute("aria-current", "true");
    if (this.list.children[place] !== item) this.list.insertBefore(item, this.list.children[place] ?? null);
  }

  #made(key) {
    const { lang, dir } = this.editor.passage;
    const button = make("button", { type: "button" }, make("span", {}), make("q", { lang, dir }), make("span", { className: "about" }));
    const item = make("li", {}, button);
    item.dataset.key = key;
    this.#items.set(key, item);
    return item;
  }

  #clicked(event) {
    const item = event.target.closest("li");
    if (!item) return;
    this.editor.show(item.dataset.key, true);
    this.editor.panel.reveal();
  }

  /** Up and Down go along the list; Delete removes, and goes to the next. */
  #pressed(event) {
    const item = event.target.closest("li");
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowDown: item.nextElementSibling, ArrowUp: item.previousElementSibling }[event.key];
    if (to) to.firstElementChild.focus();
    else if (event.key === "Delete" && this.editor.doors.open === "yes") this.#remove(item);
    else return;
    event.preventDefault();
  }

  #remove(item) {
    this.focus(this.editor.remove(item.dataset.key));
  }

  /** Puts the focus on a row, or on the heading where there is none. */
  focus(key) {
    const item = this.#items.get(key);
    (item?.firstElementChild ?? document.getElementById("your-annotations")).focus();
  }

  advise(advice) {
    this.#advice = advice;
    this.#paintAdvice();
  }

  #paintAdvice() {
    if (!this.adviceList) return;
    const { words, layer } = this.editor;
    this.adviceList.replaceChildren(
      ...this.#advice.map(({ code, text, refs }) => {
        const item = make("li", { textContent: text });
        item.dataset.code = code;
        for (const ref of refs) {
          const key = layer.keyOf(ref);
          if (key === undefined) continue;
          const quoted = brief(layer.rows.get(key).quote, LISTED_WORDS);
          const link = make("button", { type: "button", className: "plainbtn", textContent: words.quoted.replace("{text}", quoted) });
          link.dataset.key = key;
          item.append(" ", link);
        }
        return item;
      }),
    );
    document.getElementById("no-advice").hidden = this.#advice.length > 0;
  }

  #followed(event) {
    const { key } = event.target.closest("button")?.dataset ?? {};
    if (key && this.editor.layer.rows.has(key)) this.editor.show(key, true);
  }
}
