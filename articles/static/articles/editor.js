/**
 * The editor of annotations: the learner's gesture on the text, a list and a form beside it.
 *
 * A gesture on words that the chosen skill has not got makes an annotation; on words that it has, it
 * opens theirs. Everything is saved as it is done.
 */
import { Layer } from "./layer.js";
import { between, brief, counted, fill, layer as boxes, Passage, quote, SPOKEN_WORDS } from "./passage.js";
import { AnnotationList } from "./annotation_list.js";
import { Panel } from "./panel.js";
import { Saver } from "./saving.js";

const TYPING_MS = 700; // a pause after which what is typed is saved

class Editor extends Passage {
  open = null; // the key of the annotation in the form
  moving = false; // whether the next gesture gives it other words
  shown = []; // what is drawn on each unit, so that only what changes is drawn anew

  constructor(passage) {
    super(passage);
    const { dataset } = passage;
    const state = JSON.parse(document.getElementById("layer-state").textContent);
    this.doors = dataset;
    this.by = dataset.granularity;
    this.skill = document.getElementById("mark-skill");
    this.kinds = [...document.querySelectorAll("[name=mark-kind]")];
    this.titles = Object.fromEntries([...document.querySelectorAll("#show-skill option")].map((o) => [o.value, o.text]));
    this.kindTitles = Object.fromEntries([...document.querySelectorAll("#show-kind option")].map((o) => [o.value, o.text]));
    this.layer = new Layer(`${dataset.name}:${this.by}`, state.rows, state.text);
    this.saver = new Saver(this.layer, dataset, this.by);
    this.list = new AnnotationList(this);
    this.panel = new Panel(this);
    this.list.advise(state.advice);
    this.begin();
    if (dataset.open !== "yes") this.setMode(false);
    this.listenToo();
    this.refresh();
    this.panel.offer(this.layer.kept);
  }

  listenToo() {
    this.skill?.addEventListener("change", () => this.choseSkill());
    this.saver.addEventListener("state", (event) => this.told(event.detail));
    this.saver.addEventListener("rows", (event) => this.took(event.detail));
    this.toForm = document.getElementById("to-form");
    this.toForm.addEventListener("click", () => this.panel.focus());
    for (const part of document.querySelectorAll(".beside")) {
      part.addEventListener("keydown", (event) => this.pressedAnywhere(event));
    }
    for (const link of document.querySelectorAll("a.granularity")) {
      link.addEventListener("click", (event) => this.leaveBy(link, event));
    }
  }

  /* What the passage asks of a kind of marking */

  /** The keys of the annotations that hold the unit at `at`, in text order. */
  keysAt(at) {
    return this.list.visible.filter((key) => {
      const { first, last } = this.layer.rows.get(key);
      return first <= at && at <= last && this.layer.isPlaced(key);
    });
  }

  titleOf(key) {
    const { skill, kind } = this.layer.rows.get(key);
    return `${this.titles[skill] ?? skill}, ${this.kindTitles[kind] ?? kind}`;
  }

  titlesAt(at) {
    return this.keysAt(at).map((key) => this.titleOf(key));
  }

  isSelected(at) {
    return this.keysAt(at).some((key) => this.layer.rows.get(key).skill === this.skill?.value);
  }

  marksIn(first, last) {
    return this.list.visible.flatMap((key) => {
      const row = this.layer.rows.get(key);
      return row.first <= last && row.last >= first && this.layer.isPlaced(key) ? [{ run: [row.first, row.last], title: this.titleOf(key) }] : [];
    });
  }

  mark(positions) {
    this.letGo();
    return () => this.chosenUnits(positions);
  }

  /** An annotation stays within a paragraph: what goes on in the next is left out. */
  chosenUnits(positions) {
    const { line } = this.units[positions[0]];
    const kept = positions.filter((at) => this.units[at].line === line);
    const [first, last] = [kept[0], kept.at(-1)];
    if (this.moving && this.open) return this.move(first, last);
    const skill = this.skill.value;
    const mine = this.keysAt(first).filter((key) => this.layer.rows.get(key).skill === skill);
    const same = mine.find((key) => this.isAt(key, first, last));
    const under = first === last ? mine[(mine.indexOf(this.open) + 1) % mine.length] : undefined;
    if (same ?? under) return this.show(same ?? under);
    return this.make(first, last, kept.length < positions.length);
  }

  isAt(key, first, last) {
    const row = this.layer.rows.get(key);
    return row.first === first && row.last === last;
  }

  /* Acts */

  make(first, last, cut) {
    const kind = this.kinds.find((radio) => radio.checked)?.value ?? "required";
    const words = { rationale: "", instead: "", minority: "", readings: "1", party: "", fact_checked_on: "" };
    const text = quote([first, last], this.units);
    const place = { first, last, quote: text, text: this.layer.text };
    const key = this.layer.add({ skill: this.skill.value, kind, ...place, ...words });
    this.open = key;
    this.after(0);
    this.tell(cut ? this.words.addedCut : this.words.added, key);
  }

  /** Gives the open annotation other words. */
  move(first, last) {
    this.moving = false;
    const row = this.layer.rows.get(this.open);
    const text = quote([first, last], this.units);
    if (this.layer.set(this.open, { ...row, first, last, quote: text, text: this.layer.text })) this.after(0);
    this.panel.paint();
    this.tell(this.words.moved, this.open);
  }

  /** Moves an end of the open annotation by a unit; refuses to leave the paragraph or to become empty. */
  nudge(end, step) {
    if (!this.layer.isPlaced(this.open)) return this.say(this.words.chooseAnew);
    const row = this.layer.rows.get(this.open);
    const to = { ...row, [end]: row[end] + step };
    const [first, last] = [this.units[to.first], this.units[to.last]];
    if (to.first > to.last || first?.line === undefined || first.line !== last?.line) return this.say(this.words.noMove);
    return this.move(to.first, to.last);
  }

  edit(fields) {
    const burst = `${this.open}:${Object.keys(fields).join()}`;
    if (this.layer.set(this.open, { ...this.layer.rows.get(this.open), ...fields }, burst)) this.after(TYPING_MS);
  }

  remove(key) {
    const text = this.spoken(key);
    const visible = this.list.visible;
    const next = visible[visible.indexOf(key) + 1] ?? visible[visible.indexOf(key) - 1] ?? null;
    this.layer.set(key, null);
    if (this.open === key) this.open = null;
    this.after(0);
    this.say(fill(this.words.removed, { text, count: this.count() }));
    return next;
  }

  undo() {
    this.again(this.layer.undo(), this.words.undone, this.words.noUndo);
  }

  redo() {
    this.again(this.layer.redo(), this.words.redone, this.words.noRedo);
  }

  again(key, done, none) {
    this.letGo();
    if (key === null) return this.say(none);
    this.open = this.layer.rows.has(key) ? key : null;
    this.after(0);
    this.panel.paint();
    return this.say(fill(done, { count: this.count() }));
  }

  /** Everything that follows from a change of the rows; it is saved after `delay` milliseconds. */
  after(delay) {
    if (this.open) this.saver.free(this.open);
    this.refresh();
    this.saver.soon(delay);
  }

  /** Opens an annotation in the form, and (`jump`) goes to its words. */
  show(key, jump = false) {
    this.open = key;
    this.moving = false;
    const row = this.layer.rows.get(key);
    this.skill.value = row.skill;
    for (const radio of this.kinds) radio.checked = radio.value === row.kind;
    this.refresh();
    this.panel.paint();
    if (jump) this.goTo(row.first);
    this.tell(this.words.opened, key);
  }

  goTo(at) {
    this.units[at].element.scrollIntoView({ block: "center" });
    if (this.on) this.go(at);
  }

  /** The annotation after (1) or before (-1) the open one, or the words at the tab stop. */
  step(by) {
    const visible = this.list.visible;
    if (!visible.length) return this.say(this.words.none);
    const at = visible.indexOf(this.open);
    const here = visible.filter((key) => this.layer.rows.get(key).first < this.at).length;
    const next = at < 0 ? here + (by < 0 ? -1 : 0) : at + by;
    return this.show(visible[(next + visible.length) % visible.length], true);
  }

  choseSkill() {
    this.units.forEach((_, at) => (this.opened === null || this.units[at].sentence === this.opened) && this.showOption(at));
    this.say(fill(this.words.as, { skill: this.titles[this.skill.value] }));
  }

  act(key) {
    if (!this.layer || this.doors.open !== "yes") return key === "Escape" || key === "?" ? super.act(key) : false;
    const acts = {
      Delete: () => this.removeHere(),
      Backspace: () => this.removeHere(),
      n: () => this.step(1),
      p: () => this.step(-1),
      e: () => this.write(),
      k: () => this.turnKind(),
    };
    const skill = /^[1-9]$/.test(key) ? Number(key) - 1 : -1;
    if (skill in this.skill.options) {
      this.skill.selectedIndex = skill;
      this.choseSkill();
    } else if (acts[key]) acts[key]();
    else {
      const meant = super.act(key);
      if (key === "Enter") this.write();
      return meant;
    }
    return true;
  }

  /** Goes to the form of the annotation that is open, or else of the one at the tab stop. */
  write() {
    const here = this.keysAt(this.at);
    if (!here.includes(this.open) && here.length) this.show(here[0]);
    this.panel.focus();
  }

  /** From the form to the words it is about. */
  backToText() {
    const row = this.layer.rows.get(this.open);
    this.goTo(row ? row.first : this.at);
  }

  turnKind() {
    const next = (this.kinds.findIndex((radio) => radio.checked) + 1) % this.kinds.length;
    this.kinds[next].checked = true;
    this.say(fill(this.words.asKind, { kind: this.kindTitles[this.kinds[next].value] }));
  }

  removeHere() {
    const here = this.keysAt(this.at);
    const key = here.includes(this.open) ? this.open : here[0];
    if (key) this.remove(key);
  }

  /* What is on the page */

  refresh() {
    if (this.open && !this.layer.rows.has(this.open)) this.open = null;
    this.list.paint();
    this.toForm.hidden = !this.open || this.doors.open !== "yes";
    this.draw();
    this.panel.follow();
    this.parts.undo?.setAttribute("aria-disabled", String(!this.layer.canUndo));
    this.parts.redo?.setAttribute("aria-disabled", String(!this.layer.canRedo));
    if (this.parts.count) this.parts.count.textContent = this.count();
  }

  /** Draws the annotations on the units that hold them: a box for each, one inside the other. */
  draw() {
    const drawn = this.units.map(() => []);
    for (const key of this.list.visible.filter((one) => this.layer.isPlaced(one))) {
      const { first, last, skill, kind } = this.layer.rows.get(key);
      const open = key === this.open ? " opened" : "";
      for (const at of between(first, Math.min(last, this.units.length - 1))) {
        drawn[at].push({ looks: `m k-${skill} ${kind}${open}`, first, last });
      }
    }
    const changed = drawn.flatMap((here, at) => {
      const signature = here.map(({ looks, first, last }) => `${looks} ${at === first} ${at < last}`).join();
      if (signature === (this.shown[at] ?? "")) return [];
      this.shown[at] = signature;
      return [at];
    });
    for (const at of changed) this.drawUnit(at, drawn[at]);
    this.name(changed);
  }

  drawUnit(at, here) {
    const { element, gaps, text } = this.units[at];
    const range = element.classList.contains("range") ? " range" : "";
    boxes(element, `w${range}`, text, here.map(({ looks, first }) => looks + (at === first ? " at" : "")));
    const over = here.filter(({ last }) => at < last).map(({ looks }) => looks);
    for (const gap of gaps) boxes(gap, "g", gap.textContent, over);
  }

  /** Brings the names of units, and of the sentences round them, up to what is drawn. */
  name(changed) {
    const sentences = new Set(changed.map((at) => this.units[at].sentence));
    for (const at of changed) if (!this.sentences.length || this.units[at].sentence === this.opened) this.showOption(at);
    if (this.sentences.length) for (const one of sentences) if (one !== this.opened) this.showSentence(one);
  }

  count() {
    return counted(this.words, "marks", this.layer.rows.size, document.documentElement.lang);
  }

  spoken(key) {
    return brief(this.layer.rows.get(key).quote, SPOKEN_WORDS);
  }

  tell(template, key) {
    this.say(fill(template, { text: this.spoken(key), skill: this.titleOf(key), count: this.count() }));
  }

  /* Saving */

  told(detail) {
    this.panel.state(detail);
  }

  /** The server's rows are taken over: others' changes show, and what is typed meanwhile stays. */
  took({ advice, signed, seen, key }) {
    this.list.advise(advice);
    this.panel.signed(signed, seen);
    this.refresh();
    if (key !== this.open) this.panel.paint();
  }

  /** Words and sentences are chosen on two pages; what waits is saved before one leaves. */
  async leaveBy(link, event) {
    if (!this.layer.dirty.size) return;
    event.preventDefault();
    await Promise.race([this.saver.flush(), new Promise((resolve) => setTimeout(resolve, 2000))]);
    location.assign(link.href);
  }
}

const passage = document.getElementById("passage");
if (passage) new Editor(passage);
