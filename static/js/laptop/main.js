// One-laptop mode: everything on the facilitator's machine. Each change is kept here first, and sent once there is a line.
import { asFile } from "../rate/file.js";
import { ask, cookie } from "../rate/line.js";
import { newId } from "../rate/sheet.js";
import { openStore } from "../rate/store.js";
import { counted } from "../rate/words.js";
import "../session/clocks.js";
import { Board, cellOf } from "./draw.js";
import { SessionSender } from "./send.js";
import { Session } from "./session.js";

/** @typedef {import("./draw").Cell} Cell */
/** @typedef {import("../rate/types").Item} Item */

const EVERY = 15000,
  PAUSE = 900;
const main = document.getElementById("main"),
  line = document.getElementById("line");
const base = location.pathname,
  words = main.dataset;
const code = base.split("/").slice(-4)[0],
  limit = +words.patience * 2.5;
/** @type {import("../rate/store").Store} */
let store;
/** @type {Session} */
let session;
/** @type {Board} */
let board;
/** @type {SessionSender} */
let sender;
let told = "",
  version = "";

begin();

async function begin() {
  const loading = main.querySelector("#loading"); // inside #decision, where the first decision takes its place
  loading.hidden = false;
  store = await openStore("laptop");
  const owner = cookie("rater");
  await store.forgetOthers(owner);
  session = new Session(store, owner, code, "");
  await session.load();
  await session.load(); // the queue is the membership's, and the membership is known only now
  board = new Board(main, session);
  sender = new SessionSender(session, base, limit, () => cookie("csrftoken") || session.token || "", tell);
  listen();
  if (session.data) draw();
  await refetch();
  loading.hidden = true;
  if (!session.data) main.querySelector("#missing").hidden = false;
  sender.now();
  keep();
  setInterval(() => navigator.onLine && !document.hidden && refetch("?v=" + version).then(() => sender.drain()), EVERY);
}

// The page itself, for when there is no network.
async function keep() {
  const worker = navigator.serviceWorker;
  if (!worker || !store.keeps || !session.data) return undefined;
  try {
    await worker.register(words.worker, { scope: base });
    const registration = await worker.getRegistration(base);
    if (registration) await active(registration);
    main.dataset.ready = "yes";
  } catch {
    main.dataset.ready = "no";
  }
  return state();
}

/**
 * @param {ServiceWorkerRegistration} registration
 * @returns {Promise<void>}
 */
function active(registration) {
  const coming = registration.installing || registration.waiting;
  if (!coming) return Promise.resolve();
  return new Promise((resolve, reject) => {
    coming.addEventListener("statechange", () => {
      if (coming.state === "activated") resolve();
      if (coming.state === "redundant") reject(new Error("not installed"));
    });
  });
}

async function refetch(query = "") {
  const { status, body } = await ask(base + "sheet/" + query, limit);
  if ((status === 200 || status === 204) && (told === "later" || told === "signin")) told = "";
  if (status === 401) tell("signin");
  if ((status === 403 || status === 404) && session.data) tell("denied");
  if (status === 409 && session.data) tell("closed", undefined, body.error);
  if (status !== 200 || !body.membership || (session.membership && session.membership !== body.membership))
    return state();
  const first = !session.data;
  session.owner = body.owner;
  await store.take(body.membership, body.key);
  await store.remember(body.membership, body.owner);
  session.merge(body);
  session.token = body.token;
  version = body.v;
  await session.keep();
  if (first) await session.load();
  if (first) draw();
  else board.refresh();
  return state();
}

function draw() {
  const number = +location.hash.slice(1),
    known = session.asked.decisions.map((one) => one[0]);
  main.querySelector("#missing").hidden = true;
  main.querySelector(".title").textContent = session.asked.title;
  board.show(known.includes(number) ? number : known[0]);
  ends = 0;
  arriving();
  state();
}

// Who is here, and what the group keeps to: ticked on this page, and kept nowhere.
function arriving() {
  const here = main.querySelector(".arriving"),
    rules = main.querySelector(".ground-rules");
  if (here.children.length) return;
  here.append(
    ...session.asked.partners.map(([n, name]) => {
      const item = document.createElement("li"),
        label = item.appendChild(document.createElement("label")),
        tick = label.appendChild(Object.assign(document.createElement("input"), { type: "checkbox", id: "here-" + n }));
      label.insertBefore(tick, null);
      label.append(" ", name);
      return item;
    }),
  );
  rules.append(
    ...(session.asked.rules || []).map((rule) => Object.assign(document.createElement("li"), { textContent: rule })),
  );
}

// --- what a person does

function listen() {
  main.querySelector(".back").href = base.replace(/laptop\/$/, "");
  addEventListener("hashchange", () => session.data && draw());
  for (const name of ["online", "focus"]) addEventListener(name, () => refetch().then(() => sender.now()));
  addEventListener("offline", () => state());
  addEventListener("pagehide", () =>
    board
      .cells()
      .filter((root) => root.dirty)
      .forEach(changed),
  );
  addEventListener("beforeunload", (event) => !store.keeps && session.waiting.length && event.preventDefault());
  main.addEventListener("input", (/** @type {PageEvent} */ event) => typed(event.target));
  main.addEventListener("change", (/** @type {PageEvent} */ event) => {
    const root = event.target.closest("[data-cell]");
    if (root) changed(root);
  });
  main.addEventListener("submit", (/** @type {PageEvent} */ event) => {
    event.preventDefault();
    if (event.target.matches(".plan")) plan(event.target);
  });
  document.addEventListener("click", (/** @type {PageEvent} */ event) => {
    const button = event.target.closest("button");
    if (button) pressed(button);
  });
}

// What she types was begun upon what stood there then.
/** @param {HTMLElement} field */
function typed(field) {
  const root = /** @type {Cell | null} */ (field.closest("[data-cell]"));
  if (!root || !field.matches("textarea")) return;
  if (!root.dirty) root.seen = session.shown(board.number, cellOf(root))[0];
  root.dirty = true;
  clearTimeout(root.timer);
  root.timer = setTimeout(() => changed(root), PAUSE);
}

/** @param {Cell} root */
async function changed(root) {
  clearTimeout(root.timer);
  const answer = board.read(root),
    cell = cellOf(root),
    { number } = board,
    seen = root.dirty ? root.seen : undefined;
  root.dirty = false;
  if (String(answer) === String(session.value(number, cell))) return;
  await session.put(number, cell, answer, seen);
  if (cell[0] === "p" && answer[1]) await session.wished(number);
  board.refresh();
  state();
  sender.now();
}

/** @param {any} form */
async function plan(form) {
  const { text, owner, due, confirmer } = form.elements;
  const answer = [text.value.trim(), owner.value, due.value, confirmer.value];
  await session.put(board.number, "x" + newId().slice(0, 8), answer, 0);
  form.reset();
  board.refresh();
  state();
  sender.now();
}

/** @param {HTMLButtonElement} button */
async function pressed(button) {
  const root = /** @type {Cell | null} */ (button.closest("[data-cell]")),
    item = root && session.item(board.number, cellOf(root));
  if (item && item.theirs && (button.name === "keep" || button.name === "use")) {
    await session.settle(item, button.name === "use");
    board.last = {};
    board.refresh();
    state();
    sender.now();
  }
  if (root && item && item.refused && button.name === "again") {
    await session.put(board.number, cellOf(root), item.answer ?? []);
    board.refresh();
    state();
    sender.now();
  }
  if (button.dataset.moment !== undefined) board.enter(button.value);
  if (button.dataset.turn) board.speakers(+button.dataset.turn);
  if (button.dataset.minutes) startClock(+button.dataset.minutes);
  if (button.dataset.drop) {
    const planned = session.items.get(button.dataset.drop);
    if (planned) await session.drop(planned);
    board.refresh();
    state();
  }
  if (button.id === "download") asFile([JSON.parse(button.dataset.head ?? "[]"), ...board.rows()], "session.csv");
  if (button.id === "clear") askFirst();
  if (button.id === "clear-no") document.getElementById("sure").hidden = true;
  if (button.id === "clear-yes") clear();
}

// The clock of a decision, on this page only.
let ends = 0;

/** @param {number} minutes */
function startClock(minutes) {
  ends = Math.max(ends, Date.now()) + minutes * 60000;
  const clock = board.place.querySelector("[data-clock]");
  clock.dataset.ends = String(ends);
  clock.dataset.left = String(Math.round((ends - Date.now()) / 1000));
  clock.hidden = false;
}

async function askFirst() {
  const sure = document.getElementById("sure"),
    lost = sure.querySelector(".lost"),
    n = (await store.all("queue")).length;
  lost.textContent = n ? counted(line.dataset.waiting, n) + " " + lost.dataset.lost : lost.dataset.none;
  sure.hidden = false;
  document.getElementById("clear-no").focus();
}

async function clear() {
  sender.stopped = true;
  await store.clear();
  if (window.caches)
    for (const name of await caches.keys()) if (name.startsWith("laptop-" + base)) await caches.delete(name);
  const registration = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration(base));
  if (registration) await registration.unregister();
  const cleared = document.importNode(document.getElementById("view-cleared").content, true);
  line.hidden = true;
  main.replaceChildren(cleared);
  main.querySelector("h1").focus();
}

// --- what is said

/**
 * @param {string} what
 * @param {Item} [_item]
 * @param {string} [sentence]
 */
function tell(what, _item, sentence) {
  if (what === "saved" || what === "differs") told = "";
  if (what === "signin") store.signedOut();
  if (what === "later" || what === "signin") told = sentence || what;
  if (what === "closed" || what === "foreign") told = sentence || words.foreign;
  if (what === "denied") told = words.denied;
  if (session.data) board.refresh();
  state();
}

async function state() {
  const waiting = session.waiting.length,
    choose = session.refused.length,
    said = [];
  const others = (await store.all("queue")).filter((item) => item.membership !== session.membership).length;
  if (waiting) said.push(counted(line.dataset.waiting, waiting));
  if (choose) said.push(counted(line.dataset.choose, choose));
  if (told === "signin") said.push(line.dataset.signin);
  else if (told && told !== "later") said.push(told);
  else if (waiting && (told || !navigator.onLine)) said.push(line.dataset.later);
  if (!store.keeps) said.push(line.dataset.memory);
  if (others) said.push(counted(line.dataset.others, others));
  const done = !said.length && session.data;
  if (done) said.push(navigator.onLine ? line.dataset.saved : line.dataset.offline);
  if (done && main.dataset.ready === "yes") said.push(line.dataset.ready);
  line.textContent = said.join(" ");
  line.classList.toggle("is-waiting", !done);
  if (told === "signin") {
    const link = Object.assign(document.createElement("a"), { textContent: line.dataset.signinLink });
    link.href = words.login + "?next=" + encodeURIComponent(base);
    line.append(" ", link);
  }
  line.hidden = !line.textContent;
}
