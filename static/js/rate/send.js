// Sends what waits, one by one. An item leaves the queue only on a JSON receipt that names its mutation.
import { ask } from "./line.js";

const LONGEST = 60000;

/** @typedef {import("./types").Item} Item */
/** @typedef {import("./types").Reply} Reply */

export class Sender {
  /**
   * `tell(what, item, sentence)` hears: saved, newer, refused, later, signin, foreign, denied, closed, handed-in, empty.
   * @param {import("./sheet").Sheet} sheet
   * @param {string} root
   * @param {number} patience in ms
   * @param {() => string} token
   * @param {import("./types").Tell} tell
   */
  constructor(sheet, root, patience, token, tell) {
    this.sheet = sheet;
    this.patience = patience;
    this.token = token;
    this.tell = tell;
    this.base = root + sheet.code + "/rate/";
    this.wanted = this.waits = this.stopped = this.fresh = false;
    this.tries = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  now() {
    this.tries = 0;
    return this.drain();
  }

  // One tab at a time; each looks again at what waits when its turn comes.
  /** @returns {Promise<void>} */
  async drain() {
    clearTimeout(this.timer);
    if (this.wanted || this.stopped || !this.sheet.items.size) return;
    this.wanted = true;
    this.waits = false;
    const had = await exclusively(this.sheet, async () => {
      await this.sheet.load();
      await this.sendAll();
      return true;
    });
    this.wanted = false;
    if (!had) this.later();
    if (!this.stopped && this.next() && !this.waits) return this.drain(); // given in between
    if (!this.sheet.items.size) this.tell("empty");
  }

  async sendAll() {
    for (let item = this.next(); item && !this.stopped; item = this.next()) if (!(await this.send(item))) return;
  }

  next() {
    return this.sheet.waiting.sort(byTime)[0] || this.sheet.handIn;
  }

  /**
   * Say whether to go on with the next one.
   * @param {Item} item
   */
  async send(item) {
    return this.answered(item, await this.post(...this.request(item)));
  }

  /** @param {string} path @param {object} body */
  post(path, body) {
    return ask(this.base + path, this.patience, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token() },
      body: JSON.stringify(body),
    });
  }

  /** @param {Item} item @param {Reply} reply @returns {Promise<boolean>} */
  async answered(item, { status, body: receipt }) {
    if (status === 200 && receipt.m === item.m) return this.saved(item, receipt);
    if (status === 401 || (status === 403 && !receipt.error)) return this.signedOut(item);
    if (status === 403) return this.stop("foreign", item, receipt.error);
    if (status === 409) return this.conflict(item, receipt.error);
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) return this.refused(item, receipt.error);
    return this.later(item, "later", receipt.error);
  }

  /** @param {Item} item @returns {[path: string, body: object]} */
  request(item) {
    const own = item.answer ? answer(item) : { tick: item.tick };
    const body = Object.assign({ w: item.membership, s: item.answer ? item.s : this.sheet.number, m: item.m }, own);
    return [item.answer ? "answer/" : "hand-in/", body];
  }

  /** @param {Item} item @param {any} receipt */
  async saved(item, receipt) {
    const { sheet } = this;
    this.tries = 0;
    this.fresh = false;
    const base = receipt.won ? receipt.v : item.b; // what another device sent, nobody had seen here
    const last = await sheet.store.settle(item, base);
    const newer = sheet.items.get(item.cell),
      changed = !!newer && newer.m !== item.m; // given meanwhile
    if (last && !changed) sheet.items.delete(item.cell);
    if (!item.answer) {
      Object.assign(sheet.data || {}, {
        receipt: { n: receipt.n, c: receipt.c, at: receipt.at },
        tick: item.tick,
        changed: null,
      });
      await sheet.keep();
      this.tell("handed-in", item);
      return true;
    }
    const [number, cell] = item.cell.split("/");
    const held = (sheet.held[number] = sheet.held[number] || {});
    held[cell] = [receipt.v, ...(receipt.won ? item.answer : stands(receipt))];
    sheet.number = receipt.s;
    if (sheet.data && sheet.data.receipt) sheet.data.changed = Date.now();
    if (newer && changed) newer.b = base;
    if (newer && changed && last) await sheet.write(newer); // it was on its way to the disk, behind what was taken out
    await sheet.keep();
    this.tell(receipt.won ? "saved" : "newer", item);
    return true;
  }

  /**
   * A token may be old, or a session over; asking for the sheet tells, and brings a new token.
   * @param {Item} item
   */
  async signedOut(item) {
    const reply = await ask(this.base + "sheet/", this.patience);
    if (reply.status === 200 && reply.body.membership === item.membership && !this.fresh) {
      this.fresh = true; // once
      this.sheet.token = reply.body.token;
      return true;
    }
    if (reply.status === 200 && reply.body.membership !== item.membership) return this.stop("foreign", item);
    if (reply.status === 403 || reply.status === 404) return this.stop("denied", item);
    return this.later(item, reply.status === 401 ? "signin" : "later");
  }

  /**
   * Closed for good, or only this one cannot be taken (a sheet that was withdrawn meanwhile)?
   * @param {Item} item
   * @param {string} sentence
   */
  async conflict(item, sentence) {
    const reply = await ask(this.base + "sheet/", this.patience);
    if (reply.status !== 409 && reply.status !== 200) return this.later(item);
    if (!item.answer) await this.sheet.drop(item);
    if (reply.status === 200) return item.answer ? this.refused(item, sentence) : this.stop("refused", item, sentence);
    for (const one of this.sheet.waiting) await this.mark(one, reply.body.error || sentence);
    return this.stop("closed", item, reply.body.error || sentence);
  }

  /** @param {Item} item @param {string} sentence */
  async refused(item, sentence) {
    await this.mark(item, sentence || "?");
    this.tell("refused", item, sentence);
    return true;
  }

  /** @param {Item} item @param {string} sentence */
  async mark(item, sentence) {
    item.refused = sentence;
    this.sheet.items.set(item.cell, item);
    await this.sheet.store.put("queue", item);
  }

  /** @param {Item} [item] @param {string} [what] @param {string} [sentence] */
  later(item, what, sentence) {
    this.waits = true;
    this.timer = setTimeout(() => this.drain(), Math.min(LONGEST, 1000 * 2 ** this.tries++));
    if (item) this.tell(what || "later", item, sentence);
    return false;
  }

  /** @param {string} what @param {Item} item @param {string} [sentence] */
  stop(what, item, sentence) {
    this.stopped = true;
    this.tell(what, item, sentence);
    return false;
  }
}

/** @param {Item} one @param {Item} other */
function byTime(one, other) {
  return (one.t || 0) - (other.t || 0);
}

/** @param {Item} item */
function answer(item) {
  const [number, cell] = item.cell.split("/"),
    said = item.answer || [];
  const all = { d: +number, b: item.b, t: item.t, n: Date.now() };
  const own =
    cell === "a"
      ? { p: null, a: said[0] === "yes" || (said[0] === "no" ? false : null), u: said[1], r: said[2] }
      : { p: +cell.slice(1), l: said[0] === "none" ? null : +said[0] };
  return Object.assign(all, own);
}

/** @param {any} receipt @returns {string[]} */
function stands(receipt) {
  if ("l" in receipt) return [receipt.l === null ? "none" : String(receipt.l)];
  return [receipt.a === null ? "none" : receipt.a ? "yes" : "no", receipt.u, receipt.r];
}

/**
 * @param {import("./sheet").Sheet} sheet
 * @param {() => Promise<boolean>} work
 */
async function exclusively(sheet, work) {
  const name = "rating " + sheet.membership + " " + sheet.code;
  if (navigator.locks) return navigator.locks.request(name, work);
  if (!(await sheet.store.lease(name, Date.now() + 30000))) return false;
  try {
    return await work();
  } finally {
    await sheet.store.lease(name, 0);
  }
}
