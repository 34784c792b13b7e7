// The page of one's own facts: as the server gives it, or as this phone keeps it where there is no connection.
import { drawKept, keep, prepare } from "./offline.js";
import { FactsPage } from "./page.js";

const script = /** @type {HTMLScriptElement} */ (document.currentScript).src;
const box = document.querySelector("[data-facts]");
if (box) prepare(new FactsPage(box), box.dataset.rater, script);
else drawKept().then((kept) => (kept ? keep(new FactsPage(kept)) : document.dispatchEvent(new Event("missing"))));
