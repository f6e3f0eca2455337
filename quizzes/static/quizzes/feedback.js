/**
 * Feedback on a text: what of it is shown, and a way from finding to finding.
 *
 * Without this module everything is shown. A finding is what carries its number in `data-n`: boxes on
 * the text, the reference after them, and the reasons, which say whose it is (`data-of`) and for which
 * skill (`data-skill`).
 */

class Findings {
  #found = new Map(); // number: { boxes, reasons, ref, shown }, in text order
  #current = 0;

  constructor(root) {
    this.root = root;
    this.status = root.querySelector("[role=status]");
    for (const element of root.querySelectorAll("[data-n]")) this.#sort(element);
    this.#found = new Map([...this.#found].filter(([, one]) => one.boxes.length).sort(([a], [b]) => a - b));
    root.addEventListener("change", () => this.#show());
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("keydown", (event) => this.#pressed(event));
    root.addEventListener("focusin", (event) => this.#focused(event));
    addEventListener("beforeprint", () => this.#openAll());
    this.#show();
  }

  #sort(element) {
    const number = Number(element.dataset.n);
    const one = this.#found.get(number) ?? { boxes: [], reasons: [], ref: null, shown: true };
    this.#found.set(number, one);
    if (element.matches("mark")) one.boxes.push(element);
    else if (element.matches(".ref")) one.ref = element;
    else one.reasons.push(element);
  }

  #show() {
    const whose = this.root.querySelector("[name=show]:checked")?.value ?? "";
    const skill = this.root.querySelector("[name=skill]")?.value ?? "";
    const fits = ({ dataset }) =>
      (!whose || dataset.of.split(" ").includes(whose)) && (!skill || dataset.skill === skill);
    for (const one of this.#found.values()) {
      for (const reason of one.reasons) reason.hidden = !fits(reason);
      one.shown = one.reasons.some(fits);
      for (const box of one.boxes) box.classList.toggle("off", !one.shown || (whose === "mine" && !box.matches(".mine")));
      one.ref?.classList.toggle("off", !one.shown);
    }
    for (const why of this.root.querySelectorAll(".para .why")) {
      why.hidden = !why.querySelector(".reason:not([hidden])");
    }
    for (const own of this.root.querySelectorAll("mark.own")) own.classList.toggle("off", whose === "key" || skill !== "");
  }

  #clicked(event) {
    const button = event.target.closest("[data-go]");
    if (button) this.#go(Number(button.dataset.go));
    const ref = event.target.closest(".ref");
    if (ref) this.#found.get(Number(ref.dataset.n)).reasons[0].closest("details").open = true;
  }

  /** N and P, only while the focus is in the text. */
  #pressed(event) {
    if (!event.target.closest("article") || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { n: 1, p: -1 }[event.key.toLowerCase()];
    if (by) this.#go(by);
  }

  #focused(event) {
    const number = Number(event.target.closest("[data-n]")?.dataset.n);
    if (this.#found.has(number)) this.#current = number;
  }

  /** To the next finding that is shown, or the one before, with the focus and in words. */
  #go(by) {
    const shown = [...this.#found].filter(([, one]) => one.shown);
    const ahead = shown.filter(([number]) => (number - this.#current) * by > 0);
    if (!ahead.length) {
      const { none, first, last } = this.status.dataset;
      this.status.textContent = shown.length ? (by > 0 ? last : first) : none;
      return;
    }
    const [number, one] = by > 0 ? ahead[0] : ahead.at(-1);
    const box = one.boxes.find((each) => !each.matches(".off"));
    box.tabIndex = -1;
    box.focus();
    this.#current = number;
    const place = shown.findIndex(([each]) => each === number) + 1;
    const { said } = this.status.dataset;
    const label = one.reasons[0].getAttribute("aria-label");
    this.status.textContent = `${said.replace("{n}", place).replace("{total}", shown.length)}: ${label}`;
  }

  #openAll() {
    for (const why of document.querySelectorAll("details.why")) why.open = true;
  }
}

for (const root of document.querySelectorAll("[data-findings]")) {
  if (root.querySelector(".bar.findings")) new Findings(root);
}
