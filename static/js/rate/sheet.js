// One sheet on this device: what is asked, what the server holds of it, and what it has not confirmed yet.

const SECONDS_A_LEVEL = 5,
  SECONDS_A_DECISION = 20; // as the server counts

/** @typedef {import("./types").Answer} Answer */
/** @typedef {import("./types").Item} Item */

export class Sheet {
  /**
   * @param {import("./store").Store} store
   * @param {string | null} owner
   * @param {string} code
   * @param {string} membership
   */
  constructor(store, owner, code, membership) {
    this.store = store;
    this.owner = owner;
    this.code = code;
    this.membership = membership;
    /** @type {import("./types").SheetData | null} */
    this.data = null;
    /** @type {number | null} */
    this.number = null;
    this.token = "";
    /** @type {import("./types").HeldAnswers} */
    this.held = {};
    /** @type {Map<string, Item>} */
    this.items = new Map();
    /** @type {Map<string, Item>} */
    this.writing = new Map();
    /** @type {import("./own").Own | null} */
    this.own = null; // what stays on this device, on a page that somebody looks at
  }

  // The questions; asked for only where they are here.
  get asked() {
    return /** @type {import("./types").SheetData} */ (this.data);
  }

  // Read again what this browser keeps; another tab may have changed it.
  async load() {
    const row = this.owner && (await this.store.sheet(this.owner, this.code));
    if (row && (!this.membership || row.membership === this.membership)) this.merge(row.data);
    if (!this.membership) return;
    this.items = new Map((await this.store.items(this.membership, this.code)).map((item) => [item.cell, item]));
    this.writing.forEach((item) => this.items.set(item.cell, item));
  }

  /**
   * The newer version of each answer stands; a sheet that was begun anew replaces the old one.
   * @param {import("./types").SheetData} data
   */
  merge(data) {
    this.membership = data.membership;
    const anew = this.number && data.sheet && this.number !== data.sheet;
    /** @type {import("./types").HeldAnswers} */
    const held = anew ? {} : this.held;
    for (const number in data.answers) {
      const known = (held[number] = held[number] || {});
      for (const cell in data.answers[number]) {
        const theirs = data.answers[number][cell];
        if (!known[cell] || known[cell][0] < theirs[0]) known[cell] = theirs;
      }
    }
    this.held = held;
    this.number = data.sheet || this.number;
    this.data = Object.assign({}, data, { answers: held, sheet: this.number });
  }

  async keep() {
    if (!this.data || !this.owner) return;
    this.data.answers = this.held;
    this.data.sheet = this.number;
    await this.store.put("sheets", {
      owner: this.owner,
      code: this.code,
      membership: this.membership,
      data: this.data,
    });
  }

  /**
   * @param {number | string} number
   * @param {string} cell
   * @returns {import("./types").Held}
   */
  shown(number, cell) {
    const one = this.held[number] || {};
    return one[cell] || (cell === "a" ? [0, "", "", ""] : [0, ""]);
  }

  /** @param {number | string} number @param {string} cell */
  item(number, cell) {
    return this.items.get(number + "/" + cell);
  }

  /** @param {number | string} number @param {string} cell @returns {Answer} */
  value(number, cell) {
    const own = this.forOneself(number, cell);
    return own && own.answer ? own.answer : this.toSend(number, cell);
  }

  /**
   * What the server holds, or will.
   * @param {number | string} number
   * @param {string} cell
   * @returns {Answer}
   */
  toSend(number, cell) {
    const item = this.item(number, cell);
    return item && item.answer ? item.answer : /** @type {Answer} */ (this.shown(number, cell).slice(1));
  }

  /** @param {number | string} number @param {string} cell */
  forOneself(number, cell) {
    return this.own && this.own.item(number, cell);
  }

  /**
   * What is on its way to the device's disk lies nowhere yet.
   * @param {number | string} number
   * @param {string} cell
   * @returns {boolean}
   */
  isWriting(number, cell) {
    return this.writing.has(number + "/" + cell) || (!!this.own && this.own.isWriting(number, cell));
  }

  /** @param {number | string} number @param {string} cell @param {Answer} answer */
  async put(number, cell, answer) {
    /** @type {Item} */
    const item = {
      membership: this.membership,
      code: this.code,
      cell: number + "/" + cell,
      d: +number,
      m: newId(),
      b: this.shown(number, cell)[0],
      s: this.number,
      t: Date.now(),
      answer: answer,
    };
    await this.write(item);
  }

  /** @param {Item} item */
  async write(item) {
    this.items.set(item.cell, item);
    this.writing.set(item.cell, item);
    await this.store.put("queue", item);
    if (this.writing.get(item.cell) === item) this.writing.delete(item.cell);
  }

  /** @param {boolean} tick */
  async intend(tick) {
    /** @type {Item} */
    const item = {
      membership: this.membership,
      code: this.code,
      cell: "hand-in",
      m: newId(),
      t: Date.now(),
      tick: tick,
    };
    await this.write(item);
  }

  /** @param {Item} item */
  async drop(item) {
    this.items.delete(item.cell);
    await this.store.remove("queue", item);
  }

  get waiting() {
    return Array.from(this.items.values()).filter((item) => item.answer && !item.refused);
  }

  get refused() {
    return Array.from(this.items.values()).filter((item) => item.refused);
  }

  get handIn() {
    return this.items.get("hand-in");
  }

  get decisions() {
    return this.asked.decisions.map(([number]) => number);
  }

  get questions() {
    return this.asked.partners.length + 1;
  }

  /** @param {number} number */
  answered(number) {
    return this.count((cell) => this.value(number, cell));
  }

  /** @param {number} number */
  sent(number) {
    return this.count((cell) => this.toSend(number, cell));
  }

  /** @param {(cell: string) => Answer} value */
  count(value) {
    const cells = this.asked.partners.map(([partner]) => "p" + partner).concat("a");
    return cells.filter((cell) => value(cell).some((part) => part !== "")).length;
  }

  firstOpen() {
    return this.decisions.find((number) => this.answered(number) < this.questions);
  }

  minutes() {
    const open = this.decisions.map((number) => this.questions - this.answered(number)).filter((n) => n > 0);
    const seconds = open.reduce((sum, n) => sum + (n - 1) * SECONDS_A_LEVEL + SECONDS_A_DECISION, 0);
    return Math.ceil(seconds / 60);
  }
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
