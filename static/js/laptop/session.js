// A whole session on this machine: what the server held, and what waits. Built on a representative's sheet.
import { newId, Sheet } from "../rate/sheet.js";

/** @typedef {import("../rate/types").Answer} Answer */
/** @typedef {import("../rate/types").Item} Item */

/** @type {Record<string, Answer>} */
const EMPTY = { p: ["", "", "", ""], w: [""], o: ["open", "", "", "", ""] };

export class Session extends Sheet {
  // A word has no version of its own: what the server says last stands.
  /** @param {import("../rate/types").SheetData} data */
  merge(data) {
    super.merge(data);
    for (const number in data.answers) {
      const known = this.held[number],
        theirs = data.answers[number];
      for (const cell in known) if (cell[0] === "w" && !theirs[cell]) delete known[cell];
      for (const cell in theirs) if (cell[0] === "w") known[cell] = theirs[cell];
    }
  }

  /**
   * @param {number | string} number
   * @param {string} cell
   * @returns {import("../rate/types").Held}
   */
  shown(number, cell) {
    return (this.held[number] || {})[cell] || [0, ...(EMPTY[cell[0]] ?? [])];
  }

  // What waits already was given upon what was seen then, not upon what has come in since.
  /**
   * @param {number | string} number
   * @param {string} cell
   * @param {Answer} answer
   * @param {number} [base] the version that was seen
   */
  async put(number, cell, answer, base) {
    const before = this.item(number, cell);
    const b = before ? before.b : base === undefined ? this.shown(number, cell)[0] : base;
    await this.write({
      membership: this.membership,
      code: this.code,
      cell: number + "/" + cell,
      d: +number,
      m: newId(),
      b,
      t: Date.now(),
      answer,
    });
  }

  // A wish ends “no common wish”, here as on the server, so that the two never meet there.
  /** @param {number | string} number */
  async wished(number) {
    const outcome = this.value(number, "o");
    if (outcome[4]) await this.put(number, "o", [...outcome.slice(0, 4), ""]);
  }

  // After a conflict: what stands becomes what was seen.
  /**
   * @param {Item} item
   * @param {boolean} ours
   */
  async settle(item, ours) {
    const [number, cell] = item.cell.split("/");
    (this.held[number] = this.held[number] || {})[cell] = [item.v ?? 0, ...(item.theirs ?? [])];
    await this.drop(item);
    if (ours) await this.put(number, cell, item.answer ?? []);
    await this.keep();
  }

  /**
   * @param {number | string} number
   * @returns {{ answer: Answer; item?: Item }[]}
   */
  planned(number) {
    const mine = Array.from(this.items.values()).filter(
      (item) => item.d === +number && item.cell.split("/")[1][0] === "x",
    );
    return [
      ...((this.asked.actions ?? {})[number] ?? []).map((answer) => ({ answer })),
      ...mine.map((item) => ({ answer: item.answer ?? [], item })),
    ];
  }

  /** @param {number | string} number */
  of(number) {
    return Array.from(this.items.values()).filter((item) => item.d === +number);
  }

  /**
   * @param {Item} item
   * @param {any} receipt
   */
  async taken(item, receipt) {
    const [number, cell] = item.cell.split("/");
    if (cell[0] === "x") {
      const actions = (this.asked.actions = this.asked.actions || {});
      (actions[number] = actions[number] || []).push(item.answer ?? []);
    } else {
      (this.held[number] = this.held[number] || {})[cell] = [receipt.v, ...(item.answer ?? [])];
    }
    await this.keep();
  }
}
