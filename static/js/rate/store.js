// What a phone keeps: sheets (questions, and her own answers as the server held them) and the queue of what the server
// has not confirmed. Each sheet is kept for the person who was signed in, each item for the seat that gave it.
import { deleteDB, openDB } from "idb";

const KEYS = { sheets: ["owner", "code"], queue: ["seat", "code", "cell"] };

export async function openStore(name = "rating") {
  const store = new Store(name);
  try {
    store.db = await openDB(name, 1, {
      upgrade(db) {
        for (const kind in KEYS) db.createObjectStore(kind, { keyPath: KEYS[kind] });
        db.createObjectStore("leases");
      },
      blocking: () => store.close(),
    });
    await store.db.put("leases", 0, "can this browser keep anything?");
    store.keeps = true;
  } catch (error) {
    store.close(); // a private window, or no room
  }
  return store;
}

class Store {
  constructor(name) {
    this.name = name;
    this.db = null;
    this.keeps = false; // false: all this ends with the page
    this.spare = { sheets: new Map(), queue: new Map() };
  }

  close() {
    if (this.db) this.db.close();
    this.db = null;
    this.keeps = false;
  }

  // With a full disk, go on in memory with all that is known.
  async overflow() {
    for (const name in KEYS) {
      for (const row of await this.db.getAll(name)) this.spare[name].set(keyOf(name, row), row);
    }
    this.close();
  }

  async put(name, row) {
    if (this.db) {
      try {
        const transaction = this.db.transaction(name, "readwrite", { durability: "strict" }); // a phone's battery dies
        return await Promise.all([transaction.store.put(row), transaction.done]);
      } catch (error) {
        await this.overflow();
      }
    }
    this.spare[name].set(keyOf(name, row), row);
  }

  async all(name) {
    return this.db ? this.db.getAll(name) : Array.from(this.spare[name].values());
  }

  async remove(name, row) {
    if (this.db) return this.db.delete(name, KEYS[name].map((part) => row[part]));
    this.spare[name].delete(keyOf(name, row));
  }

  async sheet(owner, code) {
    return (await this.all("sheets")).find((row) => row.owner === owner && row.code === code);
  }

  async items(seat, code) {
    const mine = (await this.all("queue")).filter((item) => item.seat === seat && (!code || item.code === code));
    return mine.sort((a, b) => a.t - b.t);
  }

  // Take an item out, unless a newer answer has taken its place: that one was made from what the server holds now.
  async settle(item, version) {
    const key = KEYS.queue.map((part) => item[part]);
    const transaction = this.db && this.db.transaction("queue", "readwrite");
    const now = transaction ? await transaction.store.get(key) : this.spare.queue.get(keyOf("queue", item));
    const last = !!now && now.m === item.m;
    if (last && transaction) await transaction.store.delete(key);
    else if (last) this.spare.queue.delete(keyOf("queue", item));
    else if (now) {
      now.b = version;
      if (transaction) await transaction.store.put(now);
    }
    if (transaction) await transaction.done;
    return last;
  }

  // Where there are no Web Locks: a lease that one tab holds for a while.
  async lease(name, until) {
    if (!this.db) return true;
    const transaction = this.db.transaction("leases", "readwrite");
    const taken = (await transaction.store.get(name)) || 0;
    const free = !until || taken < Date.now();
    if (free) await transaction.store.put(until, name);
    await transaction.done;
    return free;
  }

  // Nobody else's answers lie about: what others have not sent stays, what the server has goes.
  async forgetOthers(owner) {
    for (const row of await this.all("sheets")) if (row.owner !== owner) await this.remove("sheets", row);
  }

  async clear() {
    this.close();
    for (const name in KEYS) this.spare[name].clear();
    await deleteDB(this.name);
  }
}

function keyOf(name, row) {
  return KEYS[name].map((part) => row[part]).join("\n");
}
