// Draws one decision from the page's templates, and keeps what stands on it in step with what this machine knows.
import { day, fill } from "../rate/words.js";

/**
 * @param {string} id
 * @returns {DocumentFragment}
 */
const copy = (id) => document.importNode(document.getElementById(id).content, true);
/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {any[]}
 */
const all = (root, selector) => Array.from(root.querySelectorAll(selector));

/** @type {Record<string, string[]>} */
const NAMES = {
  p: ["choice", "desired", "one", "other"],
  w: ["word"],
  o: ["agree", "note", "route", "review", "no_wish"],
};

/** @typedef {import("../rate/types").Answer} Answer */
/** @typedef {import("../rate/types").Item} Item */
/** @typedef {import("../rate/types").Partner} Partner */
/** @typedef {HTMLElement & { dirty?: boolean; seen?: number; timer?: number }} Cell with what is being typed in it */

/**
 * Return what a cell is about: "p3", "w3" or "o".
 * @param {HTMLElement} root
 */
export const cellOf = (root) => root.dataset.cell ?? "";

/**
 * What is said under a cell about what is in it.
 * @param {Item | undefined} item what waits, or was refused
 * @param {number} held the version that the server has
 * @param {DOMStringMap} words
 */
function note(item, held, words) {
  if (!item) return (held && words.saved) || "";
  if (item.theirs) return "";
  return item.refused ? `${words.refused} ${item.refused}` : (words.here ?? "");
}

export class Board {
  /**
   * @param {HTMLElement} main
   * @param {import("./session").Session} session
   */
  constructor(main, session) {
    this.main = main;
    this.session = session;
    this.place = main.querySelector("#decision");
    this.said = JSON.parse(main.dataset.said ?? "{}"); // the words of each answer
    this.number = 0; // of the decision that is shown; none yet
    this.moment = "talk";
    /** @type {Record<string, string>} */
    this.last = {}; // of each cell: what its fields were given
    /** @type {Record<string, number>} */
    this.spoken = {}; // of each decision: how many have spoken
  }

  // What everyone said is the answer; what was asked privately stands beside it.
  /** @param {number | string} number */
  agree(number) {
    const { session } = this,
      said = session.asked.partners.map(([n]) => session.value(number, "w" + n)[0]).filter(Boolean);
    if (this.settled(number) || !said.length) return session.value(number, "o")[0];
    if (said.includes("no")) return "no";
    return said.length === session.asked.partners.length && said.includes("yes") ? "yes" : "open";
  }

  /** @param {number | string} number */
  settled(number) {
    return (this.session.asked.settled || []).includes(+number);
  }

  /** @param {string} moment */
  enter(moment) {
    this.moment = moment;
    const form = this.place.querySelector(".session-form");
    form.dataset.at = moment;
    for (const button of all(form, ".moments button")) {
      if (button.value === moment) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
    const label = form.querySelector(".moments [aria-current]").textContent;
    document.dispatchEvent(new CustomEvent("say", { detail: label }));
  }

  // Whose turn it is stays on this page: it is said aloud, and kept nowhere.
  /** @param {number} [step] */
  speakers(step) {
    const { number, session } = this,
      order = (session.asked.order || {})[number] || [];
    this.spoken[number] = Math.min(Math.max((this.spoken[number] || 0) + (step || 0), 0), order.length);
    this.place.querySelector(".speakers").replaceChildren(
      ...order.map((partner, at) => {
        const item = document.createElement("li"),
          spoken = this.spoken[number];
        item.className = at < spoken ? "is-spoke" : at === spoken ? "is-speaks" : "is-waits";
        if (at === spoken) item.setAttribute("aria-current", "step");
        item.textContent = this.partner(String(partner));
        return item;
      }),
    );
  }

  list() {
    const { session } = this,
      list = this.main.querySelector(".session-nav");
    list.replaceChildren(
      ...session.asked.decisions.map(([number, wording]) => {
        const item = document.createElement("li"),
          link = item.appendChild(document.createElement("a"));
        link.href = "#" + number;
        if (number === this.number) link.setAttribute("aria-current", "page");
        link.append(Object.assign(document.createElement("b"), { textContent: number }));
        const text = link.appendChild(Object.assign(document.createElement("span"), { textContent: wording }));
        text.append(" ", Object.assign(document.createElement("small"), { textContent: this.state(number) }));
        return item;
      }),
    );
  }

  // One word for where a decision stands: what asks for a choice first, then what waits, then what is recorded.
  /** @param {number} number */
  state(number) {
    const { session, said } = this,
      items = session.of(number),
      words = this.main.querySelector(".session-nav").dataset;
    if (items.some((item) => item.refused)) return words.choose;
    const agree = said.agree[this.agree(number)];
    return items.length ? agree + " · " + words.waits : agree;
  }

  /** @param {number} number */
  show(number) {
    const { session } = this,
      data = session.asked;
    this.number = number;
    this.last = {};
    const [, wording, language] = /** @type {import("../rate/types").Decision} */ (
        data.decisions.find((one) => one[0] === number)
      ),
      page = copy("view-decision");
    const title = /** @type {HTMLElement} */ (page.querySelector("h1")),
      place = page.querySelector(".eyebrow");
    title.textContent = wording;
    if (language) title.lang = language;
    const at = data.decisions.findIndex((one) => one[0] === number);
    place.textContent = fill(place.dataset.text, { at: at + 1, of: data.decisions.length });
    const settled = this.settled(number);
    for (const one of all(page, ".settled")) one.hidden = !settled;
    for (const partner of data.partners) {
      page.querySelector(".rows").append(this.row(copy("view-cell"), partner));
      if (!settled) page.querySelector(".words").append(this.word(copy("view-word"), partner));
    }
    for (const name of ["owner", "confirmer"]) {
      for (const [n, partner] of data.partners)
        page.querySelector(`[name=${name}]`).append(new Option(partner, String(n)));
    }
    page.querySelector(".before").hidden = at === 0;
    page.querySelector(".after").hidden = at === data.decisions.length - 1;
    if (at > 0) page.querySelector(".before").href = "#" + data.decisions[at - 1][0];
    if (at < data.decisions.length - 1) page.querySelector(".after").href = "#" + data.decisions[at + 1][0];
    const later = new Date(Date.now() + 90 * 24 * 3600 * 1000);
    page.querySelector("#review").dataset.offer = later.toISOString().slice(0, 10);
    this.place.replaceChildren(page);
    this.enter("talk");
    this.speakers();
    this.refresh();
    this.place.querySelector("h1").focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /**
   * @param {DocumentFragment} cell
   * @param {Partner} partner
   */
  row(cell, partner) {
    const [number, name, , side] = partner,
      root = /** @type {Cell} */ (cell.firstElementChild),
      key = "p" + number;
    this.named(root, key, name, side);
    for (const field of all(root, "input, textarea")) field.name = field.dataset.name + "-" + key;
    all(root, "[role=radiogroup]").forEach((group, at) => {
      group.setAttribute("aria-labelledby", at ? `want-${key} who-${key}` : `who-${key}`);
    });
    root.querySelector(".cell-want").id = "want-" + key;
    return cell;
  }

  /**
   * @param {DocumentFragment} cell
   * @param {Partner} partner
   */
  word(cell, partner) {
    const [number, name, , side] = partner,
      root = /** @type {Cell} */ (cell.firstElementChild),
      key = "w" + number;
    this.named(root, key, name, side);
    for (const field of all(root, "input")) field.name = "word-" + key;
    root.querySelector("[role=radiogroup]").setAttribute("aria-labelledby", "who-" + key);
    return cell;
  }

  /**
   * @param {Cell} root
   * @param {string} key
   * @param {string} name
   * @param {string} side
   */
  named(root, key, name, side) {
    root.dataset.cell = key;
    const who = root.querySelector(".cell-name"),
      mark = root.querySelector(".side");
    who.id = "who-" + key;
    who.textContent = name;
    mark.className = "side side-" + side;
    mark.textContent = this.session.asked.sides[side];
  }

  // The answer of a cell as its fields stand.
  /**
   * @param {Cell} root
   * @returns {Answer}
   */
  read(root) {
    const value = (/** @type {string} */ name) => {
      const fields = all(root, `[data-name=${name}]`);
      if (fields[0] && fields[0].type === "checkbox") return fields[0].checked ? fields[0].value : "";
      if (fields[0] && fields[0].type === "radio") return (fields.find((one) => one.checked) || { value: "" }).value;
      return fields[0] ? fields[0].value.trim() : "";
    };
    const answer = NAMES[cellOf(root)[0]].map(value);
    if (cellOf(root)[0] === "p") {
      if (answer[0] === "empty") answer[0] = "";
      if (answer[0] !== "differs") answer[2] = answer[3] = "";
    }
    if (cellOf(root) === "o" && !this.settled(this.number)) answer[0] = this.agree(this.number);
    if (cellOf(root) === "o" && answer[0] !== "no") answer[2] = answer[4] = "";
    if (cellOf(root) === "o" && !answer[2]) answer[3] = "";
    if (cellOf(root)[0] === "w" && answer[0] === "empty") answer[0] = "";
    return answer;
  }

  /**
   * @param {Cell} root
   * @param {Answer} answer
   */
  write(root, answer) {
    NAMES[cellOf(root)[0]].forEach((name, at) => {
      for (const field of all(root, `[data-name=${name}]`)) {
        if (field.type === "checkbox") field.checked = field.value === answer[at] && !this.wished();
        else if (field.type === "radio") field.checked = field.value === answer[at];
        else if (field !== document.activeElement)
          field.value = name === "review" && !answer[at] ? field.dataset.offer : answer[at];
      }
    });
  }

  // Whether a wish is recorded on this machine or on the server: then “no common wish” cannot be said.
  wished() {
    const { number, session } = this;
    return session.asked.partners.some(([n]) => session.value(number, "p" + n)[1]);
  }

  cells() {
    return all(this.place, "[data-cell]");
  }

  refresh() {
    if (!this.number) return;
    const agree = this.agree(this.number),
      answer = this.place.querySelector(".said");
    this.place.querySelector(".session-form").classList.toggle("is-no", agree === "no");
    answer.textContent = this.said.agree[agree];
    for (const root of this.cells()) this.renew(root);
    this.place.querySelector("#no-wish").disabled = this.wished();
    this.actions();
    this.list();
  }

  /** @param {Cell} root */
  renew(root) {
    const { session, number } = this,
      cell = cellOf(root),
      answer = session.value(number, cell);
    const item = session.item(number, cell),
      stands = JSON.stringify([answer, item && item.refused, cell === "o" && this.wished()]);
    if (this.last[cell] !== stands && !root.dirty) this.write(root, answer);
    this.last[cell] = stands;
    const output = /** @type {HTMLElement} */ (root.querySelector("output")),
      words = this.main.dataset,
      held = session.shown(number, cell)[0];
    output.textContent = note(item, held, words);
    output.className = item && item.refused ? "unsaved" : "saved";
    const slot = root.querySelector(".slot");
    if (item && item.theirs) this.conflict(slot, cell, item);
    else if (item && item.refused) slot.replaceChildren(copy("view-again"));
    else slot.replaceChildren();
  }

  /**
   * @param {HTMLElement} slot
   * @param {string} cell
   * @param {Item} item
   */
  conflict(slot, cell, item) {
    slot.replaceChildren(copy("view-conflict"));
    const [theirs, mine] = all(slot, "dd");
    theirs.textContent = this.words(cell, item.theirs);
    mine.textContent = this.words(cell, item.answer);
  }

  /**
   * @param {string} cell
   * @param {Answer} [answer]
   */
  words(cell, answer = []) {
    const { said } = this,
      words = this.main.dataset;
    if (cell[0] === "w") return said.word[answer[0]] || words.none;
    if (cell[0] === "o")
      return [
        said.agree[answer[0]],
        said.route[answer[2]],
        answer[4] && words.noWish,
        answer[1] && "“" + answer[1] + "”",
      ]
        .filter(Boolean)
        .join(" · ");
    const level = said.choice[answer[0]],
      views = answer
        .slice(2)
        .filter(Boolean)
        .map((one) => "“" + one + "”")
        .join(" / ");
    const parts = [views ? level + ": " + views : level];
    if (answer[1]) parts.push(fill(words.wanted ?? "", { level: said.choice[answer[1]] }));
    return parts.join(" · ");
  }

  /** @param {string} number */
  partner(number) {
    const found = this.session.asked.partners.find((one) => String(one[0]) === number);
    return found ? found[1] : "";
  }

  actions() {
    const list = this.place.querySelector(".planned"),
      words = this.main.dataset;
    list.replaceChildren(
      ...this.session.planned(this.number).map(({ answer, item }) => {
        const [text, owner, due] = answer,
          line = document.createElement("li");
        line.append(
          Object.assign(document.createElement("b"), { textContent: text }),
          " · ",
          this.partner(owner),
          " · ",
          due ? day(due + "T12:00") : "",
        );
        const note = line.appendChild(document.createElement("span"));
        note.className = item && item.refused ? "unsaved small" : "small muted";
        note.textContent =
          " · " + (!item ? words.saved : item.refused ? words.refused + " " + item.refused : words.here);
        if (item && item.refused) {
          const button = line.appendChild(
            Object.assign(document.createElement("button"), { type: "button", textContent: words.remove }),
          );
          button.className = "btn btn-quiet btn-small";
          button.dataset.drop = item.cell;
        }
        return line;
      }),
    );
  }

  // Everything as rows of a file: what is saved, and what is only here.
  rows() {
    const { session } = this,
      data = session.asked,
      words = this.main.dataset,
      rows = [];
    for (const [number, wording] of data.decisions) {
      const cells = data.partners
        .map(([n]) => "p" + n)
        .concat(
          data.partners.map(([n]) => "w" + n),
          "o",
        );
      for (const cell of cells) {
        const item = session.item(number, cell),
          answer = session.value(number, cell);
        if (!item && !session.shown(number, cell)[0]) continue;
        rows.push([
          number,
          wording,
          this.partner(cell.slice(1)),
          this.words(cell, answer),
          item ? words.here : words.saved,
        ]);
        if (item && item.theirs)
          rows.push([number, wording, this.partner(cell.slice(1)), this.words(cell, item.theirs), words.saved]);
      }
      for (const { answer, item } of session.planned(number)) {
        rows.push([
          number,
          wording,
          this.partner(answer[1]),
          answer[0] + " · " + answer[2],
          item ? words.here : words.saved,
        ]);
      }
    }
    return rows;
  }
}
