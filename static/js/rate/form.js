// The form of one decision, drawn by the server or on the device: each answer is kept as it is given.

const KEPT = 400,
  SENT = 2000; // ms of pause in typing: little is lost where a page is closed, and not each word is sent

export class Form {
  /**
   * `heard(cell)` is called once an answer is kept.
   * @param {HTMLFormElement} form
   * @param {import("./sheet").Sheet} sheet
   * @param {(cell: string) => void} heard
   */
  constructor(form, sheet, heard) {
    this.form = form;
    this.sheet = sheet;
    this.heard = heard;
    this.words = form.dataset;
    /** @type {Set<string>} */
    this.touched = new Set();
    this.typing = this.telling = 0;
    /** @type {Record<string, string>} */
    this.last = {}; // of each cell: what its fields were given
    this.number = +(form.dataset.decision ?? 0);
    this.trouble = document.getElementById("trouble");
    this.cells = Array.from(form.querySelectorAll(".circles"), (ladder) => ladder.id).concat("a");
    form.addEventListener("change", (/** @type {PageEvent} */ { target }) => {
      this.changed(/^p\d/.test(target.name) ? target.name : "a");
    });
    form.addEventListener("input", (/** @type {PageEvent} */ event) => {
      if (event.target.name !== "reason") return;
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.changed("a", SENT - KEPT), KEPT);
    });
  }

  // Not by `elements`: what is for oneself belongs to no form, so that no form can send it.
  /**
   * @param {string} name
   * @returns {HTMLInputElement[]}
   */
  fields(name) {
    return Array.from(this.form.querySelectorAll('[name="' + name + '"]'));
  }

  // A cell is a partner ("p3": one value) or the agreement ("a": agree, use, reason), in the form's own words.
  /**
   * @param {string} cell
   * @returns {import("./types").Answer}
   */
  read(cell) {
    return namesOf(cell).map((name) => {
      const field = this.fields(name).find((one) => one.type !== "radio" || one.checked);
      return field ? field.value.trim() : "";
    });
  }

  /**
   * @param {string} cell
   * @param {import("./types").Answer} answer
   */
  write(cell, answer) {
    this.last[cell] = String(answer);
    if (String(this.read(cell)) === String(answer)) return;
    namesOf(cell).forEach((name, at) => this.set(name, answer[at]));
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  set(name, value) {
    for (const field of this.fields(name)) {
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
  }

  /**
   * @param {string} cell
   * @param {string | undefined} sentence
   * @param {boolean} [warn]
   */
  tell(cell, sentence, warn) {
    const output = this.form.querySelector("#" + cell + " output");
    output.textContent = sentence ?? "";
    output.className = warn ? "unsaved" : "";
  }

  /** @param {string} [sentence] */
  complain(sentence) {
    this.trouble.textContent = sentence || "";
    this.trouble.hidden = !sentence;
  }

  // What the person gave before the script was there counts, too (`fresh`: what the page came with); then show what
  // this device knows.
  /** @param {Record<string, import("./types").Held> | null} [fresh] */
  begin(fresh) {
    for (const cell of this.cells) {
      const given =
        fresh && !this.sheet.item(this.number, cell) && String(this.read(cell)) !== String(fresh[cell].slice(1));
      if (given) this.changed(cell);
      else this.write(cell, this.sheet.value(this.number, cell));
    }
    this.refresh();
    this.unfold();
  }

  // A reason that is there is seen, though the way to it is folded.
  unfold() {
    const [, use, reason] = this.read("a");
    if (use || reason) this.form.querySelector(".reason").open = true;
  }

  get misses() {
    const [, use, reason] = this.read("a");
    return !!reason && !use;
  }

  /**
   * @param {string} cell
   * @param {number} [wait] in ms
   */
  changed(cell, wait = 0) {
    clearTimeout(this.typing);
    this.typing = 0;
    const answer = this.read(cell);
    if (cell === "a" && this.misses) return this.tell(cell, this.words.use, true);
    if (!answer[0] && !answer[2]) return undefined;
    if (String(answer) === String(this.sheet.value(this.number, cell))) return this.refresh();
    this.last[cell] = String(answer);
    const { own } = this.sheet,
      forOneself = own && own.keeps(this.number, cell);
    if (!forOneself) this.touched.add(cell);
    const kept = (own && forOneself ? own : this.sheet).put(this.number, cell, answer);
    this.refresh();
    return kept.then(() => {
      this.refresh();
      clearTimeout(this.telling);
      if (wait) this.telling = setTimeout(() => this.heard(cell), wait);
      else this.heard(cell);
    });
  }

  // Keep what is being typed before the page goes.
  flush() {
    return this.typing ? this.changed("a") : undefined;
  }

  refresh() {
    for (const cell of this.cells) {
      const item = this.sheet.item(this.number, cell),
        own = !!this.sheet.forOneself(this.number, cell);
      this.keepHere(cell, own);
      if (cell === "a" && this.misses)
        this.tell(cell, this.words.use, true); // also once what she gave before is kept
      else if (this.sheet.isWriting(this.number, cell)) this.tell(cell, "");
      else if (own) this.tell(cell, this.words.own);
      else if (item && item.refused) this.tell(cell, this.words.failed, true);
      else if (item) this.waits(cell);
      else if (this.touched.has(cell)) this.tell(cell, this.words.saved);
      if (String(this.read(cell)) === this.last[cell]) this.write(cell, this.sheet.value(this.number, cell)); // not in between
    }
    /** @type {Record<string, import("./types").Held>} */
    const shown = {};
    for (const cell of this.cells) shown[cell] = this.sheet.shown(this.number, cell);
    this.set("shown", JSON.stringify(shown));
    this.set("sheet", String(this.sheet.number || ""));
  }

  // Also of an answer that waited before this page came: once it is sent, its mark says so.
  /** @param {string} cell */
  waits(cell) {
    this.touched.add(cell);
    this.tell(cell, this.words.here);
  }

  // Marked, and out of the form: even a page whose script has died sends nothing of it.
  /**
   * @param {string} cell
   * @param {boolean} own
   */
  keepHere(cell, own) {
    const box = this.form.querySelector("#" + cell);
    if (box.classList.contains("is-own") === own) return;
    box.classList.toggle("is-own", own);
    if (!own) this.tell(cell, "");
    for (const name of namesOf(cell)) {
      for (const field of this.fields(name)) own ? field.setAttribute("form", "") : field.removeAttribute("form");
    }
  }

  // An answer that the server holds; a newer one of another device may stand in its place.
  /**
   * @param {string} cell
   * @param {boolean} newer
   */
  settled(cell, newer) {
    this.refresh();
    if (newer && !this.sheet.item(this.number, cell) && !this.sheet.forOneself(this.number, cell)) {
      this.touched.delete(cell);
      this.tell(cell, this.words.newer, true);
    }
  }
}

/** @param {string} cell */
function namesOf(cell) {
  return cell === "a" ? ["agree", "use", "reason"] : [cell];
}
