// Draws a sheet's pages on the device, from the shell's templates and the sheet's data.
import { showOwn } from "./own.js";
import { counted, day, fill } from "./words.js";

/** @typedef {import("./types").Partner} Partner */

const main = document.getElementById("main");

export class Drawer {
  /**
   * @param {Document} shell
   * @param {import("./sheet").Sheet} sheet
   * @param {string} base
   */
  constructor(shell, sheet, base) {
    this.shell = shell;
    this.sheet = sheet;
    this.base = base;
    /** @type {(send: boolean) => unknown} */
    this.act = () => {}; // what is done with answers kept for oneself
  }

  // Put a template's copy in the place of the page.
  /** @param {string} name */
  show(name) {
    const copy = document.importNode(this.shell.getElementById("view-" + name).content, true);
    main.textContent = ""; // old phones have no replaceChildren
    main.append(copy);
    this.head();
    return main;
  }

  head() {
    const { data } = this.sheet;
    const [back, own] = [document.querySelector(".focus-back a"), document.querySelector(".focus-aside a")];
    if (data && back) {
      back.textContent = data.title;
      back.href = this.base.replace(/rate\/$/, "");
    }
    if (own) own.href = this.base + "review/";
    for (const link of main.querySelectorAll(".check")) link.href = this.base + "receipt/";
    for (const link of main.querySelectorAll(".actions > a:not([href])")) link.href = this.base;
  }

  /** @param {string} words */
  title(words) {
    document.title = words + document.title.slice(document.title.lastIndexOf(" · "));
    const heading = Array.from(main.querySelectorAll("h1")).find((one) => !one.closest("[hidden]"));
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    scrollTo(0, 0);
  }

  /**
   * @param {number} number
   * @returns {HTMLFormElement}
   */
  decision(number) {
    const data = this.sheet.asked,
      at = this.sheet.decisions.indexOf(number) + 1,
      of = data.decisions.length;
    this.show("decision");
    const form = document.getElementById("answers"),
      blank = form.querySelector(".circles");
    form.dataset.decision = String(number);
    form.action = this.base + number + "/";
    form.elements.membership.value = data.membership;
    for (const partner of data.partners) blank.before(this.ladder(blank.cloneNode(true), partner));
    blank.remove();
    form.querySelector('[name="go"][value="back"]').hidden = at === 1;
    form.querySelector(".dock a").hidden = at > 1;
    const [, said, original, language] = data.decisions[at - 1],
      source = main.querySelector(".original"),
      foreign = main.querySelector(".foreign");
    main.querySelector("h1").textContent = said;
    if (source) Object.assign(source, { hidden: !original }).lastElementChild.textContent = original || "";
    foreign.hidden = !language;
    if (language) foreign.textContent = fill(foreign.dataset.text, { language });
    Object.assign(main.querySelector("progress"), { value: at, max: of });
    this.place(number);
    this.title(main.querySelector(".place").textContent);
    return form;
  }

  /** @param {number} number */
  place(number) {
    const place = main.querySelector(".place"),
      minutes = this.sheet.minutes();
    const values = { at: this.sheet.decisions.indexOf(number) + 1, of: this.sheet.asked.decisions.length };
    if (!place.dataset.minutes) return;
    place.textContent = minutes ? counted(place.dataset.minutes, minutes, values) : fill(place.dataset.done, values);
  }

  /**
   * @param {HTMLElement} ladder
   * @param {Partner} partner
   */
  ladder(ladder, [number, name, , side]) {
    const mark = ladder.querySelector(".side"),
      own = ladder.querySelector("small");
    ladder.id = "p" + number;
    ladder.setAttribute("aria-describedby", "s" + number);
    ladder.querySelector(".under")?.setAttribute("id", "s" + number);
    ladder.querySelector("legend")?.prepend(name);
    mark.className = "side side-" + side;
    mark.textContent = this.sheet.asked.sides[side];
    if (number !== this.sheet.asked.mine) own?.remove();
    ladder.querySelectorAll("input").forEach((input) => (input.name = "p" + number));
    ladder.querySelectorAll("i").forEach((words) => words.prepend(name));
    return ladder;
  }

  // `quietly`: the same page again, with what changed meanwhile; the focus and a tick stay where they are.
  /** @param {boolean} [quietly] */
  review(quietly) {
    const { sheet } = this,
      data = sheet.asked,
      ticked = quietly && main.querySelector("#tick").checked;
    this.show("review");
    const find = (/** @type {string} */ selector) => main.querySelector(selector);
    const given = sheet.decisions.map((number) => sheet.answered(number));
    const all = sheet.decisions.reduce((sum, number) => sum + sheet.sent(number), 0);
    find(".given").textContent = fill(find(".given").dataset.text, {
      given: all,
      asked: given.length * sheet.questions,
    });
    sheet.decisions
      .filter((_number, at) => given[at] < sheet.questions)
      .slice(0, 20)
      .forEach((number) => {
        find(".missing").hidden = false;
        find(".missing").append(" ", link("number", this.base + number + "/", number));
      });
    this.table();
    this.reasons();
    if (sheet.own) showOwn(find(".for-myself"), sheet.own, data, this.act);
    const note = find("#tick-note");
    note.textContent = fill(note.dataset.text, { k: data.k });
    note.closest("details").open = Boolean(data.offered);
    find("#hand-in").hidden = !all;
    find("#tick").checked = ticked || (sheet.handIn ? sheet.handIn.tick : data.tick);
    this.handedIn();
    if (!quietly) this.title(find(".not-yet h1").textContent);
  }

  handedIn() {
    const { sheet } = this,
      { receipt, changed } = sheet.asked;
    const find = (/** @type {string} */ selector) => main.querySelector(selector);
    const done = !!receipt && !sheet.handIn,
      offline = !navigator.onLine || sheet.waiting.length > 0;
    find(".handed-in").hidden = !done;
    find(".not-yet").hidden = done;
    find(".receipt").hidden = !done;
    find(".intended").hidden = find(".not-after-all").hidden = !sheet.handIn;
    find(".now").hidden = done || !!sheet.handIn || offline;
    find(".later").hidden = done || !!sheet.handIn || !offline;
    find(".choice").hidden = !done;
    if (!done) return;
    this.next();
    find(".held").textContent = counted(find(".held").dataset.forms, receipt.n);
    find(".code").textContent = receipt.c;
    find(".changed").hidden = !changed;
    if (changed) find(".changed").textContent = fill(find(".changed").dataset.text, { day: day(changed) });
  }

  // After submitting: when, and how she hears of it. Nobody without an address is told that an e-mail comes.
  next() {
    const data = this.sheet.asked,
      when = main.querySelector(".when");
    when.hidden = !data.due;
    if (data.due) when.textContent = fill(when.dataset.text, { day: day(data.due) });
    main.querySelector(".by-mail").hidden = !data.mail;
    main.querySelector(".by-code").hidden = !!data.mail;
    main.querySelector(".calendar").href = this.base.replace(/rate\/$/, "dates.ics");
  }

  table() {
    const { sheet } = this,
      data = sheet.asked,
      table = main.querySelector("table"),
      body = table.tBodies[0];
    const columns = data.columns.map(
      (number) => /** @type {Partner} */ (data.partners.find((one) => one[0] === number)),
    );
    table.classList.toggle("matrix-dense", columns.length > 11);
    for (const [, name, acronym, side] of columns) {
      const head = element("th", "side-" + side);
      head.scope = "col";
      const short = head.appendChild(element("abbr", "", acronym));
      short.title = name;
      table.querySelector(".agree").before(head);
    }
    for (const [number, wording] of data.decisions) {
      const row = body.insertRow(),
        head = row.appendChild(element("th"));
      head.scope = "row";
      head.append(link("", this.base + number + "/", wording));
      for (const [partner] of columns) row.append(this.cell(number, "p" + partner, body.dataset));
      row.append(this.cell(number, "a", body.dataset));
    }
  }

  /**
   * @param {number} number
   * @param {string} name
   * @param {DOMStringMap} words
   */
  cell(number, name, words) {
    const value = this.sheet.value(number, name)[0],
      cell = element("td");
    const said = { none: "?", yes: words.yes, no: words.no }[value];
    cell.textContent = said || value;
    if (name !== "a" && value) cell.className = "lv-" + value;
    const own = this.sheet.forOneself(number, name);
    if (own) cell.classList.add("is-own");
    if (own || this.sheet.item(number, name)) {
      cell.append(
        element("span", "", own ? "◇" : "*"),
        element("span", "visually-hidden", " " + (own ? words.own : words.here)),
      );
      cell.firstElementChild?.setAttribute("aria-hidden", "true");
      main.querySelector(own ? ".own-mark" : ".mark").hidden = false;
    }
    return cell;
  }

  reasons() {
    const box = main.querySelector(".reasons"),
      list = box.querySelector("dl");
    for (const [number, wording] of this.sheet.asked.decisions) {
      const [, use, reason] = this.sheet.toSend(number, "a");
      if (!reason) continue;
      box.hidden = false;
      const term = element("dt", "", wording + " ");
      term.append(element("small", "muted", list.dataset[use]));
      const said = element("dd", "said", reason);
      list.append(term, said);
    }
  }

  start() {
    const { sheet } = this,
      data = sheet.asked,
      first = sheet.firstOpen();
    this.show("start");
    main.querySelector(".first-line").textContent = data.first || "";
    // A sheet that was kept before the promise had paragraphs has it as one text.
    const promise = /** @type {string[]} */ ([]).concat(data.promise);
    main.querySelector(".promise-first").textContent = promise[0] || "";
    main.querySelector(".promise-words").replaceChildren(...promise.map((line) => element("p", "", line)));
    main.querySelector(".under-each").replaceChildren(...(data.under || []).map((line) => element("li", "", line)));
    main.querySelector(".pledge-words").textContent = (data.pledge || []).join(" ");
    main.querySelector(".look").href = this.base + "review/";
    main.querySelector(".go").href = this.base + (first ? first + "/" : "review/");
    const due = main.querySelector(".due");
    due.hidden = !data.due;
    if (data.due) due.textContent = fill(due.dataset.text, { day: day(data.due) });
    this.title(main.querySelector("h1").textContent);
  }

  missing() {
    this.show("missing");
    main.querySelector(".again").href = location.pathname + "?wait";
    this.title(main.querySelector("h1").textContent);
  }

  /**
   * @param {import("./types").SheetRow[]} rows
   * @param {string} root
   */
  sheets(rows, root) {
    this.show("sheets");
    for (const row of rows) {
      const item = main.querySelector("ul").appendChild(element("li"));
      item.append(link("", root + row.code + "/rate/", row.data.title));
    }
    this.title(main.querySelector("h1").textContent);
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} name
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[T]}
 */
function element(name, className, text) {
  const one = document.createElement(name);
  if (className) one.className = className;
  if (text !== undefined) one.textContent = text;
  return one;
}

/**
 * @param {string} className
 * @param {string} href
 * @param {string | number} text
 */
function link(className, href, text) {
  const one = element("a", className, String(text));
  one.href = href;
  return one;
}
