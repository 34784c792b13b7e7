// Sends what waits of a session. As with answers, an item leaves the queue only on a JSON receipt that names its mutation.
// Levels that wait in a row go together.
import { Sender } from "../rate/send.js";

/** @typedef {import("../rate/types").Item} Item */

const MOST = 200;

export class SessionSender extends Sender {
  /**
   * @param {import("./session").Session} session
   * @param {string} base
   * @param {number} patience in ms
   * @param {() => string} token
   * @param {import("../rate/types").Tell} tell
   */
  constructor(session, base, patience, token, tell) {
    super(session, "", patience, token, tell);
    this.session = session;
    this.base = base;
  }

  /**
   * @param {Item} item
   * @returns {[path: string, body: object]}
   */
  request(item) {
    return ["save/", { w: item.membership, ...change(item) }];
  }

  // If they can't be taken together, each is asked for by itself.
  /** @param {Item} item */
  async send(item) {
    const items = this.levels();
    if (items.length < 2) return super.send(item);
    const reply = await this.post("save/", { w: item.membership, changes: items.map(change) });
    if (reply.status === 400) return super.send(item);
    if (reply.status !== 200 || !reply.body.receipts) return this.answered(item, reply);
    const receipts = new Map(reply.body.receipts.map((/** @type {any} */ one) => [one.m, one]));
    for (const one of items.filter((one) => receipts.has(one.m))) {
      const receipt = receipts.get(one.m);
      await (receipt.error ? this.refused(one, receipt.error) : this.saved(one, receipt));
    }
    return receipts.has(item.m) || this.later(item);
  }

  // Whoever has no membership any more may record no more than whoever leads no more.
  /**
   * @param {Item} item
   * @param {import("../rate/types").Reply} reply
   */
  answered(item, reply) {
    return super.answered(item, reply.status === 404 ? { status: 403, body: {} } : reply);
  }

  levels() {
    const waiting = this.sheet.waiting.sort((a, b) => (a.t ?? 0) - (b.t ?? 0)).slice(0, MOST);
    const other = waiting.findIndex((item) => !item.cell.includes("/p"));
    return other < 0 ? waiting : waiting.slice(0, other);
  }

  /**
   * @param {Item} item
   * @param {any} receipt
   */
  async saved(item, receipt) {
    const { sheet } = this;
    this.tries = 0;
    this.fresh = false;
    if (!receipt.won) {
      await this.differs(item, receipt);
      return true;
    }
    const last = await sheet.store.settle(item, receipt.v);
    const newer = sheet.items.get(item.cell);
    if (last) sheet.items.delete(item.cell);
    else if (newer && newer.m !== item.m) newer.b = receipt.v;
    await this.session.taken(item, receipt);
    this.tell("saved", item);
    return true;
  }

  // Somebody else was first: both stay, until a person chooses.
  /**
   * @param {Item} item
   * @param {any} receipt
   */
  async differs(item, receipt) {
    const now = this.sheet.items.get(item.cell);
    if (now && now.m === item.m) {
      Object.assign(item, { theirs: receipt.theirs, v: receipt.v, refused: "differs" });
      await this.sheet.write(item);
    }
    this.tell("differs", item);
  }
}

/** @param {Item} item */
function change(item) {
  return { m: item.m, d: item.d, c: item.cell.split("/")[1], b: item.b, a: item.answer };
}
