/** Shows of each step the fields that belong to its kind; one that holds something stays in sight. */

const FIELDS = {
  explain: ["body"],
  read: ["body", "article", "skill", "first_line", "last_line"],
  practice: ["body", "quiz"],
  quiz: ["body", "quiz"],
};
const EVERY = [...new Set(Object.values(FIELDS).flat())];

function fit(row) {
  const kind = row.querySelector("select[name$='-kind']")?.value;
  if (!kind) return;
  for (const name of EVERY) {
    const field = row.querySelector(`[data-field="${name}"]`);
    const control = field?.querySelector("input, select, textarea");
    if (control) field.hidden = !FIELDS[kind].includes(name) && !control.value && !field.matches(".errors");
  }
}

const group = document.querySelector("#steps-group");
const fitAll = () => group?.querySelectorAll("[data-row]").forEach(fit);
fitAll();
group?.addEventListener("change", fitAll);
document.addEventListener("formset:added", fitAll);
