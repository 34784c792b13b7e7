// “Only on this device, for myself”: answers that nobody gets. They lie in a database of their own, which neither the
// sender nor the service worker opens; `send` alone moves them to the queue, after she has seen what would go.
import { Sheet } from "./sheet.js";
import { counted } from "./words.js";

export const OWN = "for-myself";
const SWITCH = "switch";

export class Own extends Sheet {
  /** @param {import("./store").Store} store @param {string} code */
  constructor(store, code) {
    super(store, null, code, "");
    this.on = false;
  }

  // Of one membership; a page knows whose it is only once its sheet is there.
  async load(membership = "") {
    this.membership = membership;
    await super.load();
    const row = this.items.get(SWITCH);
    this.on = !!row && !!row.on;
    this.items.delete(SWITCH);
  }

  /**
   * Whether an answer stays here: what was given for oneself does so, too, after the switch is off.
   * @param {number} number
   * @param {string} cell
   */
  keeps(number, cell) {
    return this.on || !!this.item(number, cell);
  }

  /** @param {boolean} on */
  async turn(on) {
    this.on = on;
    await this.store.put("queue", { membership: this.membership, code: this.code, cell: SWITCH, on });
  }

  /** @param {Sheet} sheet */
  async send(sheet) {
    for (const item of this.items.values()) {
      const [number, cell] = item.cell.split("/");
      await sheet.put(number, cell, item.answer || []);
      await this.drop(item);
    }
  }

  async forget() {
    for (const item of this.items.values()) await this.drop(item);
  }
}

/** @typedef {Pick<import("./types").SheetData, "decisions" | "partners"> | null} Asked */

/**
 * What lies here for oneself, in words; `act(send)` once she has chosen to send it or to delete it.
 * @param {HTMLElement} box
 * @param {Own} own
 * @param {Asked} data
 * @param {(send: boolean) => void} act
 */
export function showOwn(box, own, data, act) {
  /** @type {(selector: string) => any} */
  const find = (selector) => box.querySelector(selector);
  const items = Array.from(own.items.values());
  box.hidden = !items.length;
  find(".many").textContent = counted(find(".many").dataset.forms, items.length);
  find("dl").append(...lines(box, data, items));
  for (const name of ["send", "forget"]) {
    const open = find("." + name);
    if (!open) continue;
    const sure = find("." + name + "-sure");
    /** @param {boolean} asks */
    const ask = (asks) => {
      find(".first").hidden = asks;
      sure.hidden = !asks;
      (asks ? sure : open).focus();
    };
    open.addEventListener("click", () => ask(true));
    find("." + name + "-no").addEventListener("click", () => ask(false));
    find("." + name + "-yes").addEventListener("click", () => act(name === "send"));
  }
}

/** @param {HTMLElement} box @param {Asked} data @param {import("./types").Item[]} items */
function lines(box, data, items) {
  /** @type {(name: string, text: any) => HTMLElement} */
  const add = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const said = [];
  /** @type {number | undefined} */
  let last;
  for (const item of items.sort((a, b) => (a.d || 0) - (b.d || 0) || (a.t || 0) - (b.t || 0))) {
    const cell = item.cell.split("/")[1],
      [value, , reason] = item.answer || [];
    const decision = data && data.decisions.find((one) => one[0] === item.d);
    const partner = data && data.partners.find((one) => "p" + one[0] === cell);
    const word = box.querySelector((cell === "a" ? ".agreeing" : ".rungs") + ' [data-value="' + value + '"]');
    if (item.d !== last) said.push(add("dt", decision ? decision[1] : item.d));
    last = item.d;
    const asked = cell === "a" ? box.dataset.agree + " " : (partner ? partner[1] : cell) + ": ";
    said.push(add("dd", asked + (word ? word.textContent : "–")));
    if (reason) said.push(add("dd", reason));
  }
  return said;
}
