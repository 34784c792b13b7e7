// Sends what waits of a session. As with answers, an item leaves the queue only on a JSON receipt that names its mutation.
import { Sender } from "../rate/send.js";

export class SessionSender extends Sender {
  constructor(session, base, patience, token, tell) {
    super(session, "", patience, token, tell);
    this.base = base;
  }

  request(item) {
    return ["save/", { w: item.seat, m: item.m, d: item.d, c: item.cell.split("/")[1], b: item.b, a: item.answer }];
  }

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
    await sheet.taken(item, receipt);
    this.tell("saved", item);
    return true;
  }

  // Somebody else was first: both stay, until a person chooses.
  async differs(item, receipt) {
    const now = this.sheet.items.get(item.cell);
    if (now && now.m === item.m) {
      Object.assign(item, { theirs: receipt.theirs, v: receipt.v, refused: "differs" });
      await this.sheet.write(item);
    }
    this.tell("differs", item);
  }
}
