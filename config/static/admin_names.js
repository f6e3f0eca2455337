/** Names for the admin's widgets that Django and select2 leave without one, for those who hear the page. */

/** The words beside or above a field: its label, or the head of its column. */
function nameOf(field) {
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  const cell = field.closest("td");
  return (label ?? cell?.closest("table").tHead?.rows[0].cells[cell.cellIndex])?.textContent.trim() ?? "";
}

function nameAll() {
  for (const field of document.querySelectorAll("select.select2-hidden-accessible")) {
    const box = field.nextElementSibling;
    for (const part of box?.querySelectorAll("[role=combobox], [role=textbox]") ?? []) {
      const chosen = field.selectedOptions[0]?.textContent.trim();
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", [nameOf(field), chosen].filter(Boolean).join(": "));
    }
  }
  for (const tip of document.querySelectorAll(".help-tooltip[aria-label]")) {
    tip.setAttribute("role", "img");
  }
}

// After whatever else waits for the same moment: the widgets are made there.
const soon = () => setTimeout(nameAll);
if (document.readyState === "complete") soon();
addEventListener("load", soon);
document.addEventListener("formset:added", soon);
document.addEventListener("change", soon);
globalThis.django?.jQuery?.(document).on("change", "select", soon); // select2 tells jQuery only
