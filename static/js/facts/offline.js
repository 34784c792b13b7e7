// The page of facts on a phone without a connection. While there is one, the page is kept, sealed, with its script. The
// shell of the rating pages, which the service worker gives then, brings that script; it puts the page in the shell.
import { cookie, rootOf } from "../rate/line.js";
import { openStore } from "../rate/store.js";
import { FACTS } from "./send.js";

const main = document.getElementById("main");

/**
 * Keep this page now, and each time something in it is saved.
 * @param {import("./page.js").FactsPage} page
 * @returns {Promise<boolean>} false on a device that keeps nothing, or for a person without a place in it
 */
export async function keep(page) {
  const store = await page.opened;
  const owner = cookie("rater");
  if (!store.keeps || !page.membership || !owner) return false;
  await store.remember(page.membership, owner);
  const put = () => {
    const data = { title: document.title, html: content() };
    return store.put("sheets", { owner, code: page.code, membership: page.membership, data });
  };
  document.addEventListener("fact-saved", put);
  await put();
  return true;
}

/**
 * Keep the server's page, and what it takes to open it without a connection.
 * @param {import("./page.js").FactsPage} page
 * @param {string} rater the address of the rating pages
 * @param {string} script the address of this script
 */
export async function prepare(page, rater, script) {
  const whole = location.pathname.endsWith("/own/"); // not the answer to a fact that was wrong
  if (!whole || !navigator.serviceWorker || !(await keep(page))) return;
  try {
    await navigator.serviceWorker.register(`${rater}worker.js`, { scope: rootOf(rater) });
    const [cache, own] = await Promise.all([caches.open(FACTS), fetch(script)]);
    await cache.put(`${rater}facts.js`, own);
    main.dataset.ready = "yes";
  } catch {
    // No connection any more: the next visit brings what is missing.
  }
}

// Without messages, which were for one visit, and without the site's menus.
function content() {
  const copy = /** @type {HTMLElement} */ (main.cloneNode(true));
  for (const other of copy.querySelectorAll("[role=status], nav")) other.remove();
  return copy.innerHTML;
}

/**
 * Put the page that is kept in the place of the shell's.
 * @returns {Promise<HTMLElement | null>} its facts; nothing where none is kept, or where this person has no key to it
 */
export async function drawKept() {
  const root = rootOf(main.dataset.rater);
  const [code] = location.pathname.slice(root.length).split("/");
  const store = await openStore(FACTS);
  const kept = await store.sheet(cookie("rater"), code);
  store.close();
  if (!kept) return null;
  document.title = kept.data.title;
  const page = new DOMParser().parseFromString(kept.data.html, "text/html");
  main.textContent = "";
  main.append(...page.body.childNodes);
  const box = main.querySelector("[data-facts]");
  const [back, answers] = document.querySelectorAll(".focus-back a, .focus-aside a");
  Object.assign(back, { href: `${root}${code}/`, textContent: box.dataset.title });
  answers.href = `${root}${code}/rate/review/`;
  return box;
}
