// Saves each answer of a rating page as it is given. Without it, the page's buttons save.
(function () {
  "use strict";
  const form = document.getElementById("answers");
  if (!form || !window.fetch || !window.AbortController) return;
  const words = form.dataset;
  const field = (name) => form.elements[name];
  const trouble = document.getElementById("trouble");
  const shown = JSON.parse(field("shown").value); // cell → [version, answer …] as the server holds it

  // What is not on the server yet: one item per cell, a newer answer in the place of an older one, oldest first.
  // Kept in memory; a store that survives the page can take its place.
  const items = new Map();
  const queue = {
    put: (item) => items.delete(item.cell) | items.set(item.cell, item),
    first: () => items.values().next().value,
    of: (cell) => items.get(cell),
    drop: (item) => items.get(item.cell) === item && items.delete(item.cell),
  };

  let busy = false, stopped = false, tries = 0, timer = 0, typing = 0, leaving = null;

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // A cell is a partner ("p3": one value) or the agreement ("a": agree, use, reason), in the form's own words.
  function read(cell) {
    return cell === "a" ? ["agree", "use", "reason"].map((name) => field(name).value.trim()) : [field(cell).value];
  }

  function write(cell, answer) {
    (cell === "a" ? ["agree", "use", "reason"] : [cell]).forEach((name, at) => (field(name).value = answer[at]));
  }

  function tell(cell, sentence, warn) {
    const output = document.querySelector("#" + cell + " output");
    output.textContent = sentence;
    output.className = warn ? "unsaved" : "";
  }

  function complain(sentence, signIn) {
    trouble.textContent = sentence + " ";
    if (signIn) {
      const link = trouble.appendChild(document.createElement("a"));
      link.href = words.login;
      link.target = "_blank";
      link.textContent = words.signinLink;
    }
    trouble.hidden = false;
  }

  function changed(cell) {
    clearTimeout(typing);
    const answer = read(cell);
    if (cell === "a" && answer[2] && !answer[1]) return tell(cell, words.use, true);
    if (cell === "a" && !answer[0] && !answer[2]) return;
    if (!queue.of(cell) && String(answer) === String(shown[cell].slice(1))) return;
    queue.put({ cell: cell, m: newId(), b: shown[cell][0], t: Date.now(), answer: answer });
    tell(cell, words.saving);
    send();
  }

  function body(item) {
    const said = item.answer[0];
    const all = { w: field("seat").value, s: +field("sheet").value || null, m: item.m, d: +words.decision, b: item.b, t: item.t, n: Date.now() };
    const own = item.cell === "a"
      ? { p: null, a: said === "yes" || (said === "no" ? false : null), u: item.answer[1], r: item.answer[2] }
      : { p: +item.cell.slice(1), l: said === "none" ? null : +said };
    return JSON.stringify(Object.assign(all, own));
  }

  // Signing in again in another window changes the cookie, not this page.
  function token() {
    const cookie = /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie);
    return cookie ? cookie[1] : field("csrfmiddlewaretoken").value;
  }

  // One at a time. An item leaves the queue only on a JSON receipt that names its mutation.
  async function send() {
    const item = queue.first();
    if (busy || stopped || !item) return;
    clearTimeout(timer);
    busy = true;
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), 20000);
    let status = 0, receipt = {};
    try {
      const response = await fetch(words.url, {
        method: "POST",
        redirect: "manual",
        signal: abort.signal,
        headers: { "Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": token() },
        body: body(item),
      });
      status = response.status;
      receipt = (await response.json()) || {};
    } catch (error) {
      // No line, or not JSON: not saved.
    }
    clearTimeout(limit);
    busy = false;
    if (status === 200 && receipt.m === item.m) saved(item, receipt);
    else if (status === 401 || (status === 403 && !receipt.error)) later(item, words.signin, true);
    else if (status >= 400 && status < 500 && status !== 408 && status !== 429) refused(item, receipt.error);
    else later(item, leaving && words.retry);
  }

  function saved(item, receipt) {
    tries = 0;
    trouble.hidden = true;
    field("sheet").value = receipt.s;
    const last = queue.drop(item);
    if (!receipt.won && last) {
      item.answer = "l" in receipt
        ? [receipt.l === null ? "none" : String(receipt.l)]
        : [receipt.a === null ? "none" : receipt.a ? "yes" : "no", receipt.u, receipt.r];
      write(item.cell, item.answer);
    }
    if (receipt.won || last) {
      shown[item.cell] = [receipt.v].concat(item.answer);
      field("shown").value = JSON.stringify(shown);
      if (!last) queue.of(item.cell).b = receipt.v; // it was made from this one
    }
    if (last) tell(item.cell, receipt.won ? words.saved : words.newer, !receipt.won);
    if (queue.first()) send();
    else if (leaving) leave();
  }

  function later(item, sentence, signIn) {
    tell(item.cell, words.retry, true);
    if (sentence) complain(sentence, signIn);
    leaving = null;
    timer = setTimeout(send, Math.min(60000, 1000 * 2 ** tries++));
  }

  function refused(item, sentence) {
    stopped = true;
    leaving = null;
    tell(item.cell, words.failed, true);
    complain(sentence || words.refused);
  }

  function now() {
    tries = 0;
    send();
  }

  function leave() {
    const go = document.createElement("input");
    go.type = "hidden";
    go.name = "go";
    go.value = leaving;
    form.append(go);
    form.submit();
  }

  form.addEventListener("change", (event) => changed(/^p\d/.test(event.target.name) ? event.target.name : "a"));
  form.addEventListener("input", (event) => {
    if (event.target.name !== "reason") return;
    clearTimeout(typing);
    typing = setTimeout(changed, 2000, "a");
  });
  form.addEventListener("submit", (event) => {
    field("csrfmiddlewaretoken").value = token();
    if (!queue.first() || stopped) return;
    event.preventDefault();
    leaving = (event.submitter && event.submitter.value) || "next";
    now();
  });
  addEventListener("online", now);
  addEventListener("focus", now);
  addEventListener("beforeunload", (event) => queue.first() && !stopped && event.preventDefault());
})();
