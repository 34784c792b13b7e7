// Keeps each fact on the phone until the server has it, and saves it without leaving the page. What was not sent when
// the page was closed is sent when the page is opened again.
import { openStore, Store } from "../rate/store.js";
import { CELL, FACTS, formOf, post } from "./send.js";

/** @typedef {import("../rate/types").Item} Item */

const LATER = [0, 401, 403, 408, 429]; // no connection, signed out, too many requests: the fact is not wrong

const page = document.querySelector("[data-facts]");
const { membership = "", code, key } = page.dataset,
  words = page.dataset;
delete page.dataset.key; // nobody finds it in a page that is saved to a file
/** @type {Promise<Store>} */
const opened = open();
let turn = Promise.resolve();

page.addEventListener("submit", (/** @type {PageEvent} */ event) => {
  if ("plain" in event.target.dataset) return; // a choice between versions, or a confirmation: the page changes
  event.preventDefault();
  keep(event.target);
});
page.addEventListener("input", (/** @type {PageEvent} */ event) => {
  say(event.target.form, "");
});
for (const again of ["online", "focus"]) addEventListener(again, send);
opened.then(restore).then(send);

// A facilitator who enters facts for partners has no place on this device: what they enter ends with the page.
async function open() {
  if (!membership) return new Store(FACTS);
  const store = await openStore(FACTS);
  await store.take(membership, key);
  return store;
}

/** @param {Store} store */
async function restore(store) {
  addEventListener("beforeunload", (event) => {
    if (!store.keeps && store.spare.queue.size) event.preventDefault();
  });
  for (const item of await store.items(membership, code)) {
    const form = formOf(document, item);
    if (form) form.elements.value.value = item.answer?.[0];
  }
}

/** @param {HTMLFormElement & { elements: any }} form */
async function keep(form) {
  say(form, words.saving);
  const store = await opened;
  await store.put("queue", {
    membership,
    code,
    cell: CELL + form.id,
    m: `${Date.now()} ${Math.random()}`,
    b: +form.elements.seen.value,
    t: Date.now(),
    answer: [form.elements.value.value],
  });
  return send();
}

// One after the other, so that each is sent upon the version that the one before has made.
function send() {
  turn = turn.then(sendAll);
  return turn;
}

async function sendAll() {
  const store = await opened;
  for (const item of await store.items(membership, code)) await sendOne(store, item);
}

/**
 * @param {Store} store
 * @param {Item} item
 */
async function sendOne(store, item) {
  const form = formOf(document, item);
  if (!form) return store.remove("queue", item); // the fact is no longer asked
  say(form, words.saving);
  const { status, body } = await post(form, item);
  if (status === 200) return saved(store, form, item, body.version);
  if (LATER.includes(status) || status >= 500) return say(form, store.keeps ? words.kept : words.failed);
  await store.remove("queue", item);
  form.elements.value.value = item.answer?.[0];
  return form.submit(); // the page says what is wrong, and shows both versions
}

/**
 * @param {Store} store
 * @param {HTMLFormElement & { elements: any }} form
 * @param {Item} item
 * @param {number} version
 */
async function saved(store, form, item, version) {
  form.elements.seen.value = version;
  if (await store.settle(item, version)) say(form, words.saved);
}

/** @param {HTMLFormElement} form @param {string | undefined} text */
function say(form, text) {
  form.querySelector(".saved").textContent = text;
}
