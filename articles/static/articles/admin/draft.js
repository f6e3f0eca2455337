/**
 * The form of a draft in the admin: a copy of what is not saved yet stays in this browser.
 *
 * A copy is shown by sending it: the site answers with the form as it was, rows and all, and saves nothing.
 */
import { Copies } from "../copies.js";

const box = document.getElementById("copy");
const form = box.closest("form");

function use(fields) {
  const sent = document.createElement("form");
  sent.method = "post";
  sent.action = location.pathname;
  sent.hidden = true;
  for (const name of ["csrfmiddlewaretoken", "copy_page"]) fields.set(name, form.elements[name].value);
  fields.set("_copy", "1");
  for (const [name, value] of fields) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    sent.append(field);
  }
  document.body.append(sent);
  sent.submit();
}

const copies = new Copies(box, form, use);
form.addEventListener("click", () => copies.soon()); // rows come, go and move by buttons
globalThis.django?.jQuery(form).on("change", ".admin-autocomplete", () => copies.soon()); // select2 tells jQuery only
