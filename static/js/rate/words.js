// Puts numbers and days into the server's sentences. No sentence is written here.

const SAMPLES = [0, 1, 2, 3, 11, 100]; // the server's sentences come as they read with these numbers
const { locale } = document.documentElement.dataset;

/** @param {string} sentence @param {Record<string, any>} values */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (all, name) => (name in values ? show(values[name]) : all));
}

/** @param {string} forms as JSON @param {number} n @param {Record<string, any>} [values] @returns {string} */
export function counted(forms, n, values) {
  const list = JSON.parse(forms);
  let at = SAMPLES.indexOf(n);
  if (at < 0 && window.Intl && Intl.PluralRules) {
    const rules = new Intl.PluralRules(locale);
    at = SAMPLES.findIndex((sample) => rules.select(sample) === rules.select(n));
  }
  return fill(list[at < 0 ? list.length - 1 : at], Object.assign({ n: n, minutes: n }, values));
}

/** @param {string | number} time */
export function day(time) {
  return new Date(time).toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric" });
}

/** @param {any} value */
function show(value) {
  return typeof value === "number" ? value.toLocaleString(locale) : value;
}
