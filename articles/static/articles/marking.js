/**
 * Marking a passage for a question: what binds `Marks` to a page.
 *
 * The units bring their checkboxes, `mark-<skill>` with the index of a unit. The marks go with the form's
 * data (`formdata`), and each change is an `input` event of the form. An act touches only what it changes.
 */
import { between, blocks, brief, counted, fill, layer, LISTED_WORDS, make, Marks, Passage, quote, SPOKEN_WORDS } from "./passage.js";

class Marking extends Passage {
  rows = []; // the list of marks: { skill, first, last, item }, in text order

  constructor(passage) {
    super(passage);
    this.skills = [...this.parts["marking-words"].content.children].map((one) => ({
      slug: one.dataset.skill,
      title: one.textContent,
    }));
    this.radios = this.skills.map(({ slug }) => document.querySelector(`[name=skill][value="${slug}"]`));
    this.nothing = this.form.elements.namedItem("nothing_to_mark");
    const marked = this.units.flatMap(({ boxes }, at) =>
      boxes.filter((box) => box.checked).map((box) => [this.skillOf(box), at]),
    );
    this.marks = new Marks(this.units, this.skills.length, { marked, nothing: this.nothing?.checked });
    this.marks.skill = Math.max(0, this.radios.findIndex((radio) => radio?.checked));
    for (const [, at] of marked) this.dress(at);
    this.begin();
    this.parts.marks?.replaceChildren();
    this.skills.forEach((_, skill) => this.relist(skill, 0, this.units.length - 1));
    this.showState();
    this.listen();
  }

  skillOf(box) {
    return this.skills.findIndex(({ slug }) => box.name === `mark-${slug}`);
  }

  listen() {
    const { form, parts } = this;
    form.addEventListener("formdata", (event) => this.send(event.formData));
    this.nothing?.addEventListener("change", () => this.nothingChanged());
    for (const radio of this.radios) radio?.addEventListener("change", (event) => this.chose(event));
    parts.marks?.addEventListener("click", (event) => this.removeClicked(event));
    // Room for the bar at the foot of a phone: a selector with :has() would look through the page at every mark.
    if (parts.mode) document.body.classList.add("asks-marks", ...(this.skills.length > 2 ? ["asks-many"] : []));
  }

  titlesAt(at) {
    return this.marks.skillsAt(at).map((skill) => this.skills[skill].title);
  }

  isSelected(at) {
    return this.marks.has(this.marks.skill, at);
  }

  marksIn(first, last) {
    return this.skills.flatMap(({ title }, skill) => this.marks.runs(skill, first, last).map((run) => ({ run, title })));
  }

  /* What is on the page: text, list, count */

  /** One layer for each skill that marks a unit, the first on the unit itself, the next inside it. */
  dress(at) {
    const { element, gaps, text } = this.units[at];
    const skills = this.marks.skillsAt(at);
    layer(element, "w", text, skills.map((skill) => this.layerClass(skill, !this.marks.joins(skill, at - 1))));
    const over = skills.filter((skill) => this.marks.joins(skill, at)).map((skill) => this.layerClass(skill, false));
    for (const gap of gaps) layer(gap, "g", gap.textContent, over);
  }

  layerClass(skill, begins) {
    return `m k-${this.skills[skill].slug}${begins ? " at" : ""}`;
  }

  /** Shows in the text what a change touched, and nothing else. */
  dressAll(change) {
    for (const [, first, last] of blocks(change)) {
      for (const at of between(Math.max(0, first - 1), Math.min(this.units.length - 1, last + 1))) this.dress(at);
    }
  }

  /** Brings names, states, the list and the bar up to a change. */
  follow(change) {
    const sentences = new Set();
    for (const [skill, first, last] of blocks(change)) {
      for (const at of between(first, last)) {
        sentences.add(this.units[at].sentence);
        if (this.units[at].sentence === this.opened || !this.sentences.length) this.showOption(at);
      }
      this.relist(skill, first, last);
    }
    if (this.sentences.length) {
      sentences.delete(this.opened);
      for (const sentence of sentences) this.showSentence(sentence);
    }
    this.showState();
  }

  showState() {
    const { parts, marks } = this;
    if (this.nothing) this.nothing.checked = marks.nothing;
    if (parts.count) parts.count.textContent = this.count();
    if (parts["no-marks"]) parts["no-marks"].hidden = marks.count > 0;
    parts.undo?.setAttribute("aria-disabled", String(!marks.canUndo));
    parts.redo?.setAttribute("aria-disabled", String(!marks.canRedo));
  }

  /** Writes anew the rows of one skill's marks in or next to a block of positions. */
  relist(skill, first, last) {
    const list = this.parts.marks;
    if (!list) return;
    const touches = (row) => row.skill === skill && row.first <= last + 1 && row.last >= first - 1;
    for (const row of this.rows.filter(touches)) row.item.remove();
    this.rows = this.rows.filter((row) => !touches(row));
    const runs = this.marks.runs(skill, Math.max(0, first - 1), Math.min(this.units.length - 1, last + 1));
    for (const run of runs) this.insertRow({ skill, first: run[0], last: run[1], item: this.row(skill, run) });
  }

  insertRow(row) {
    const after = (one) => one.first > row.first || (one.first === row.first && one.skill > row.skill);
    const place = this.rows.findIndex(after);
    if (place < 0) this.rows.push(row);
    else this.rows.splice(place, 0, row);
    this.parts.marks.insertBefore(row.item, this.rows[this.rows.indexOf(row) + 1]?.item ?? null);
  }

  row(skill, run) {
    const { slug, title } = this.skills[skill];
    const text = brief(quote(run, this.units), LISTED_WORDS);
    const quoted = make("span", {}, make("q", { textContent: text, lang: this.passage.lang, dir: this.passage.dir }));
    if (this.skills.length > 1) quoted.append(make("span", { className: "quiet", textContent: title }));
    const remove = make("button", {
      type: "button",
      className: "plainbtn",
      textContent: this.words.remove,
      ariaLabel: fill(this.words.removeName, { text, skill: title }),
    });
    return make("li", {}, make("span", { className: `key k-${slug}` }), quoted, remove);
  }

  count() {
    return counted(this.words, "marks", this.marks.count, document.documentElement.lang);
  }

  /* Acts */

  /** Marks positions for the current skill, or takes the mark off, and says so. */
  mark(positions) {
    this.letGo();
    const { skill } = this.marks;
    const change = this.marks.toggle(positions);
    const added = this.marks.has(skill, positions[0]);
    const [first, last] = [positions[0], positions.at(-1)];
    const span = added ? [this.marks.run(skill, first)[0], this.marks.run(skill, last)[1]] : [first, last];
    this.dressAll(change);
    return () => {
      this.tellForm(change);
      this.tell(added ? this.words.marked : this.words.unmarked, span, skill);
    };
  }

  remove(skill, run) {
    this.letGo();
    this.changed(this.marks.remove(skill, between(...run)));
    this.tell(this.words.unmarked, run, skill);
  }

  tell(template, span, skill) {
    const text = brief(quote(span, this.units), SPOKEN_WORDS);
    this.say(fill(template, { text, skill: this.skills[skill].title, marks: this.count() }));
  }

  /** Shows a change and tells the form of it. */
  changed(change) {
    if (!change) return;
    this.dressAll(change);
    this.tellForm(change);
  }

  tellForm(change) {
    this.follow(change);
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  undo() {
    this.again(this.marks.undo(), this.words.undone, this.words.noUndo);
  }

  redo() {
    this.again(this.marks.redo(), this.words.redone, this.words.noRedo);
  }

  again(change, done, none) {
    this.letGo();
    this.changed(change);
    this.say(change ? fill(done, { marks: this.count() }) : none);
  }

  nothingChanged() {
    this.letGo();
    const had = this.marks.count > 0;
    const change = this.marks.setNothing(this.nothing.checked);
    if (!change) return;
    this.changed(change);
    const { nothing, nothingEmpty, something } = this.words;
    this.say(!this.marks.nothing ? something : had ? nothing : nothingEmpty);
  }

  /** The skill is no part of the answer, so nobody else hears of it. */
  chose(event) {
    event.stopPropagation();
    this.choose(this.radios.indexOf(event.target));
  }

  choose(skill) {
    this.marks.skill = skill;
    if (this.radios[skill]) this.radios[skill].checked = true;
    if (!this.sentences.length) this.units.forEach((_, at) => this.showOption(at));
    else if (this.opened !== null) for (const at of between(...this.wordsOf(this.opened))) this.showOption(at);
    this.say(fill(this.words.as, { skill: this.skills[skill].title }));
  }

  /** After removing from the list, focus goes to the next mark, else the last, else the heading. */
  removeClicked(event) {
    const item = event.target.closest("button")?.closest("li");
    const place = this.rows.findIndex((row) => row.item === item);
    if (!item || place < 0) return;
    const { skill, first, last } = this.rows[place];
    this.remove(skill, [first, last]);
    const next = (this.rows[place] ?? this.rows.at(-1))?.item.querySelector("button");
    (next ?? this.parts["your-marks"])?.focus();
  }

  removeHere() {
    const { skill } = this.marks;
    const run = this.marks.run(skill, this.at);
    if (run && (this.opened !== null || !this.sentences.length)) this.remove(skill, run);
  }

  act(key) {
    const skill = /^[1-9]$/.test(key) ? Number(key) - 1 : -1;
    if (skill in this.skills) this.choose(skill);
    else if (key === "Delete" || key === "Backspace") this.removeHere();
    else return super.act(key);
    return true;
  }

  /** The marks, as the checkboxes would send them. */
  send(data) {
    this.skills.forEach(({ slug }, skill) => {
      for (const at of this.marks.positions(skill)) data.append(`mark-${slug}`, this.units[at].boxes[0].value);
    });
  }
}

const passage = document.getElementById("passage");
if (passage) new Marking(passage);
