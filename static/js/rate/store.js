// What a phone keeps, in two databases. One named after its kind ("rating") holds the queue: what the server has not
// confirmed. "signed-in" holds what may lie here only while somebody is signed in: keys, and sheets (questions, and her
// own answers as the server held them); signing out deletes it. Whatever says anything is sealed from the first write.
import { deleteDB, openDB } from "idb";
import { canSeal, keyFrom, seal, unseal } from "./seal.js";

/** @typedef {import("./types").Kind} Kind */
/** @typedef {any} Row a sheet or an item, sealed or not; its store says which */

/** @type {Record<Kind, string[]>} */
const PARTS = { queue: ["membership", "code", "cell"], sheets: ["kind", "owner", "code"] };
/** @type {Record<Kind, string[]>} */
const OPEN = { queue: ["membership", "code", "cell", "m", "b"], sheets: ["kind", "owner", "code", "membership"] }; // not sealed
/** @type {Kind[]} */
const KINDS = ["queue", "sheets"];
const SIGNED_IN = "signed-in";
/** @type {Map<string, CryptoKey>} */
const keys = new Map(); // of memberships, as long as this page lives

export async function openStore(kind = "rating") {
  const store = new Store(kind);
  if (canSeal()) await store.open();
  return store;
}

/** @param {import("./types").Item} row */
export function isAnswer(row) {
  return row.cell.includes("/"); // not the intention to hand in, nor a switch
}

export class Store {
  /** @param {string} kind */
  constructor(kind) {
    this.kind = kind;
    /** @type {Record<Kind, import("idb").IDBPDatabase | null>} */
    this.db = { queue: null, sheets: null };
    this.keeps = false; // false: all this ends with the page
    /** @type {Record<Kind, Map<string, Row>>} */
    this.spare = { queue: new Map(), sheets: new Map() };
    /** @type {Promise<unknown>} */
    this.turn = Promise.resolve();
  }

  async open() {
    try {
      this.db.queue = await openDB(this.kind, 2, { upgrade, blocking: () => this.close() });
      await this.db.queue.put("leases", 0, "can this browser keep anything?");
      await this.openSheets();
      this.keeps = true;
    } catch {
      this.close(); // a private window, or no room
    }
  }

  async openSheets() {
    if (this.db.sheets) return;
    this.db.sheets = await openDB(SIGNED_IN, 1, {
      upgrade(db) {
        db.createObjectStore("keys", { keyPath: "membership" });
        db.createObjectStore("sheets", { keyPath: PARTS.sheets });
      },
      blocking: () => this.closeSheets(),
    });
  }

  closeSheets() {
    if (this.db.sheets) this.db.sheets.close();
    this.db.sheets = null;
  }

  close() {
    if (this.db.queue) this.db.queue.close();
    this.db.queue = null;
    this.closeSheets();
    this.keeps = false;
  }

  // --- keys

  /**
   * Take a membership's key, as the server's page gave it. What an older version had kept in the clear is sealed now.
   * @param {string} membership
   * @param {string | undefined} text
   */
  async take(membership, text) {
    if (!this.keeps || !membership || !text) return;
    if (!keys.has(membership)) keys.set(membership, await keyFrom(text));
    for (const row of await this.all("queue"))
      if (row.membership === membership && !row.box) await this.put("queue", row);
  }

  /**
   * Keep the key as well, so that the page opens without a line, until she signs out.
   * @param {string} membership
   * @param {string} owner
   */
  async remember(membership, owner) {
    if (!this.keeps || !keys.has(membership)) return;
    try {
      await this.openSheets();
      await this.db.sheets?.put("keys", { membership, owner, key: keys.get(membership) });
    } catch {
      // A browser that keeps no keys: then this page opens only with a line.
    }
  }

  /** @param {string} membership */
  async key(membership) {
    const kept = !keys.has(membership) && this.db.sheets && (await this.db.sheets.get("keys", membership));
    if (kept) keys.set(membership, kept.key);
    return keys.get(membership);
  }

  // --- rows

  /**
   * One after the other: sealing takes its time, and of two answers in a row the later one stays.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  inTurn(work) {
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done;
  }

  /** @param {Kind} name @param {Row} row */
  put(name, row) {
    return this.inTurn(() => this.write(name, row));
  }

  /** @param {Kind} name @param {Row} row */
  async write(name, row) {
    const whole = name === "sheets" ? Object.assign({ kind: this.kind }, row) : row;
    const db = this.db[name];
    if (db) {
      try {
        const sealed = await this.sealed(name, whole);
        const transaction = db.transaction(name, "readwrite", { durability: "strict" }); // a battery dies
        await Promise.all([transaction.store.put(sealed), transaction.done]);
        return;
      } catch {
        await this.overflow();
      }
    }
    this.spare[name].set(keyOf(name, whole), whole);
  }

  /** @param {Kind} name @param {Row} row */
  async sealed(name, row) {
    /** @type {Row} */
    const open = {},
      content = {};
    for (const part in row) (OPEN[name].includes(part) ? open : content)[part] = row[part];
    const key = await this.key(row.membership);
    if (!key) throw new Error("no key");
    return Object.assign(open, await seal(key, keyOf(name, row), content));
  }

  /**
   * Return a row as it was put; nothing if there is no key to it.
   * @param {Kind} name
   * @param {Row} row
   */
  async unsealed(name, row) {
    if (!row || !row.box) return row;
    const key = await this.key(row.membership),
      content = key && (await unseal(key, keyOf(name, row), row));
    if (!content) return null;
    /** @type {Row} */
    const open = {};
    for (const part of OPEN[name]) if (part in row) open[part] = row[part];
    return Object.assign(open, content);
  }

  // With a full disk, go on in memory with all that is known.
  async overflow() {
    for (const name of KINDS) {
      const db = this.db[name];
      for (const row of db ? await db.getAll(name) : []) this.spare[name].set(keyOf(name, row), row);
    }
    this.close();
  }

  /**
   * Rows as they lie here, sealed.
   * @param {Kind} name
   * @returns {Promise<Row[]>}
   */
  async all(name) {
    const db = this.db[name];
    const rows = db ? await db.getAll(name) : Array.from(this.spare[name].values());
    return name === "sheets" ? rows.filter((row) => row.kind === this.kind) : rows;
  }

  /** @param {Kind} name @param {Row} row */
  remove(name, row) {
    return this.inTurn(() => this.delete(name, row));
  }

  /** @param {Kind} name @param {Row} row */
  async delete(name, row) {
    const db = this.db[name];
    if (db)
      await db.delete(
        name,
        PARTS[name].map((part) => row[part]),
      );
    else this.spare[name].delete(keyOf(name, row));
  }

  /** @param {string} owner @param {string} code */
  async sheet(owner, code) {
    const row = (await this.all("sheets")).find((one) => one.owner === owner && one.code === code);
    return this.unsealed("sheets", row);
  }

  /** @param {string} owner */
  async sheets(owner) {
    const rows = (await this.all("sheets")).filter((row) => row.owner === owner);
    return (await Promise.all(rows.map((row) => this.unsealed("sheets", row)))).filter(Boolean);
  }

  /** @param {string} membership @param {string} [code] */
  async items(membership, code) {
    const rows = (await this.all("queue")).filter(
      (row) => row.membership === membership && (!code || row.code === code),
    );
    const mine = (await Promise.all(rows.map((row) => this.unsealed("queue", row)))).filter(Boolean);
    return mine.sort((a, b) => a.t - b.t);
  }

  /**
   * Take an item out, unless a newer answer has taken its place: that one follows version `base`.
   * @param {import("./types").Item} item
   * @param {number} base
   */
  settle(item, base) {
    return this.inTurn(() => this.settled(item, base));
  }

  /** @param {import("./types").Item} item @param {number} base */
  async settled(item, base) {
    const key = [item.membership, item.code, item.cell];
    const transaction = this.db.queue && this.db.queue.transaction("queue", "readwrite");
    const now = transaction ? await transaction.store.get(key) : this.spare.queue.get(keyOf("queue", item));
    const last = !!now && now.m === item.m;
    if (last && transaction) await transaction.store.delete(key);
    else if (last) this.spare.queue.delete(keyOf("queue", item));
    else if (now) {
      now.b = base;
      if (transaction) await transaction.store.put(now);
    }
    if (transaction) await transaction.done;
    return last;
  }

  /**
   * Where there are no Web Locks: a lease that one tab holds for a while.
   * @param {string} name
   * @param {number} until
   */
  async lease(name, until) {
    if (!this.db.queue) return true;
    const transaction = this.db.queue.transaction("leases", "readwrite");
    const taken = (await transaction.store.get(name)) || 0;
    const free = !until || taken < Date.now();
    if (free) await transaction.store.put(until, name);
    await transaction.done;
    return free;
  }

  // --- forgetting

  /**
   * Of whoever else was signed in, what is not sent stays, sealed; her key and what the server has go.
   * @param {string} owner
   */
  async forgetOthers(owner) {
    if (!owner) return this.signedOut();
    if (!this.db.sheets) return undefined;
    const transaction = this.db.sheets.transaction(["keys", "sheets"], "readwrite");
    const [held, sheets] = [transaction.objectStore("keys"), transaction.objectStore("sheets")];
    for (const row of await held.getAll()) if (row.owner !== owner) held.delete(row.membership);
    for (const row of await sheets.getAll()) {
      if (row.owner !== owner) sheets.delete(PARTS.sheets.map((part) => row[part]));
    }
    return transaction.done;
  }

  // The session is over: an open page goes on with what it knows, and the next one needs a line.
  signedOut() {
    this.closeSheets();
    return canSeal() ? deleteDB(SIGNED_IN) : undefined;
  }

  async clear() {
    this.close();
    for (const name of KINDS) this.spare[name].clear();
    await deleteDB(this.kind);
    await deleteDB(SIGNED_IN);
  }
}

// Until version 2 sheets lay beside the queue, in the clear. The server has them; only the switch of what is for oneself
// is nowhere else.
/**
 * @param {import("idb").IDBPDatabase} db
 * @param {number} before
 * @param {number | null} _now
 * @param {any} transaction of the change of version
 */
async function upgrade(db, before, _now, transaction) {
  if (before < 1) {
    db.createObjectStore("queue", { keyPath: PARTS.queue });
    db.createObjectStore("leases");
    return;
  }
  // Version 1 called a membership "seat", and kept sheets here.
  const waiting = await transaction.objectStore("queue").getAll();
  const sheets = await transaction.objectStore("sheets").getAll();
  for (const name of ["queue", "sheets"]) db.deleteObjectStore(name);
  const queue = db.createObjectStore("queue", { keyPath: PARTS.queue });
  for (const { seat, ...row } of waiting) queue.put({ ...row, membership: seat });
  for (const { owner, code, data } of sheets) {
    if ("on" in data) queue.put({ membership: owner, code, cell: "switch", on: data.on });
  }
}

/** @param {Kind} name @param {Row} row */
function keyOf(name, row) {
  return PARTS[name].map((part) => row[part]).join("\n");
}
