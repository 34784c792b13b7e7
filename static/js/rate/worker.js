// The service worker: gives the shell where there is no line, and sends what waits once there is one. It keeps only the
// shell and what the shell is drawn with, never an answer; and it answers for the rating pages and the page of one's facts alone.
import { fill, pageOr, tidy } from "./keep.js";
import { ask } from "./line.js";
import { Sender } from "./send.js";
import { Sheet } from "./sheet.js";
import { openStore } from "./store.js";

const { version, shell, assets, root, patience } = self.RATE;
const CACHE = "rate-" + version;

addEventListener("install", (event) => event.waitUntil(fill(CACHE, [shell], assets)));
addEventListener("activate", (event) => event.waitUntil(tidy("rate-", CACHE)));
addEventListener("sync", (event) => event.waitUntil(sendAll()));
addEventListener("fetch", (event) => {
  const { request } = event,
    { origin, pathname, searchParams } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && rates(pathname) && !searchParams.has("for")) event.respondWith(page(request));
  else if (assets.includes(pathname) || pathname === root + "rater/facts.js")
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
});

/** @param {string} path */
function rates(path) {
  const rest = path.startsWith(root) ? path.slice(root.length) : "";
  return rest === "rater/" || rest === "rater/leave/" || /^[^/]+\/(rate\/|facts\/own\/$)/.test(rest);
}

// The server's page while there is a line; the shell where it fails, or is slow and the sheet is here.
/** @param {Request} request */
async function page(request) {
  const asked = fetch(request),
    url = new URL(request.url);
  const here = async () => (await known(url.pathname)) && caches.match(shell);
  if (url.searchParams.has("wait"))
    return asked.catch(async (error) => (await caches.match(shell)) || Promise.reject(error));
  return pageOr(asked, here, () => caches.match(shell), patience);
}

/** @param {string} path */
async function known(path) {
  const [code, part] = path.slice(root.length).split("/"),
    store = await openStore(part === "facts" ? part : undefined);
  const rows = await store.all("sheets");
  store.close();
  return code === "rater" || rows.some((row) => row.code === code);
}

async function sendAll() {
  const store = await openStore();
  const memberships = new Map((await store.all("queue")).map((item) => [item.membership + item.code, item]));
  let left = false;
  for (const { membership, code } of memberships.values()) left = (await sendSheet(store, membership, code)) || left;
  store.close();
  if (left) throw new Error("not everything was sent"); // the browser asks again later
}

// Ask first whose session this is: what another membership gave stays here, unsent. Return whether something is left to send.
/**
 * @param {import("./store").Store} store
 * @param {string} membership
 * @param {string} code
 */
async function sendSheet(store, membership, code) {
  const { status, body } = await ask(root + code + "/rate/sheet/", patience * 2.5);
  if (status !== 200) return status === 0 || status >= 500;
  if (body.membership !== membership) return false;
  await store.take(membership, body.key);
  const sheet = new Sheet(store, body.owner, code, membership);
  await sheet.load();
  sheet.merge(body);
  const say = otherTabs();
  const sender = new Sender(
    sheet,
    root,
    patience * 2.5,
    () => body.token,
    () => say({ membership, code }),
  );
  await sender.drain();
  clearTimeout(sender.timer);
  return sheet.waiting.length > 0;
}

/** @returns {(message: import("./types").TabMessage) => void} */
function otherTabs() {
  if (!self.BroadcastChannel) return () => {};
  const channel = new BroadcastChannel("rating");
  return (message) => channel.postMessage(message);
}
