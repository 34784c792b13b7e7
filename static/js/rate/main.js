// A representative's pages: keeps each answer on the device, sends it, and asks the next decision without a page load.
import { Drawer } from "./draw.js";
import { download } from "./file.js";
import { Form } from "./form.js";
import { holdSubmit, leaving } from "./leave.js";
import { ask, cookie, rootOf } from "./line.js";
import { OWN, Own, showOwn } from "./own.js";
import { Sender } from "./send.js";
import { Sheet } from "./sheet.js";
import { isAnswer, openStore, Store } from "./store.js";
import { tabs } from "./tabs.js";
import { counted } from "./words.js";

const main = document.getElementById("main"),
  line = document.getElementById("line");
if (main && line && "fetch" in window && "AbortController" in window) begin();

async function begin() {
  const { view, code, membership, rater } = main.dataset,
    root = rootOf(rater);
  if (view === "shell" && place(root).part === "facts") return openFacts(rater);
  const release = view === "leave" ? holdSubmit(document.getElementById("leave")) : null;
  const store = await openStore(),
    owner = cookie("rater");
  await store.forgetOthers(owner);
  if (main.dataset.key) await unlock(store, membership, owner);
  const page = new Page(
    store,
    owner,
    root,
    view === "shell" ? place(root).code : code,
    view === "shell" ? "" : membership,
  );
  page.own = page.sheet.own = new Own(await openStore(OWN), page.code);
  page.release = release;
  await page.begin(view);
}

// Take the key that came with the page; nobody finds it in a page that is saved to a file.
/**
 * @param {import("./store").Store} store
 * @param {string} membership
 * @param {string} owner
 */
async function unlock(store, membership, owner) {
  await store.take(membership, main.dataset.key);
  await store.remember(membership, owner);
  delete main.dataset.key;
}

// Where an address leads: `/assessments/CODE/rate/3/` → {code, part: "3"}.
/** @param {string} root */
function place(root) {
  const parts = location.pathname.slice(root.length).split("/");
  return parts[0] === "rater"
    ? { code: "", part: parts[1] || "sheets" }
    : { code: parts[0], part: parts[1] === "facts" ? "facts" : parts[2] || "start" };
}

// The page of one's facts is kept with a script of its own. Without either, it needs a connection.
/** @param {string} rater */
function openFacts(rater) {
  const script = Object.assign(document.createElement("script"), { src: rater + "facts.js" });
  const missing = () => new Drawer(wholePage(), new Sheet(new Store("facts"), "", "", ""), "").missing();
  script.addEventListener("error", missing);
  document.addEventListener("missing", missing);
  document.body.append(script);
}

class Page {
  /**
   * @param {import("./store").Store} store
   * @param {string} owner
   * @param {string} root
   * @param {string} code
   * @param {string} membership
   */
  constructor(store, owner, root, code, membership) {
    this.store = store;
    this.owner = owner;
    this.root = root;
    this.code = code;
    // Looked at before use: a page may have no form, and no drawer until the shell is here.
    /** @type {Form} */
    this.form = /** @type {any} */ (null);
    /** @type {Drawer} */
    this.drawer = /** @type {any} */ (null);
    /** @type {Sender} */
    this.sender = /** @type {any} */ (null);
    /** @type {{ form: HTMLFormElement; way: string } | null} */
    this.leaving = null; // once what waits is sent
    /** @type {Record<string, import("./types").Held> | undefined} */
    this.fresh = undefined;
    this.told = this.kind = "";
    this.others = 0;
    this.base = root + code + "/rate/";
    this.patience = +main.dataset.patience;
    this.sheet = new Sheet(store, owner, code, membership);
    /** @type {Own} */
    this.own = /** @type {any} */ (null);
    /** @type {(() => void) | null} */
    this.release = null;
    this.say = tabs((message) => this.hear(message));
  }

  /** @param {string} view */
  async begin(view) {
    if (view === "shell") return this.fromShell();
    if (view === "sheets" || view === "leave") return this.overview(view);
    const field = document.getElementById("answers");
    if (field) this.fromServer(field);
    await this.load();
    if (field) this.sheet.number = +field.elements.sheet.value || null;
    this.listen();
    this.state();
    if (field) this.ask(field, this.fresh);
    if (view === "closed") this.showOwn();
    if (this.sheet.refused.length && view !== "decision") addEventListener("load", () => this.closed());
    this.sender.now();
    whenLoaded(() => this.prepare(view));
  }

  async load() {
    await this.sheet.load();
    await this.own.load(this.sheet.membership);
  }

  // A page fresh from the server is the truth about its decision.
  /** @param {HTMLFormElement} form */
  fromServer(form) {
    const shown = JSON.parse(form.querySelector("[name=shown]").value);
    this.sheet.held[String(form.dataset.decision)] = Object.assign({}, shown); // a newer answer may take a place in it
    this.fresh = shown;
  }

  // Without a line, or with one that answers too slowly: the service worker gave the shell for whatever was asked.
  async fromShell() {
    const { part } = place(this.root);
    if (part === "sheets" || part === "leave") {
      this.drawer = new Drawer(wholePage(), this.sheet, this.base);
      return this.overview(part);
    }
    await this.load();
    this.drawer = this.newDrawer(wholePage());
    if (!this.sheet.data) return this.drawer.missing();
    this.listen();
    this.draw();
    this.state();
    this.sender.now();
    return this.refetch();
  }

  /** @param {string} view */
  async overview(view) {
    const rows = await this.store.sheets(this.owner);
    const mine = rows.map((row) => new Sheet(this.store, this.owner, row.code, row.membership));
    const senders = mine.map(
      (sheet) =>
        new Sender(
          sheet,
          this.root,
          this.limit,
          () => this.token(sheet),
          () => this.say({}),
        ),
    );
    const send = () => Promise.all(senders.map((sender, at) => mine[at].load().then(() => sender.now())));
    if (view === "sheets") {
      if (this.drawer) this.drawer.sheets(rows, this.root);
      return send();
    }
    if (this.drawer) this.drawer.show("leave");
    const release = this.release || holdSubmit(document.getElementById("leave"));
    return leaving(this.store, this.own.store, mine, send, this.say, release);
  }

  listen() {
    this.sender = new Sender(
      this.sheet,
      this.root,
      this.limit,
      () => this.token(this.sheet),
      (...told) => this.tell(...told),
    );
    const now = () => this.sender.now();
    addEventListener("online", now);
    addEventListener("focus", now);
    addEventListener("pageshow", (event) => event.persisted && now());
    addEventListener("offline", () => this.state(true));
    addEventListener("popstate", () => this.ready && this.draw());
    addEventListener("pagehide", () => this.form && this.form.flush());
    addEventListener("visibilitychange", () => document.hidden && this.away());
    addEventListener(
      "beforeunload",
      (event) => !this.store.keeps && this.sheet.waiting.length && event.preventDefault(),
    );
    document.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("click", (event) => this.clicked(event));
  }

  // On a phone a page that is out of sight may never come back.
  away() {
    if (this.form) this.form.flush();
    if (this.sheet.items.size) this.later();
  }

  get limit() {
    return this.patience * 2.5;
  }

  // Signing in again in another window changes the cookie, not this page.
  /** @param {Sheet} sheet */
  token(sheet) {
    const field = document.querySelector("[name=csrfmiddlewaretoken]");
    return cookie("csrftoken") || sheet.token || (field ? field.value : "");
  }

  get ready() {
    return !!(this.drawer && this.sheet.data);
  }

  // Once the first question can be answered: fetch what it takes to go on without a line.
  /** @param {string} view */
  async prepare(view) {
    if (view !== "decision" && view !== "review") return;
    const worker = navigator.serviceWorker;
    if (worker && this.store.keeps) {
      worker.register(main.dataset.rater + "worker.js", { scope: this.root }).catch(() => {});
    }
    const [shell] = await Promise.all([this.fetchShell(), this.refetch()]);
    if (shell) this.drawer = this.newDrawer(shell);
    main.dataset.ready = this.ready ? "yes" : "no";
    if (this.ready && view === "review" && !this.form && this.sheet.items.size + this.own.items.size) this.draw();
    this.offer();
  }

  /** @param {Document} shell */
  newDrawer(shell) {
    const drawer = new Drawer(shell, this.sheet, this.base);
    drawer.act = (send) => this.decide(send);
    return drawer;
  }

  // --- only on this device, for myself

  // Offered once this page can go on without the server, and only where this browser keeps what it is given.
  offer() {
    const box = main.querySelector(".own-switch"),
      tick = box && box.querySelector("input");
    if (!tick || !(this.ready || this.own.on) || !this.own.store.keeps) return;
    box.hidden = false;
    if (this.own.on) box.open = true;
    tick.checked = this.own.on;
    tick.onchange = () => this.own.turn(tick.checked).then(() => this.tellTabs());
  }

  tellTabs() {
    this.say({ membership: this.sheet.membership, code: this.code });
  }

  // Answers that were kept for herself: sent after all, or deleted.
  /** @param {boolean} send */
  async decide(send) {
    await (send ? this.own.send(this.sheet) : this.own.forget());
    this.tellTabs();
    if (!this.ready) return this.showOwn();
    this.drawer.review();
    this.state();
    return this.sender.drain();
  }

  // Once the ratings are closed: what she kept for herself stays to be read, until she deletes it.
  showOwn() {
    const box = main.querySelector(".for-myself");
    if (!box) return;
    box.querySelector("dl").textContent = "";
    showOwn(box, this.own, JSON.parse(document.getElementById("asked").textContent), (send) => this.decide(send));
  }

  // The shell of this very version: from the cache, where the worker has laid it, or from the server.
  async fetchShell() {
    const url = main.dataset.rater + "shell/",
      own = document.querySelector("script[src]").src;
    const read = async (/** @type {Response} */ response) => {
      const shell = new DOMParser().parseFromString(await response.text(), "text/html");
      const script = shell.querySelector("script[src]");
      const same = script && new URL(script.getAttribute("src"), location.href).href === own;
      return same && shell.documentElement.lang === document.documentElement.lang ? shell : null;
    };
    try {
      const kept = window.caches && (await caches.match(url));
      const shell = kept && (await read(kept));
      if (shell) return shell;
      const response = await fetch(url);
      return response.ok ? await read(response) : null;
    } catch {
      return null;
    }
  }

  async refetch() {
    const { status, body } = await ask(this.base + "sheet/", this.limit);
    if (status === 401) return this.tell("signin");
    if (status !== 200 || !body.membership) return undefined;
    if (this.sheet.membership && body.membership !== this.sheet.membership) return undefined;
    this.owner = this.sheet.owner = body.owner;
    await this.store.take(body.membership, body.key);
    await this.store.remember(body.membership, body.owner);
    this.sheet.merge(body);
    this.sheet.token = body.token;
    await this.sheet.keep();
    if (this.form) this.form.refresh();
    return undefined;
  }

  /**
   * @param {HTMLFormElement} form
   * @param {Record<string, import("./types").Held>} [fresh]
   */
  ask(form, fresh) {
    this.form = new Form(form, this.sheet, () => this.kept());
    this.form.begin(fresh);
    this.offer();
  }

  kept() {
    this.tellTabs();
    this.state();
    if (this.ready) this.drawer.place && main.querySelector(".place") && this.drawer.place(this.form.number);
    this.sender.drain();
  }

  // Where the browser can, it sends once there is a line, with no page open. An open page sends by itself.
  later() {
    const worker = navigator.serviceWorker;
    if (!worker || !window.SyncManager || !this.store.keeps) return;
    worker.ready.then((registration) => registration.sync.register("send")).catch(() => {});
  }

  draw() {
    const { part } = place(this.root),
      number = +part;
    this.form = /** @type {any} */ (null);
    if (this.sheet.refused.length && part !== "leave") return this.closed();
    if (this.sheet.decisions.includes(number)) return this.ask(this.drawer.decision(number));
    if (part === "review") return this.drawer.review();
    if (part === "start") return this.drawer.start();
    return this.drawer.missing();
  }

  /** @param {string} path */
  async go(path) {
    if (this.form) await this.form.flush();
    history.pushState(null, "", this.base + path);
    this.showCode();
    this.draw();
    this.state();
  }

  // A guest's code to come back: open on the page after her first answer, folded from then on.
  showCode() {
    const box = document.getElementById("code-back");
    if (!box || (box.hidden && !Object.keys(this.sheet.held).length)) return;
    box.querySelector("details").open = box.hidden;
    box.hidden = false;
  }

  /** @param {any} event */
  clicked(event) {
    const link = event.target.closest("a[href]"),
      button = event.target.closest("button");
    if (button && button.matches(".not-after-all")) this.notAfterAll();
    if (!link || !this.ready || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const { pathname, origin } = new URL(link.href);
    if (origin !== location.origin || !pathname.startsWith(this.base)) return;
    const path = pathname.slice(this.base.length);
    if (!/^(\d+|review)\/$/.test(path)) return;
    event.preventDefault();
    this.go(path);
  }

  async notAfterAll() {
    if (this.sheet.handIn) await this.sheet.drop(this.sheet.handIn);
    this.drawer.handedIn();
  }

  /** @param {PageEvent} event */
  submitted(event) {
    const form = event.target;
    if (form.id === "answers") return this.onward(event, form, (event.submitter && event.submitter.value) || "next");
    if (form.classList.contains("hand-in")) return this.handIn(event, form);
    return undefined;
  }

  /**
   * @param {PageEvent} event
   * @param {HTMLFormElement} form
   * @param {string} way
   */
  onward(event, form, way) {
    if (this.form.misses) {
      event.preventDefault();
      this.form.changed("a");
      this.form.fields("use")[0].focus();
      return undefined;
    }
    if (this.ready) {
      event.preventDefault();
      const numbers = this.sheet.decisions,
        at = numbers.indexOf(this.form.number) + (way === "back" ? -1 : 1);
      return this.go(at in numbers ? numbers[at] + "/" : "review/");
    }
    return this.wait(event, form, way);
  }

  // Not ready to go on here: the server's next page comes once the answers are there.
  /**
   * @param {PageEvent} event
   * @param {HTMLFormElement} form
   * @param {string} way
   */
  wait(event, form, way) {
    const token = form.querySelector("[name=csrfmiddlewaretoken]");
    if (token) token.value = this.token(this.sheet);
    if (!this.sheet.waiting.length || this.sender.stopped) return;
    event.preventDefault();
    this.leaving = { form, way };
    this.sender.now();
  }

  leave() {
    const { form, way } = this.leaving ?? {};
    if (!form) return;
    if (way) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "go", value: way }));
    form.submit();
  }

  /**
   * @param {PageEvent} event
   * @param {any} form
   */
  handIn(event, form) {
    if (!this.ready) return this.wait(event, form, "");
    event.preventDefault();
    return this.sheet.intend(form.elements.tick.checked).then(() => {
      if (!form.id) this.draw(); // the server's page: go on with the device's
      this.drawer.handedIn();
      this.later();
      this.state();
      this.sender.now();
    });
  }

  // --- what is said

  /** @type {import("./types").Tell} */
  tell(what, item, sentence) {
    const cell = item && item.cell.split("/")[1];
    const here = this.form && cell && item.d === this.form.number;
    if (here) this.form.settled(cell, what === "newer");
    if (this.form && ["refused", "foreign", "denied"].includes(what))
      this.form.complain(sentence || this.form.words.refused);
    if (what === "later" || what === "signin") this.failed(what);
    if (what === "saved" && this.told === "signin") this.refetch(); // she is back
    if (what === "saved" || what === "newer" || what === "handed-in") this.told = "";
    if (what === "closed") this.closed();
    if (what === "handed-in" && this.ready && main.querySelector("#hand-in")) this.drawer.review();
    if (what !== "later") this.say({ membership: this.sheet.membership, code: this.code });
    if (what === "empty" && this.leaving) return this.leave();
    if (what === "empty") this.again();
    return this.state();
  }

  /** @param {string} what */
  failed(what) {
    this.later();
    this.told = what === "signin" || this.told === "signin" ? "signin" : "later";
    if (what === "signin") this.store.signedOut();
    if (this.leaving && this.form) this.form.complain(this.form.words.retry);
    this.leaving = null;
  }

  // One line for the whole sheet; read out only when it begins to say something else.
  /** @param {boolean} [offline] */
  async state(offline) {
    const waiting = this.sheet.waiting.filter((item) => !this.sheet.writing.has(item.cell)).length,
      { words } = { words: line.dataset };
    const all = await this.store.all("queue");
    const mine = new Set(
      (await this.store.all("sheets")).filter((row) => row.owner === this.owner).map((row) => row.membership),
    );
    this.others = all.filter(
      (item) => isAnswer(item) && item.membership !== this.sheet.membership && !mine.has(item.membership),
    ).length;
    const said = [];
    if (waiting && (this.told || !navigator.onLine || offline)) said.push(counted(words.waiting, waiting), words.here);
    if (this.told === "signin") said.splice(1, 1, words.signin);
    if (!this.store.keeps && waiting) said.push(words.memory);
    const kind = said.slice(1).join(" ");
    if (this.others) said.push(counted(words.others, this.others));
    line.textContent = said.join(" ");
    if (this.told === "signin" && waiting) {
      const link = Object.assign(document.createElement("a"), { textContent: words.signinLink });
      link.href = main.dataset.login + "?next=" + encodeURIComponent(location.pathname);
      line.append(" ", link);
    }
    line.hidden = !line.textContent;
    if (kind !== this.kind) this.announce(kind ? said.join(" ") : this.kind ? words.saved : "");
    this.kind = kind;
    if (this.ready && main.querySelector("#hand-in") && !main.querySelector("#hand-in").hidden) this.drawer.handedIn();
  }

  /** @param {string} sentence */
  announce(sentence) {
    document.getElementById("live").textContent = sentence;
  }

  /** @param {import("./types").TabMessage} message */
  async hear(message) {
    if (message.cleared) return location.replace("/");
    if (message.code !== this.code || message.membership !== this.sheet.membership || !this.sender) return undefined;
    await this.load();
    if (this.form) this.form.refresh();
    this.offer();
    this.again();
    this.state();
    return this.sender.drain();
  }

  // The review as it stands now, unless somebody is at work in it.
  again() {
    const here = main.querySelector("#hand-in"),
      intended = here && !here.querySelector(".intended").hidden;
    if (this.ready && intended && !this.sheet.handIn) return this.drawer.review(); // another tab, or the worker, sent it
    if (this.ready && here && !main.contains(document.activeElement)) return this.drawer.review(true);
    if (this.ready && here) return this.drawer.handedIn();
    return undefined;
  }

  // Closed meanwhile, or taken back: say which answers were not taken, and let her keep what she wrote.
  async closed() {
    if (!this.drawer) {
      const shell = await this.fetchShell();
      if (!shell) return;
      this.drawer = this.newDrawer(shell);
    }
    const { sheet } = this,
      items = sheet.refused;
    this.form = /** @type {any} */ (null);
    this.drawer.show("closed");
    const find = (/** @type {string} */ selector) => main.querySelector(selector),
      lead = find(".lead");
    const words = this.drawer.shell.getElementById("view-leave").content.querySelector("form").dataset;
    lead.textContent = counted(lead.dataset.forms, items.length);
    find(".own").href = this.root + this.code + "/my-answers/";
    find(".download").addEventListener("click", () => download(sheet, items, words));
    find(".delete").addEventListener("click", () => (find(".sure").hidden = false) || find(".no").focus());
    find(".no").addEventListener("click", () => (find(".sure").hidden = true) || find(".delete").focus());
    find(".yes").addEventListener("click", async () => {
      for (const item of items) await sheet.drop(item);
      location.assign(find(".own").href);
    });
    this.drawer.title(find("h1").textContent);
    this.state();
  }
}

function wholePage() {
  return /** @type {Document} */ (document.cloneNode(true));
}

/** @param {() => void} act */
function whenLoaded(act) {
  if (document.readyState === "complete") setTimeout(act);
  else addEventListener("load", () => setTimeout(act));
}
