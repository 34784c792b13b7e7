// On the page on which a phone is cleared: whose the facts are that wait, and sending her own. Each assessment's page of
// facts says who asks, and brings the key.
import { rootOf } from "../rate/line.js";
import { openStore } from "../rate/store.js";
import { FACTS, formOf, post } from "./send.js";

const root = rootOf(document.getElementById("main").dataset.rater);
begin();

async function begin() {
  const store = await openStore(FACTS);
  const codes = new Set((await store.all("queue")).map((item) => item.code));
  const pages = (await Promise.all([...codes].map(asked))).filter((page) => page !== null);
  for (const { membership, key } of pages) await store.take(membership, key);
  const send = async () => {
    for (const page of pages) await sendAll(store, page);
  };
  const memberships = pages.map((page) => page.membership);
  document.dispatchEvent(new CustomEvent("facts", { detail: { memberships, send } }));
}

/** @param {string} code */
async function asked(code) {
  try {
    const response = await fetch(`${root}${code}/facts/own/`, { redirect: "error" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const { membership = "", key } = page.querySelector("[data-facts]").dataset;
    return membership ? { page, code, membership, key } : null;
  } catch {
    return null; // no connection, or not hers: they stay as they are
  }
}

/**
 * @param {import("../rate/store").Store} store
 * @param {{ page: Document; code: string; membership: string }} asked
 */
async function sendAll(store, { page, code, membership }) {
  for (const item of await store.items(membership, code)) {
    const form = formOf(page, item);
    if (form) {
      const { status, body } = await post(form, item);
      if (status === 200) await store.settle(item, body.version);
    } else {
      await store.remove("queue", item);
    }
  }
}
