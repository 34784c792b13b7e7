// The joint session's screens: what a facilitator chooses is saved at once, and what others change appears by itself.
// Without this script each page is an ordinary form with a button, and a link that fetches the page again.

import { Idiomorph } from "idiomorph";
import "./clocks.js";
import "./own_notes.js";

/**
 * A part of the page that is saved by itself, with what is under way.
 * @typedef {HTMLElement & {
 *   dirty?: boolean; saving?: boolean; again?: boolean; failed?: number; refused?: string;
 *   timer?: number; kept?: HTMLElement;
 * }} Part
 */
/**
 * A form that is sent without leaving the page.
 * @typedef {HTMLFormElement & {
 *   sending?: HTMLButtonElement | true; next?: HTMLButtonElement; waiting?: boolean; timer?: number;
 * }} LiveForm
 */

const session = document.querySelector("[data-session]");
const words = session.dataset;
const EVERY = 2000; // about: a room whose screens were served together does not ask together
let every = EVERY; // longer where the server says that it is busy
const PAUSE = 900; // in typing, before it is saved
const PASSING = 400; // from one choice to the next, before it is sent
let token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];

const region = () => session.querySelector(".session-region");
const parts = () => [...session.querySelectorAll("[data-part]")];
/** @param {HTMLElement} field */
const isText = (field) => field.matches("textarea, input[type=date], input[type=text]");
/** @param {any} field */
const isTyped = (field) => isText(field) && field.value !== field.defaultValue;
/**
 * @param {"say" | "signed"} what
 * @param {string} [detail]
 */
const tellPage = (what, detail) => document.dispatchEvent(new CustomEvent(what, { detail }));
/** @param {string} [sentence] */
const say = (sentence) => tellPage("say", sentence);

// --- laying a fresh piece of page over the old one, so that focus, scrolling and what is being typed stay

// Held: what a person has changed and the server has not, or a conflict that waits for her choice.
/** @param {Part} element */
const held = (element) => element.dirty || element.saving || element.querySelector("[data-conflict]");
/** @param {Node} node */
const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;

// Idiomorph finds out what came, went and moved; what a person types or has opened is ours to keep.
/**
 * @param {HTMLElement} old
 * @param {HTMLElement} fresh
 * @param {Part} [own] the part that was saved
 */
function lay(old, fresh, own) {
  Idiomorph.morph(old, fresh, {
    callbacks: {
      beforeNodeMorphed: (was, comes) => !isElement(was) || mayChange(was, comes, own),
      afterNodeMorphed: (was, comes) => was.nodeName === "SELECT" && layChoice(was, comes),
      beforeAttributeUpdated: (name, _element, change) => name !== "open" || change !== "remove",
    },
  });
}

/**
 * @param {any} old
 * @param {any} fresh
 * @param {Part} [own]
 */
function mayChange(old, fresh, own) {
  if (old.nodeName === "OUTPUT" || old.waiting) return false;
  if ("part" in old.dataset && old !== own) {
    if (held(old)) return false;
    notice(old, fresh);
  }
  if (old.nodeName === "SELECT") old.follows = isUntouched(old);
  if (!old.matches("input, textarea, option")) return true;
  layAttributes(old, fresh);
  layField(old, fresh);
  return false;
}

// A list from which she has chosen nothing shows what was chosen elsewhere.
/** @param {HTMLSelectElement} list */
function isUntouched(list) {
  return list !== document.activeElement && list.value === standing(list);
}

/** @param {HTMLSelectElement} list */
function standing(list) {
  return ([...list.options].find((option) => option.defaultSelected) ?? list.options[0])?.value ?? "";
}

/**
 * @param {any} list
 * @param {any} fresh
 */
function layChoice(list, fresh) {
  layField(list, fresh);
  if (list.follows) list.value = fresh.value;
}

/**
 * @param {HTMLElement} old
 * @param {HTMLElement} fresh
 */
function layAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
}

/**
 * @param {any} old
 * @param {any} fresh
 */
function layField(old, fresh) {
  if (old.nodeName === "OPTION") old.text = fresh.text;
  else if (old.closest("[data-own]"))
    return; // her own, kept on this screen only
  else if (old.type === "radio") old.checked = fresh.checked;
  else if (old.closest("[data-part]") || old.type === "hidden") layValue(old, fresh);
}

/**
 * @param {any} old
 * @param {any} fresh
 */
function layValue(old, fresh) {
  if (old !== document.activeElement && old.value !== fresh.value) old.value = fresh.value;
  if (old.nodeName === "TEXTAREA") old.defaultValue = fresh.defaultValue;
}

// Let the eye find what somebody else has changed.
/**
 * @param {HTMLElement} old
 * @param {HTMLElement} fresh
 */
function notice(old, fresh) {
  const text = (/** @type {HTMLElement} */ part) =>
    part.querySelector("[name^=seen-]")?.value ?? part.textContent.replace(/\s+/g, " ");
  if (text(old) === text(fresh)) return;
  tell(old, "");
  fresh.classList.add("is-fresh");
  setTimeout(() => old.classList.remove("is-fresh"), 2500);
}

/**
 * @param {string} html
 * @param {Part} [own]
 */
function take(html, own) {
  const page = document.createElement("template");
  page.innerHTML = html;
  const [old, fresh] = [region(), page.content.querySelector(".session-region")];
  const focused = /** @type {HTMLElement} */ (document.activeElement);
  if (old.dataset.number !== fresh.dataset.number || old.dataset.kind !== fresh.dataset.kind) {
    const left = parts().filter((part) => part.dirty && !part.saving);
    old.replaceWith(fresh);
    left.forEach((part) => (part.refused ? keepWords(part, part.refused) : save(part)));
    say(fresh.dataset.now ?? "");
    scrollTo({ top: 0 });
  } else {
    lay(old, fresh, own);
  }
  if (focused !== document.body && !focused.isConnected) {
    const same = focused.id && document.getElementById(focused.id);
    (same || document.getElementById("decision-title"))?.focus({ preventScroll: Boolean(same) });
  }
}

// --- looking for what others changed

let looking = false;

/**
 * @param {string | URL} url
 * @param {RequestInit} [options]
 */
function ask(url, options) {
  const headers = { "HX-Request": "true", "X-CSRFToken": token };
  return fetch(url, { headers, cache: "no-store", ...options });
}

/** @param {string} [v] the version that is here */
function stateOf(v) {
  const url = new URL(words.state, location.href);
  if (v) url.searchParams.set("v", v);
  if (words.screen) url.searchParams.set("screen", words.screen);
  for (const [name, value] of new URLSearchParams(region().dataset.asks ?? "")) url.searchParams.set(name, value);
  return url;
}

async function look() {
  if (document.hidden || looking) return;
  looking = true;
  try {
    const { v } = region().dataset;
    await looked(await ask(stateOf(v)), v);
  } catch {
    connected(false);
  }
  looking = false;
}

/**
 * @param {Response} response
 * @param {string} v
 */
async function looked(response, v) {
  connected(response.status < 500);
  every = Number(response.headers.get("Poll-After")) * 1000 || EVERY;
  if (response.ok) {
    tellPage("signed", "in");
    if (response.status === 200) {
      const html = await response.text();
      if (isAnothers(html)) return leaveToOther();
      // What was saved while this was under way is newer.
      if (region().dataset.v === v) take(html);
    }
    parts()
      .filter((part) => part.failed <= Date.now())
      .forEach((part) => save(part));
  } else if (response.status === 401) tellPage("signed", "out");
  else if (response.status === 409) refuse(await reasonOf(response));
  else if ([403, 404].includes(response.status)) leaveToOther();
}

// Somebody else is signed in here now: what the server sends is hers, and is laid over nobody else's page.
/** @param {string} html */
function isAnothers(html) {
  const page = document.createElement("template");
  page.innerHTML = html;
  const { who } = page.content.querySelector(".session-region")?.dataset ?? {};
  return Boolean(who) && who !== region().dataset.who;
}

// No longer hers to see: the page itself says so. What she is typing stays in sight.
function leaveToOther() {
  if (![...session.querySelectorAll("textarea, input")].some(isTyped) && !parts().some(held)) location.reload();
  else refuse(words.refused);
  parts()
    .filter((part) => part.failed)
    .forEach((part) => refused(part, words.refused));
}

// What the server says itself, or that it did not take it.
/**
 * @param {Response} answer
 * @returns {Promise<string>}
 */
async function reasonOf(answer) {
  const { error } = await answer.json().catch(() => ({}));
  return error ?? words.refused;
}

/** @param {boolean} now */
function connected(now) {
  const lost = session.querySelector(".session-offline");
  if (now) lost?.remove();
  else if (!lost) {
    const note = document.createElement("p");
    note.className = "callout callout-warn session-offline";
    note.setAttribute("role", "status");
    note.textContent = words.offline;
    session.prepend(note);
  }
}

/** @param {string} [sentence] */
function refuse(sentence) {
  const last = session.querySelector(".session-refused");
  if (last?.textContent === sentence) return;
  last?.remove();
  if (sentence) note("session-refused", sentence);
}

/**
 * @param {string} name
 * @param {string[]} sentences
 */
function note(name, ...sentences) {
  const box = document.createElement("div");
  box.className = `callout callout-warn ${name}`;
  box.setAttribute("role", "alert");
  for (const sentence of sentences)
    box.append(Object.assign(document.createElement("p"), { dir: "auto", textContent: sentence }));
  session.prepend(box);
  box.scrollIntoView({ block: "nearest" });
  return box;
}

// Of a part that is no longer on the page: she reads and copies here what was not taken.
/**
 * @param {Part} part
 * @param {string} [sentence]
 */
function keepWords(part, sentence) {
  const texts = [...part.querySelectorAll("textarea")].filter(isTyped).map((field) => field.value);
  part.kept?.remove();
  if (texts.length) part.kept = note("session-kept", sentence ?? "", ...texts);
}

async function keepLooking() {
  await look();
  setTimeout(keepLooking, every * (0.8 + 0.4 * Math.random()));
}

// --- saving what a facilitator changes, part by part

/**
 * @param {HTMLElement} part
 * @param {string} [sentence]
 */
function tell(part, sentence = "") {
  const output = part.querySelector("output");
  if (output && output.textContent !== sentence) output.textContent = sentence;
}

/**
 * @param {Part} part
 * @param {HTMLButtonElement} [button]
 */
function fieldsOf(part, button) {
  const data = new URLSearchParams();
  for (const field of part.querySelectorAll("input, textarea, select")) {
    if (field.type !== "radio" || field.checked) data.append(field.name, field.value);
  }
  if (button) data.append(button.name, button.value);
  return data;
}

// An open page may hold an old token, since she signed in anew in another window. The new one is taken for her alone.
/**
 * @param {string} url
 * @param {BodyInit} body
 * @param {RequestInit} [more]
 */
async function post(url, body, more) {
  const answer = await ask(url, { method: "POST", body, ...more });
  return answer.status === 403 && (await renewed()) ? ask(url, { method: "POST", body, ...more }) : answer;
}

async function renewed() {
  const [, now] = /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie) ?? [];
  if (!now || now === token) return false;
  const answer = await ask(stateOf());
  const page = document.createElement("template");
  page.innerHTML = answer.ok ? await answer.text() : "";
  if (page.content.querySelector(".session-region")?.dataset.who !== region().dataset.who) return false;
  token = now;
  return true;
}

/**
 * @param {Part} part
 * @param {HTMLButtonElement} [button]
 */
async function save(part, button) {
  clearTimeout(part.timer);
  if (part.saving) {
    part.again = true;
    return;
  }
  const form = /** @type {HTMLFormElement} */ (part.closest("form"));
  Object.assign(part, { saving: true, again: false, failed: undefined, refused: "", dirty: true });
  tell(part, words.saving);
  try {
    await saved(part, await post(form.action, fieldsOf(part, button), { keepalive: true }));
  } catch {
    unsent(part, words.failed);
  }
  part.saving = false;
  if (part.again) save(part);
}

/**
 * @param {Part} part
 * @param {Response} answer
 */
async function saved(part, answer) {
  if (answer.ok) return kept(part, await answer.text());
  if (answer.status >= 500) return unsent(part, words.failed);
  if (answer.status === 429) return unsent(part, await reasonOf(answer), answer.headers.get("Retry-After"));
  if (answer.status !== 401) return refused(part, await reasonOf(answer));
  tellPage("signed", "out");
  return unsent(part, document.body.dataset.signedOut);
}

/**
 * @param {Part} part
 * @param {string} html
 */
function kept(part, html) {
  if (part.again) return keepTyping(part, html);
  Object.assign(part, { dirty: false, saving: false });
  if (part.isConnected) take(html, part);
  const asks = part.querySelector("[data-conflict]");
  tell(part, asks ? "" : words.saved);
  if (asks && part.contains(document.activeElement)) asks.querySelector("button").focus();
}

// Sent again once the server answers, and no sooner than it asks for.
/**
 * @param {Part} part
 * @param {string} [sentence]
 * @param {string | null} [seconds]
 */
function unsent(part, sentence, seconds) {
  Object.assign(part, { dirty: true, failed: Date.now() + 1000 * Number(seconds ?? 0) });
  tell(part, sentence);
  if (!part.isConnected) keepWords(part, words.refused);
}

// What was chosen and not taken goes back to what the server has.
/** @param {HTMLElement} root */
function standAgain(root) {
  for (const choice of root.querySelectorAll("input[type=radio]")) choice.checked = choice.defaultChecked;
  for (const list of root.querySelectorAll("select")) list.value = standing(list);
}

// A choice gives way to what stands; words stay until she has seen to them.
/**
 * @param {Part} part
 * @param {string} [sentence]
 */
function refused(part, sentence) {
  standAgain(part);
  const typed = [...part.querySelectorAll("textarea, input")].some(isTyped);
  Object.assign(part, { failed: undefined, refused: sentence, dirty: typed });
  say(sentence);
  tell(part, sentence);
  if (!part.isConnected) keepWords(part, sentence);
}

// She went on while it was saved: only the base of what comes next changes, unless somebody else was there first.
/**
 * @param {Part} part
 * @param {string} html
 */
function keepTyping(part, html) {
  const page = document.createElement("template");
  page.innerHTML = html;
  const fresh = page.content.getElementById(part.id);
  if (!fresh || fresh.querySelector("[data-conflict]")) return;
  const seen = "[name^=seen-]";
  part.querySelector(seen).value = fresh.querySelector(seen).value;
}

// A second press of the same button while the first is under way is none; another one is sent after it. What could not be
// sent says so until the next press.
/**
 * @param {LiveForm} form
 * @param {HTMLButtonElement} [button]
 */
async function send(form, button) {
  if (form.sending) {
    form.next = button === form.sending ? undefined : button;
    return;
  }
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  body.delete("csrfmiddlewaretoken"); // which may be old; the header has it
  if (button?.name) body.append(button.name, button.value);
  form.sending = button ?? true;
  form.waiting = false;
  try {
    const answer = await post(form.action, body);
    if (answer.status === 401) tellPage("signed", "out");
    else if (answer.status >= 500) refuse(words.unsent);
    else if (!answer.ok) {
      standAgain(form);
      refuse(await reasonOf(answer));
    } else {
      const html = await answer.text();
      refuse("");
      if (form.dataset.go) history.pushState(null, "", form.dataset.go);
      take(html);
    }
  } catch {
    refuse(words.unsent);
  }
  const { next } = form;
  form.sending = form.next = undefined;
  if (next?.isConnected) send(form, next);
}

/**
 * @param {any} field
 * @returns {Part | null | false | undefined}
 */
const partOf = (field) => field.form && "record" in field.form.dataset && field.closest("[data-part]");

session.addEventListener("change", (/** @type {PageEvent} */ event) => {
  const part = partOf(event.target);
  if (part) save(part);
  if (event.target.form && "auto" in event.target.form.dataset) sendSoon(event.target.form);
});

// Arrow keys pass over choices; only the one where they stop is sent.
/** @param {LiveForm} form */
function sendSoon(form) {
  clearTimeout(form.timer);
  form.waiting = true;
  form.timer = setTimeout(() => send(form), PASSING);
}

session.addEventListener("input", (/** @type {PageEvent} */ event) => {
  const part = isText(event.target) && partOf(event.target);
  if (!part) return;
  part.dirty = true;
  clearTimeout(part.timer);
  part.timer = setTimeout(() => save(part), PAUSE);
});

session.addEventListener("submit", (/** @type {PageEvent} */ event) => {
  const form = event.target;
  if ("live" in form.dataset) {
    event.preventDefault();
    send(form, event.submitter);
  } else if ("record" in form.dataset) {
    event.preventDefault();
    const choice = event.submitter?.name && event.submitter.closest("[data-part]");
    if (event.submitter && "whole" in event.submitter.dataset) send(form, event.submitter);
    else if (choice) save(choice, event.submitter);
    else
      parts()
        .filter((part) => part.dirty)
        .forEach((part) => save(part));
  }
});

// A tapped measure becomes the text of the action, below what she wrote herself. As `measures.filled` on the server.
session.addEventListener("click", (/** @type {PageEvent} */ event) => {
  const tapped = event.target.closest("[data-fill]");
  if (!tapped) return;
  event.preventDefault();
  const field = document.getElementById(tapped.dataset.fill);
  const offered = [...session.querySelectorAll("[data-fill]")].map(({ textContent }) => textContent);
  const own = field.value.trim();
  field.value = own && !offered.includes(own) ? `${own}\n${tapped.textContent}` : tapped.textContent;
  field.focus();
});

addEventListener("popstate", () => location.reload());
addEventListener("beforeunload", (event) => {
  if (parts().some((part) => part.dirty || part.saving)) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden)
    parts()
      .filter((part) => part.dirty && !part.saving)
      .forEach((part) => save(part));
  else look();
});

session.classList.add("is-live");
setTimeout(keepLooking, EVERY);
