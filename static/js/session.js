// The joint session's screens: what a facilitator chooses is saved at once, and what others change appears by itself.
// Without this script each page is an ordinary form with a button, and a link that fetches the page again.

const session = document.querySelector("[data-session]");
const words = session.dataset;
const EVERY = 2000;
const PAUSE = 900; // in typing, before it is saved
const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers") || "{}") };

const region = () => session.querySelector(".session-region");
const parts = () => [...session.querySelectorAll("[data-part]")];
const isText = (field) => field.matches("textarea, input[type=date], input[type=text]");
const say = (sentence) => document.dispatchEvent(new CustomEvent("say", { detail: sentence }));

// --- laying a fresh piece of page over the old one, so that focus, scrolling and what is being typed stay

// Held: what a person has changed and the server has not, or a conflict that waits for her choice.
const held = (element) => element.dirty || element.saving || element.querySelector("[data-conflict]");

function lay(old, fresh, own) {
  if (old.nodeName !== fresh.nodeName || (old.id ?? "") !== (fresh.id ?? "")) {
    old.replaceWith(fresh);
  } else if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
  } else if ("part" in old.dataset && old !== own && held(old)) {
    return;
  } else if (old.nodeName !== "OUTPUT") {
    if ("part" in old.dataset && old !== own) notice(old, fresh);
    const follows = old.nodeName === "SELECT" && isUntouched(old) && fresh.value;
    layAttributes(old, fresh);
    layField(old, fresh);
    layChildren(old, fresh, own);
    if (follows !== false) old.value = follows;
  }
}

// A list from which she has chosen nothing shows what was chosen elsewhere.
function isUntouched(list) {
  const stood = [...list.options].find((option) => option.defaultSelected) ?? list.options[0];
  return list !== document.activeElement && list.value === (stood?.value ?? "");
}

function layAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
}

function layField(old, fresh) {
  if (old.closest("[data-own]")) return; // her own, kept on this screen only
  if (old.type === "radio") old.checked = fresh.checked;
  else if (old.matches("input, textarea, select") && old !== document.activeElement && old.value !== fresh.value) {
    if (old.closest("[data-part]") || old.type === "hidden") old.value = fresh.value;
  }
}

function layChildren(old, fresh, own) {
  if (old.nodeName === "TEXTAREA") {
    if (old.closest("[data-part]")) old.defaultValue = fresh.defaultValue;
    return;
  }
  const [ours, theirs] = [[...old.childNodes], [...fresh.childNodes]];
  theirs.forEach((node, place) => (ours[place] ? lay(ours[place], node, own) : old.append(node)));
  ours.slice(theirs.length).forEach((node) => node.remove());
}

// Let the eye find what somebody else has changed.
function notice(old, fresh) {
  const text = (part) => part.querySelector("[name^=seen-]")?.value ?? part.textContent.replace(/\s+/g, " ");
  if (text(old) === text(fresh)) return;
  tell(old, "");
  fresh.classList.add("is-fresh");
  setTimeout(() => old.classList.remove("is-fresh"), 2500);
}

function take(html, own) {
  const page = document.createElement("template");
  page.innerHTML = html;
  const [old, fresh] = [region(), page.content.querySelector(".session-region")];
  const focused = document.activeElement;
  if (old.dataset.number !== fresh.dataset.number || old.dataset.kind !== fresh.dataset.kind) {
    old.replaceWith(fresh);
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

async function look() {
  if (document.hidden || looking) return;
  looking = true;
  parts().filter((part) => part.failed).forEach((part) => save(part));
  const shown = region().dataset;
  const url = new URL(words.state, location.href);
  url.searchParams.set("v", shown.v);
  if (words.screen) url.searchParams.set("screen", words.screen);
  else if (!("following" in shown) && shown.number) url.searchParams.set("number", shown.number);
  try {
    const response = await fetch(url, { headers, cache: "no-store" });
    connected(response.status < 500);
    if (response.status === 200) {
      const html = await response.text();
      // What was saved while this was under way is newer.
      if (region().dataset.v === url.searchParams.get("v")) take(html);
    } else if (response.status === 401) signIn();
    // No longer hers to see: the page itself says so. What she is typing stays in sight.
    else if ([403, 404].includes(response.status) && !parts().some(held)) location.reload();
  } catch {
    connected(false);
  }
  looking = false;
}

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

function refuse(sentence) {
  session.querySelector(".session-refused")?.remove();
  if (!sentence) return;
  const note = document.createElement("p");
  note.className = "callout callout-warn session-refused";
  note.setAttribute("role", "alert");
  note.textContent = sentence;
  session.prepend(note);
  note.scrollIntoView({ block: "nearest" });
}

function signIn() {
  location.assign(`${document.body.dataset.login}?next=${encodeURIComponent(location.pathname)}`);
}

async function keepLooking() {
  await look();
  setTimeout(keepLooking, EVERY);
}

// --- saving what a facilitator changes, part by part

function tell(part, sentence) {
  const output = part.querySelector("output");
  if (output && output.textContent !== sentence) output.textContent = sentence;
}

function fieldsOf(part, button) {
  const data = new URLSearchParams();
  for (const field of part.querySelectorAll("input, textarea, select")) {
    if (field.type !== "radio" || field.checked) data.append(field.name, field.value);
  }
  if (button) data.append(button.name, button.value);
  return data;
}

async function save(part, button) {
  clearTimeout(part.timer);
  if (part.saving) {
    part.again = true;
    return;
  }
  const form = part.closest("form");
  Object.assign(part, { saving: true, again: false, failed: false, dirty: true });
  tell(part, words.saving);
  try {
    const answer = await fetch(form.action, { method: "POST", headers, body: fieldsOf(part, button), keepalive: true });
    await saved(part, answer);
  } catch {
    part.failed = true;
    tell(part, words.failed);
  }
  part.saving = false;
  if (part.again) save(part);
}

async function saved(part, answer) {
  if (answer.status === 401) signIn();
  if (answer.status === 409) {
    part.dirty = false;
    const { error } = await answer.json();
    say(error);
    tell(part, error);
  } else if (answer.ok) {
    const html = await answer.text();
    if (part.again) return keepTyping(part, html);
    Object.assign(part, { dirty: false, saving: false });
    take(html, part);
    const asks = part.querySelector("[data-conflict]");
    tell(part, asks ? "" : words.saved);
    if (asks && part.contains(document.activeElement)) asks.querySelector("button").focus();
  } else {
    part.failed = answer.status >= 500;
    tell(part, words.failed);
  }
}

// She went on while it was saved: only the base of what comes next changes, unless somebody else was there first.
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
async function send(form, button) {
  if (form.sending) {
    form.next = button === form.sending ? undefined : button;
    return;
  }
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.append(button.name, button.value);
  form.sending = button ?? true;
  try {
    const answer = await fetch(form.action, { method: "POST", headers, body });
    if (answer.status === 401) signIn();
    else if (answer.status === 409) refuse((await answer.json()).error);
    else if (answer.status >= 500) refuse(words.unsent);
    else if (!answer.ok) location.reload();
    else {
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

const partOf = (field) => field.form && "record" in field.form.dataset && field.closest("[data-part]");

session.addEventListener("change", (event) => {
  const part = partOf(event.target);
  if (part) save(part);
});

session.addEventListener("input", (event) => {
  const part = isText(event.target) && partOf(event.target);
  if (!part) return;
  part.dirty = true;
  clearTimeout(part.timer);
  part.timer = setTimeout(() => save(part), PAUSE);
});

session.addEventListener("submit", (event) => {
  const form = event.target;
  if ("live" in form.dataset) {
    event.preventDefault();
    send(form, event.submitter);
  } else if ("record" in form.dataset) {
    event.preventDefault();
    const choice = event.submitter?.name && event.submitter.closest("[data-part]");
    if (choice) save(choice, event.submitter);
    else parts().filter((part) => part.dirty).forEach((part) => save(part));
  }
});

addEventListener("popstate", () => location.reload());
addEventListener("beforeunload", (event) => {
  if (parts().some((part) => part.dirty || part.saving)) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) parts().filter((part) => part.dirty && !part.saving).forEach((part) => save(part));
  else look();
});

session.classList.add("is-live");
setTimeout(keepLooking, EVERY);
