// Keeps each fact on the phone until the server has it, and saves it without leaving the page. What was not sent when
// the page was closed is sent when the page is opened again.
import { cookie } from "../rate/line.js";
import { openStore, Store } from "../rate/store.js";
import { CELL, FACTS, formOf, post } from "./send.js";

/** @typedef {import("../rate/types").Item} Item */
/** @typedef {HTMLFormElement & { elements: any }} Form */

const LATER = [0, 401, 403, 408, 429]; // no connection, signed out, too many requests: the fact is not wrong

export class FactsPage {
  /** @param {HTMLElement} box of all facts that are asked */
  constructor(box) {
    const { membership = "", code, key } = box.dataset;
    delete box.dataset.key; // nobody finds it in a page that is saved to a file
    this.membership = membership;
    this.code = code;
    this.words = box.dataset;
    /** @type {Promise<Store>} */
    this.opened = this.open(key);
    this.turn = this.opened.then((store) => this.restore(store));
    box.addEventListener("submit", (/** @type {PageEvent} */ event) => {
      if ("plain" in event.target.dataset) return; // a choice between versions, or a confirmation: the page changes
      event.preventDefault();
      this.put(event.target);
    });
    box.addEventListener("input", (/** @type {PageEvent} */ event) => {
      say(event.target.form, "");
    });
    for (const again of ["online", "focus"]) addEventListener(again, () => this.send());
    this.send();
  }

  // A facilitator who enters facts for partners has no place on this device: what they enter ends with the page.
  /** @param {string | undefined} key */
  async open(key) {
    if (!this.membership) return new Store(FACTS);
    const store = await openStore(FACTS);
    await store.forgetOthers(cookie("rater"));
    await store.take(this.membership, key);
    return store;
  }

  /** @param {Store} store */
  async restore(store) {
    addEventListener("beforeunload", (event) => {
      if (!store.keeps && store.spare.queue.size) event.preventDefault();
    });
    for (const item of await store.items(this.membership, this.code)) {
      const form = formOf(document, item);
      if (form) form.elements.value.value = item.answer?.[0];
    }
  }

  /** @param {Form} form */
  async put(form) {
    say(form, this.words.saving);
    const store = await this.opened;
    await store.put("queue", {
      membership: this.membership,
      code: this.code,
      cell: CELL + form.id,
      m: `${Date.now()} ${Math.random()}`,
      b: +form.elements.seen.value,
      t: Date.now(),
      answer: [form.elements.value.value],
    });
    return this.send();
  }

  // One after the other, so that each is sent upon the version that the one before has made.
  send() {
    this.turn = this.turn.then(() => this.sendAll());
    return this.turn;
  }

  async sendAll() {
    const store = await this.opened;
    for (const item of await store.items(this.membership, this.code)) await this.sendOne(store, item);
  }

  /**
   * @param {Store} store
   * @param {Item} item
   */
  async sendOne(store, item) {
    const form = formOf(document, item);
    if (!form) return store.remove("queue", item); // the fact is no longer asked
    say(form, this.words.saving);
    const { status, body } = await post(form, item);
    if (status === 200) return this.saved(store, form, item, body.version);
    if (LATER.includes(status) || status >= 500) return say(form, store.keeps ? this.words.kept : this.words.failed);
    await store.remove("queue", item);
    form.elements.value.value = item.answer?.[0];
    return form.submit(); // the page says what is wrong, and shows both versions
  }

  /**
   * @param {Store} store
   * @param {Form} form
   * @param {Item} item
   * @param {number} version
   */
  async saved(store, form, item, version) {
    form.elements.seen.value = version;
    if (!(await store.settle(item, version))) return;
    say(form, this.words.saved);
    markSaved(form, item.answer?.[0] ?? "");
    document.dispatchEvent(new Event("fact-saved"));
  }
}

/** @param {HTMLFormElement} form @param {string | undefined} text */
function say(form, text) {
  form.querySelector(".saved").textContent = text;
}

// The page's own text says what is saved, and not only what its fields show now: its text is what is kept.
/** @param {Form} form @param {string} value */
function markSaved(form, value) {
  for (const field of form.querySelectorAll("[name=value]")) {
    if (field.type === "radio") field.defaultChecked = field.value === value;
    else field.defaultValue = value;
  }
}
