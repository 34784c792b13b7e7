// The form of one decision, drawn by the server or on the device: each answer is kept as it is given.

export class Form {
  // `heard(cell)` is called once an answer is kept.
  constructor(form, sheet, heard) {
    Object.assign(this, { form, sheet, heard, words: form.dataset, touched: new Set(), typing: 0, last: {} });
    this.number = +form.dataset.decision;
    this.trouble = document.getElementById("trouble");
    this.cells = Array.from(form.querySelectorAll(".ladder"), (ladder) => ladder.id).concat("a");
    form.addEventListener("change", (event) => this.changed(/^p\d/.test(event.target.name) ? event.target.name : "a"));
    form.addEventListener("input", (event) => {
      if (event.target.name !== "reason") return;
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.changed("a"), 2000);
    });
  }

  field(name) {
    return this.form.elements[name];
  }

  // A cell is a partner ("p3": one value) or the agreement ("a": agree, use, reason), in the form's own words.
  read(cell) {
    if (cell === "a") return ["agree", "use", "reason"].map((name) => this.field(name).value.trim());
    return [this.field(cell).value];
  }

  write(cell, answer) {
    this.last[cell] = String(answer);
    if (String(this.read(cell)) === String(answer)) return;
    (cell === "a" ? ["agree", "use", "reason"] : [cell]).forEach((name, at) => this.set(name, answer[at]));
  }

  set(name, value) {
    const field = this.field(name);
    if (field.tagName === "TEXTAREA") field.value = value;
    else for (const radio of field) radio.checked = radio.value === value;
  }

  tell(cell, sentence, warn) {
    const output = this.form.querySelector("#" + cell + " output");
    output.textContent = sentence;
    output.className = warn ? "unsaved" : "";
  }

  complain(sentence) {
    this.trouble.textContent = sentence || "";
    this.trouble.hidden = !sentence;
  }

  // What the person gave before the script was there counts, too (`fresh`: what the page came with); then show what
  // this device knows.
  begin(fresh) {
    for (const cell of this.cells) {
      const given = fresh && !this.sheet.item(this.number, cell) && String(this.read(cell)) !== String(fresh[cell].slice(1));
      if (given) this.changed(cell);
      else this.write(cell, this.sheet.value(this.number, cell));
    }
    this.refresh();
  }

  get misses() {
    const [, use, reason] = this.read("a");
    return !!reason && !use;
  }

  changed(cell) {
    clearTimeout(this.typing);
    this.typing = 0;
    const answer = this.read(cell);
    if (cell === "a" && this.misses) return this.tell(cell, this.words.use, true);
    if (!answer[0] && !answer[2]) return undefined;
    if (String(answer) === String(this.sheet.value(this.number, cell))) return this.refresh();
    this.touched.add(cell);
    this.last[cell] = String(answer);
    const kept = this.sheet.put(this.number, cell, answer);
    this.tell(cell, this.words.here);
    return kept.then(() => this.heard(cell));
  }

  // Keep what is being typed before the page goes.
  flush() {
    return this.typing ? this.changed("a") : undefined;
  }

  refresh() {
    for (const cell of this.cells) {
      const item = this.sheet.item(this.number, cell);
      if (item && item.refused) this.tell(cell, this.words.failed, true);
      else if (item) this.tell(cell, this.words.here);
      else if (this.touched.has(cell) && !(cell === "a" && this.misses)) this.tell(cell, this.words.saved);
      if (String(this.read(cell)) === this.last[cell]) this.write(cell, this.sheet.value(this.number, cell)); // not in between
    }
    const shown = {};
    for (const cell of this.cells) shown[cell] = this.sheet.shown(this.number, cell);
    this.field("shown").value = JSON.stringify(shown);
    this.field("sheet").value = this.sheet.number || "";
  }

  // An answer that the server holds; a newer one of another device may stand in its place.
  settled(cell, newer) {
    this.refresh();
    if (newer && !this.sheet.item(this.number, cell)) {
      this.touched.delete(cell);
      this.tell(cell, this.words.newer, true);
    }
  }
}
