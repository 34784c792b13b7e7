// Keep what somebody types on the server, for her alone, and say until where. Saving works without it.

const PAUSE = 1500; // milliseconds without typing

for (const form of document.querySelectorAll("form[data-keep]")) {
  const output = form.querySelector("output");
  let timer = 0;
  let dirty = false;
  let sequence = Date.now(); // grows, so that a late answer never undoes a newer one
  let received = 0;

  async function keep() {
    const mine = (sequence = Math.max(sequence + 1, Date.now()));
    const data = new FormData(form);
    data.set("sequence", String(mine));
    dirty = false;
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
      });
      if (answer.status >= 500) throw new Error(String(answer.status));
      document.dispatchEvent(new CustomEvent("signed", { detail: answer.status === 401 ? "out" : "in" }));
      const receipt = await answer.json().catch(() => ({}));
      if (!answer.ok) {
        dirty = true;
        output.textContent =
          answer.status === 401 ? document.body.dataset.signedOut : (receipt.error ?? form.dataset.refused);
        return;
      }
      if (mine < received) return;
      received = mine;
      const { locale } = document.documentElement.dataset;
      const at = new Date(receipt.kept).toLocaleTimeString(locale, { timeStyle: "short" });
      output.textContent = `${form.dataset.kept} · ${at}`;
    } catch {
      dirty = true;
      output.textContent = form.dataset.failed;
    }
  }

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => {
    dirty = false;
    clearTimeout(timer);
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}
