// “Leave and clear this phone”: says what would be lost, then forgets everything.

import { download } from "./file.js";
import { cookie } from "./line.js";
import { isAnswer, openStore } from "./store.js";
import { counted } from "./words.js";

const LIMIT = 15000;

// Pressed before this page knows what would be lost: it waits, and the form asks about that then.
/**
 * @param {HTMLFormElement} form
 * @returns {() => void} to let it go
 */
export function holdSubmit(form) {
  let pressed = false;
  const wait = (/** @type {Event} */ event) => {
    event.preventDefault();
    pressed = true;
  };
  form.addEventListener("submit", wait);
  return () => {
    form.removeEventListener("submit", wait);
    if (pressed) form.querySelector("[type=submit]").click();
  };
}

/**
 * @param {import("./store").Store} store
 * @param {import("./store").Store} own
 * @param {import("./sheet").Sheet[]} mine
 * @param {() => Promise<unknown>} send
 * @param {(message: import("./types").TabMessage) => void} tell
 * @param {() => void} release
 */
export async function leaving(store, own, mine, send, tell, release) {
  /** @type {HTMLFormElement} */
  const form = document.getElementById("leave");
  const laptop = await openStore("laptop"); // a session that the same person leads; her facilitator's membership is another
  const facts = await openStore("facts"); // of the person's own organisation, not sent yet
  let more = { memberships: /** @type {string[]} */ ([]), send: async () => {} }; // of those, once their own script is here
  const show = async () => {
    const memberships = mine.map((sheet) => sheet.membership).concat(more.memberships);
    for (const sheet of mine) await sheet.load();
    const all = (await store.all("queue")).concat(await facts.all("queue")).filter(isAnswer);
    warn(form.querySelector(".unsent"), all.filter((item) => memberships.includes(item.membership)).length);
    const others = all.filter((item) => !memberships.includes(item.membership)).concat(await laptop.all("queue"));
    warn(form.querySelector(".others"), others.length);
    warn(form.querySelector(".own"), (await own.all("queue")).filter(isAnswer).length);
  };
  form.querySelector(".send").addEventListener("click", () => Promise.all([send(), more.send()]).then(show));
  document.addEventListener("facts", (/** @type {any} */ event) => {
    more = event.detail;
    show();
  });
  if ((await facts.all("queue")).length)
    document.body.append(Object.assign(document.createElement("script"), { src: form.dataset.facts }));
  form.querySelector(".download").addEventListener("click", () => {
    for (const sheet of mine) if (sheet.items.size) download(sheet, Array.from(sheet.items.values()), form.dataset);
  });
  await show();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave([store, laptop, own, facts], form, tell);
  });
  release();
  return show;
}

/**
 * @param {HTMLElement} box
 * @param {number} n
 */
function warn(box, n) {
  const words = box.querySelector("[data-forms]");
  box.hidden = !n;
  box.querySelector("[type=checkbox]").required = n > 0;
  words.textContent = n ? counted(words.dataset.forms, n) : "";
}

/**
 * @param {import("./store").Store[]} stores
 * @param {HTMLFormElement} form
 * @param {(message: import("./types").TabMessage) => void} tell
 */
async function leave(stores, form, tell) {
  const token = cookie("csrftoken") || form.querySelector("[name=csrfmiddlewaretoken]")?.value;
  tell({ cleared: true });
  for (const store of stores) await store.clear();
  if (window.caches) for (const name of await caches.keys()) await caches.delete(name);
  if (navigator.serviceWorker) {
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  }
  try {
    localStorage.clear();
    sessionStorage.clear();
  } catch {
    // Nothing can be kept here, so nothing is.
  }
  document.cookie = "rater=; max-age=0; path=/";
  const page = await signOut(form.action, token);
  const main = document.getElementById("main");
  document.querySelectorAll(".focus-back a, .focus-aside a, .focus-foot, #line").forEach((one) => one.remove());
  if (page) {
    main.innerHTML = "";
    main.append(...page.getElementById("main").childNodes);
    document.title = page.title;
  } else {
    main.textContent = "";
    main.append(Object.assign(document.createElement("h1"), { textContent: form.dataset.offline }));
  }
  main.focus();
}

// Return the page that says so, or nothing without a line.
/**
 * @param {string} url
 * @param {string} token
 */
async function signOut(url, token) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), LIMIT);
  try {
    const response = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, signal: abort.signal });
    if (!response.ok) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
