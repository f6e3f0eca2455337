/** Shows of each step the fields that belong to its kind; one that holds something stays in sight. */

const FIELDS = {
  explain: ["body"],
  read: ["body", "article", "skill", "first_line", "last_line"],
  practice: ["quiz"],
  quiz: ["quiz"],
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

const words = document.querySelector("#markdown-words")?.dataset;

/** Below a text a button that shows it as learners will read it. */
function offerReading(row) {
  const text = row.querySelector("textarea[name$='-body']");
  if (!text || !words || row.querySelector(".reading-tool")) return;
  const shown = document.createElement("div");
  shown.className = "reading-shown";
  shown.hidden = true;
  shown.setAttribute("aria-live", "polite");
  const tool = document.createElement("button");
  tool.type = "button";
  tool.className = "row-tool reading-tool";
  tool.textContent = words.show;
  tool.setAttribute("aria-expanded", "false");
  tool.addEventListener("click", async () => {
    const opening = shown.hidden;
    if (opening) shown.innerHTML = await read(text.value);
    shown.hidden = !opening;
    tool.setAttribute("aria-expanded", opening);
    tool.textContent = opening ? words.hide : words.show;
  });
  text.after(tool, shown);
}

async function read(text) {
  const body = new FormData();
  body.set("text", text);
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  try {
    const answer = await fetch(words.url, { method: "POST", body, redirect: "error" });
    if (answer.ok) return await answer.text(); // cleaned by the server, as on the learner's page
  } catch { /* told below */ }
  const told = document.createElement("p");
  told.textContent = words.failed;
  return told.outerHTML;
}

const offerAll = () => group?.querySelectorAll("[data-row]").forEach(offerReading);
offerAll();
document.addEventListener("formset:added", offerAll);
