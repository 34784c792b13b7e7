// Sending one fact as its form would: from the page of facts, and from the page on which a phone is cleared.
import { ask, cookie } from "../rate/line.js";

/** @typedef {import("../rate/types").Item} Item */

export const FACTS = "facts";
export const CELL = "fact/";
const LIMIT = 15000;

/**
 * @param {Document} page that asks the facts
 * @param {Item} item
 * @returns {(HTMLFormElement & { elements: any }) | null} nothing where the fact is no longer asked
 */
export function formOf(page, item) {
  return /** @type {any} */ (page.getElementById(item.cell.slice(CELL.length)));
}

/** @param {HTMLFormElement & { elements: any }} form @param {Item} item */
export function post(form, item) {
  const body = new URLSearchParams({
    csrfmiddlewaretoken: cookie("csrftoken") || form.elements.csrfmiddlewaretoken.value,
    for: form.elements.for.value,
    seen: String(item.b),
    value: item.answer?.[0] ?? "",
  });
  return ask(/** @type {string} */ (form.getAttribute("action")), LIMIT, { method: "POST", body });
}
