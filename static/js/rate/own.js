// “Only on this device, for myself”: answers that nobody gets. They lie in a database of their own, which neither the
// sender nor the service worker opens; `send` alone moves them to the queue, after she has seen what would go.
import { Sheet } from "./sheet.js";
import { counted } from "./words.js";

export const OWN = "for-myself";
const SWITCH = "switch";

export class Own extends Sheet {
  constructor(store, code) {
    super(store, null, code, "");
    this.on = false;
  }

  async load(seat) {
    this.seat = seat;
    await super.load();
    this.on = !!this.items.get(SWITCH) && this.items.get(SWITCH).on;
    this.items.delete(SWITCH);
  }

  // Whether an answer stays here: what was given for oneself does so, too, after the switch is off.
  keeps(number, cell) {
    return this.on || !!this.item(number, cell);
  }

  async turn(on) {
    this.on = on;
    await this.store.put("queue", { seat: this.seat, code: this.code, cell: SWITCH, on });
  }

  async send(sheet) {
    for (const item of this.items.values()) {
      const [number, cell] = item.cell.split("/");
      await sheet.put(number, cell, item.answer);
      await this.drop(item);
    }
  }

  async forget() {
    for (const item of this.items.values()) await this.drop(item);
  }
}

// What lies here for oneself, in words; `act(send)` once she has chosen to send it or to delete it.
export function showOwn(box, own, data, act) {
  const find = (selector) => box.querySelector(selector), items = Array.from(own.items.values());
  box.hidden = !items.length;
  find(".many").textContent = counted(find(".many").dataset.forms, items.length);
  find("dl").append(...lines(box, data, items));
  for (const name of ["send", "forget"]) {
    const open = find("." + name);
    if (!open) continue;
    const sure = find("." + name + "-sure");
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

function lines(box, data, items) {
  const add = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const said = [];
  let last = 0;
  for (const item of items.sort((a, b) => a.d - b.d || a.t - b.t)) {
    const cell = item.cell.split("/")[1], [value, , reason] = item.answer;
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
