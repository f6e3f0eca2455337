/** Shows of each row what a question needs, or what a draw needs, once one of the two is chosen. */

const DRAW = ["draw_skill", "draw_count", "draw_difficulty"];
const group = document.querySelector("#slots-group");

function fit(row) {
  const part = (name) => row.querySelector(`[data-field="${name}"]`);
  const value = (name) => part(name)?.querySelector("select, input")?.value ?? "";
  const wrong = row.querySelector(".row-field.errors") !== null;
  const question = value("question");
  const draws = value("draw_skill") || value("draw_count");
  for (const name of DRAW) part(name).hidden = Boolean(question) && !draws && !wrong;
  part("question").hidden = Boolean(draws) && !question && !wrong;
}

const fitAll = () => group?.querySelectorAll("[data-row]").forEach(fit);
fitAll();
group?.addEventListener("change", fitAll);
document.addEventListener("formset:added", fitAll);
globalThis.django?.jQuery?.(group).on("change", "select", fitAll); // select2 tells jQuery only
