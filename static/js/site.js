// What pages ask for by attributes (docs/design.md). Every page works without it.

const { locale } = document.documentElement.dataset; // how the server writes dates and numbers

/** @param {ParentNode} root */
function showLocalTimes(root) {
  const dateStyle = locale?.startsWith("en") ? "long" : "medium"; // English months are not cut, as on the server
  const format = new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: "short" });
  for (const time of root.querySelectorAll("time[data-local]")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.valueOf())) {
      time.title = time.textContent.trim();
      time.textContent = format.format(moment);
    }
  }
}

// A time zone that nobody has chosen yet is that of the device.
/** @param {ParentNode} root */
function proposeZones(root) {
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const select of root.querySelectorAll("select[data-zone]")) {
    const option = [...select.options].find(({ value }) => value === here);
    if (select.value === "UTC" && option) select.value = here;
  }
}

/** @param {HTMLElement | Document} root */
function enhance(root) {
  showLocalTimes(root);
  proposeZones(root);
  for (const element of root.querySelectorAll(".needs-script[hidden]")) element.hidden = false;
  const first = root instanceof HTMLElement && root.matches("[data-focus]") ? root : root.querySelector("[data-focus]");
  first?.focus();
}

// Read a sentence to screen readers. Emptied first, so that the same sentence twice is read twice.
/** @param {string} sentence */
function say(sentence) {
  const live = document.getElementById("live");
  if (!live) return;
  live.textContent = "";
  setTimeout(() => (live.textContent = sentence), 50);
}

/** @param {HTMLElement} button */
async function copy(button) {
  const source = document.querySelector(button.dataset.copy ?? "");
  const text = source.value ?? source.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    source.select?.();
    if (!document.execCommand("copy")) return;
  }
  button.dataset.word ??= button.textContent ?? "";
  const { word, done = "" } = button.dataset;
  button.textContent = done;
  say(done);
  setTimeout(() => (button.textContent = word), 2500);
}

// Ask in a dialog of our own; the element's own verb is the button's word.
/**
 * @param {HTMLElement} element
 * @param {() => void} go
 */
function ask(element, go) {
  const dialog = document.createElement("dialog");
  const question = document.createElement("p");
  const row = document.createElement("p");
  const yes = document.createElement("button");
  const no = document.createElement("button");
  question.id = "question";
  question.textContent = element.dataset.confirm ?? "";
  row.className = "actions";
  yes.className = "btn btn-primary";
  yes.textContent = element.dataset.confirmYes || "OK";
  no.className = "btn btn-quiet";
  no.textContent = document.body.dataset.cancel || "✕";
  row.append(yes, no);
  dialog.append(question, row);
  dialog.setAttribute("aria-labelledby", "question");
  yes.addEventListener("click", () => {
    dialog.close();
    go();
  });
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (element.isConnected) (element.querySelector("button") ?? element).focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
}

document.addEventListener(
  "submit",
  (/** @type {PageEvent} */ event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.asked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, () => {
      form.dataset.asked = "yes";
      form.requestSubmit(event.submitter);
      delete form.dataset.asked;
    });
  },
  true,
);

document.addEventListener("click", (/** @type {PageEvent} */ event) => {
  const at = (/** @type {string} */ selector) => event.target.closest?.(selector);
  const link = at("a[data-confirm]");
  if (link) {
    event.preventDefault();
    ask(link, () => location.assign(link.href));
  }
  if (at("[data-copy]")) copy(at("[data-copy]"));
  if (at("[data-print]")) print();
  const summary = at(".error-summary a");
  if (summary) {
    const field = document.querySelector(summary.hash)?.querySelector("input, select, textarea");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

document.addEventListener("change", (/** @type {PageEvent} */ event) => {
  const form = event.target.form;
  if (form && "submitOnChange" in form.dataset) form.requestSubmit();
});

document.addEventListener("say", (event) => say(event.detail));

// Signed out elsewhere: to sign-in and back. A page on which something is typed stays, and says so until she is back.
/** @param {HTMLInputElement} field */
const isTyped = (field) =>
  field.type !== "hidden" && (field.value !== field.defaultValue || field.checked !== field.defaultChecked);

/** @param {"in" | "out"} way */
function signed(way) {
  const last = document.getElementById("signed-out");
  if (way === "in") last?.remove();
  const { login, signedOut, signIn } = document.body.dataset;
  if (way === "in" || last || !login) return;
  const url = `${login}?next=${encodeURIComponent(location.pathname + location.search)}`;
  if (!signedOut || ![...document.querySelectorAll("input, textarea")].some(isTyped)) return location.assign(url);
  const note = document.createElement("p");
  const link = document.createElement("a");
  Object.assign(note, {
    id: "signed-out",
    className: "callout callout-warn",
    role: "alert",
    textContent: `${signedOut} `,
  });
  Object.assign(link, { href: url, target: "_blank", rel: "noopener", textContent: signIn });
  note.append(link);
  document.getElementById("main")?.prepend(note);
  note.scrollIntoView({ block: "nearest" });
}

document.addEventListener("signed", (event) => signed(event.detail));

// htmx keeps the focus only of elements with an id; otherwise the swapped piece takes it, so that it is never lost.
/** @type {Element | null} */
let focused = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  focused = event.detail.target.contains(document.activeElement) ? document.activeElement : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  enhance(event.detail.elt);
  if (focused && !focused.isConnected && document.activeElement === document.body) {
    const piece = event.detail.elt;
    const same = focused.id && document.getElementById(focused.id);
    if (!same && !piece.hasAttribute("tabindex")) piece.tabIndex = -1;
    (same || piece).focus();
  }
  focused = null;
});
document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && signed("in"));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401) signed("out");
  else unanswered(event.detail, status < 500 ? "refused" : "failed");
});
document.addEventListener("htmx:sendError", (event) => unanswered(event.detail, "failed"));

// What was asked by a press of hers is answered in its place, also where nothing came.
/**
 * @param {{ elt: HTMLElement; target: HTMLElement }} detail
 * @param {"refused" | "failed"} why
 */
function unanswered({ elt, target }, why) {
  /** @type {HTMLElement | null} */
  const place = elt.closest("[data-refused]");
  if (place) target.textContent = place.dataset[why] ?? "";
}

// A guide is open the first time that this browser shows it.
for (const guide of document.querySelectorAll("[data-first-time]")) {
  try {
    const seen = `guide ${guide.dataset.firstTime}`;
    guide.open = !localStorage.getItem(seen);
    localStorage.setItem(seen, "1");
  } catch {
    // Nothing can be kept here: the guide stays folded.
  }
}

// On a shared phone: what lies here only while somebody is signed in (js/rate/store.js) goes as she signs out, and where
// the server has taken back the cookie that says whose it is: signed out elsewhere, run out, or somebody else is here.
function forget() {
  window.indexedDB?.deleteDatabase("signed-in");
  for (const kept of /** @type {const} */ (["localStorage", "sessionStorage"])) {
    try {
      window[kept].clear();
    } catch {
      // Nothing can be kept here, so nothing is.
    }
  }
}

document.addEventListener("submit", (/** @type {PageEvent} */ event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  forget();
  if (window.BroadcastChannel) new BroadcastChannel("rating").postMessage({ cleared: true });
});
if (!/(?:^|; )rater=/.test(document.cookie)) window.indexedDB?.deleteDatabase("signed-in");

enhance(document);
