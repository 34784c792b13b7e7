// Draws the figures of the page with Plotly, which is loaded when the first chart comes near the window.

/** @typedef {{data: any[], layout: Record<string, any>}} Figure a figure of Plotly, as `assessments/charts` makes it */
const own = /** @type {HTMLScriptElement} */ (document.querySelector("script[data-plotly]"));
const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
/** @type {Record<string, string>} */
const paper = { "--ink": "#000", "--ink-2": "#333", "--line": "#bbb", "--line-strong": "#777", "--surface": "#fff" };
/** @type {Map<HTMLElement, Figure>} */
const waiting = new Map();
/** @type {Map<HTMLElement, Figure>} */
const drawn = new Map();
/** @type {Map<string, Promise<Record<string, Figure>>>} */
const fetched = new Map(); // address → its figures
/** @type {Promise<any> | null} */
let plotly = null;
let printing = false;

function loadPlotly() {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = own.dataset.plotly ?? "";
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = reject;
    document.head.append(script);
  });
  return plotly;
}

/** @param {string} name */
function value(name) {
  return (printing && paper[name]) || getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Colours of the scheme are written as "var(--ink)" in the figure; Plotly needs their values.
/**
 * @param {any} node
 * @returns {any}
 */
function resolveColours(node) {
  if (typeof node === "string") return node.startsWith("var(--") ? value(node.slice(4, -1)) : node;
  if (Array.isArray(node)) return node.map(resolveColours);
  if (node && typeof node === "object") {
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, resolveColours(item)]));
  }
  return node;
}

/** @param {Record<string, any>} layout */
function withHouseStyle(layout) {
  const axis = {
    gridcolor: value("--line"),
    linecolor: value("--line-strong"),
    zerolinecolor: value("--line"),
    automargin: true,
    fixedrange: true,
  };
  const font = { family: value("--sans"), size: 14, color: value("--ink"), ...layout.font };
  /** @type {Record<string, any>} */
  const dressed = {
    margin: { l: 8, r: 16, t: 16, b: 8 },
    hovermode: "closest",
    dragmode: false,
    ...layout,
    font,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    autosize: true,
    hoverlabel: { bgcolor: value("--surface"), bordercolor: value("--line-strong"), font, ...layout.hoverlabel },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", ...layout.legend },
  };
  for (const key of ["xaxis", "yaxis", ...Object.keys(layout).filter((name) => /^[xy]axis\d+$/.test(name))]) {
    dressed[key] = { ...axis, ...layout[key] };
  }
  delete dressed.width;
  if (still.matches) dressed.transition = { duration: 0 };
  return dressed;
}

/** @param {string} label */
function wrap(label, width = 18) {
  return String(label)
    .split(" ")
    .reduce((text, word) => {
      const line = text.split("<br>").at(-1) ?? "";
      return line.length + word.length > width ? `${text}<br>${word}` : `${text} ${word}`;
    });
}

// The digits that the words of an axis begin with, where all of them do.
/** @param {Record<string, any>} axis */
function digitsOf(axis) {
  const digits = axis.ticktext?.map((/** @type {string} */ text) => /^\d/.exec(text)?.[0]);
  return digits?.every(Boolean) ? digits : null;
}

// On a phone the words of the ladder shrink to their digits (the legend of the page has the words), and long names break.
/**
 * @param {Record<string, any>} layout
 * @param {any[]} data
 */
function fitNarrow(layout, data) {
  layout.font.size = 12;
  layout.margin = { l: 4, r: 12, t: 16, b: 4 };
  const digits = digitsOf(layout.xaxis);
  if (digits) Object.assign(layout.xaxis, { ticktext: digits, tickangle: 0 });
  const names = [...new Set(data.flatMap((trace) => trace.y ?? []))];
  if (layout.yaxis.ticktext)
    layout.yaxis.ticktext = layout.yaxis.ticktext.map((/** @type {string} */ text) => wrap(text));
  else if (names.length && names.every((name) => typeof name === "string")) {
    Object.assign(layout.yaxis, { tickmode: "array", tickvals: names, ticktext: names.map((name) => wrap(name)) });
  }
}

// Words over an axis that would touch each other become smaller, or digits: what they say is in the table as well.
/**
 * @param {Record<string, any>} axis
 * @param {number} width of the plot in px
 * @param {string} family
 */
function fitTicks(axis, width, family) {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen || !axis.range || !axis.tickfont || !(axis.ticktext?.length > 1)) return;
  pen.font = `${axis.tickfont.size}px ${family}`;
  /** @type {number[][]} */
  const lines = axis.ticktext.map((/** @type {string} */ text) =>
    text.split("<br>").map((line) => pen.measureText(line).width),
  );
  const most = Math.max(...lines.map((label) => label.length));
  const shared = lines
    .slice(1)
    .flatMap((label, place) =>
      Array.from({ length: most }, (_, line) => ((label.at(-1 - line) ?? 0) + (lines[place].at(-1 - line) ?? 0)) / 2),
    );
  const room = (width * (axis.tickvals[1] - axis.tickvals[0])) / (axis.range[1] - axis.range[0]) - 2;
  const size = (axis.tickfont.size * room) / Math.max(...shared);
  if (size >= axis.tickfont.size) return;
  const digits = size < 9 && digitsOf(axis);
  if (digits) axis.ticktext = digits;
  else axis.tickfont = { ...axis.tickfont, size: Math.max(size, 9) };
}

// The legend in HTML: it wraps on a phone, prints, and is read like text. Plotly's own does not.
/** @param {Figure} figure */
function legendOf(figure) {
  const list = document.createElement("ul");
  list.className = "legend";
  for (const trace of figure.data) {
    const symbol = trace.marker?.symbol;
    if (!trace.name || trace.showlegend === false || Array.isArray(symbol) || typeof trace.marker?.color !== "string")
      continue;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const shape = document.createElementNS(svg.namespaceURI, "path");
    const round = (symbol ?? (trace.type === "bar" ? "square" : "circle")).startsWith("circle");
    const triangle = symbol?.startsWith("triangle");
    shape.setAttribute(
      "d",
      round ? "M1.5 7a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0" : triangle ? "M7 1.5 13 12.5H1z" : "M2 2h10v10H2z",
    );
    shape.setAttribute("fill", symbol?.endsWith("open") ? "none" : resolveColours(trace.marker.color));
    shape.setAttribute("stroke", resolveColours(trace.marker.color));
    shape.setAttribute("stroke-width", "2");
    svg.setAttribute("viewBox", "0 0 14 14");
    svg.setAttribute("aria-hidden", "true");
    svg.append(shape);
    const item = document.createElement("li");
    item.append(svg, trace.name);
    list.append(item);
  }
  return list.children.length > 1 ? list : "";
}

/**
 * @param {HTMLElement} area
 * @param {Figure} source
 */
async function draw(area, source) {
  const Plotly = await loadPlotly();
  const figure = resolveColours(source);
  const layout = withHouseStyle(figure.layout ?? {});
  if (area.parentElement?.querySelector(".legend")) {
    layout.showlegend = false;
    if (layout.legend.yref === "container") {
      const lines = (layout.xaxis.ticktext ?? []).map((/** @type {string} */ text) => text.split("<br>").length);
      const room = Math.max(0, layout.margin.t - 12 - 16 * Math.max(2, ...lines)); // What is free above its axis.
      layout.margin = { ...layout.margin, t: layout.margin.t - room };
      if (layout.height) area.style.blockSize = `${(layout.height -= room)}px`;
    }
  }
  if (area.clientWidth < 520 && layout.meta !== "any width") fitNarrow(layout, figure.data);
  if (printing) layout.width = 660; // the text width of A4
  fitTicks(layout.xaxis, (layout.width ?? area.clientWidth) - layout.margin.l - layout.margin.r, layout.font.family);
  for (const trace of figure.data) if (trace.type === "scatter") trace.cliponaxis ??= false;
  await Plotly.react(area, figure.data, layout, {
    displayModeBar: false,
    responsive: true,
    scrollZoom: false,
    doubleClick: false,
  });
}

/** @param {HTMLElement} area */
async function take(area) {
  const source = waiting.get(area);
  if (!source) return;
  waiting.delete(area);
  watcher.unobserve(area);
  try {
    await draw(area, source);
    drawn.set(area, source);
  } catch {
    area.hidden = true; // The table is there in any case.
  }
}

// The first chart that comes near fetches Plotly; the others follow when the browser has nothing better to do, so that they print.
const watcher = new IntersectionObserver(
  async (entries) => {
    const near = entries.filter((entry) => entry.isIntersecting);
    await Promise.all(near.map((entry) => take(/** @type {HTMLElement} */ (entry.target))));
    if (near.length) (window.requestIdleCallback ?? setTimeout)(() => [...waiting.keys()].forEach(take));
  },
  { rootMargin: "400px" },
);

// The figure beside its area, or one of those that an address gives for all charts of the page.
/** @param {HTMLElement} area */
async function figureOf(area) {
  const { source, chart } = area.dataset;
  if (!source)
    return JSON.parse(area.parentElement?.querySelector('script[type="application/json"]')?.textContent ?? "null");
  if (!fetched.has(source))
    fetched.set(
      source,
      fetch(source).then((response) => response.json()),
    );
  return (await fetched.get(source))?.[chart ?? ""];
}

/** @param {ParentNode} root */
async function find(root) {
  for (const area of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-chart]"))) {
    if (waiting.has(area) || drawn.has(area)) continue;
    const source = await figureOf(area).catch(() => null); // The table is there in any case.
    if (!source || waiting.has(area) || drawn.has(area)) continue;
    if (source.layout?.height) area.style.blockSize = `${source.layout.height}px`;
    if (!area.parentElement?.querySelector(".legend")) area.before(legendOf(source));
    area.hidden = false;
    waiting.set(area, source);
    watcher.observe(area);
  }
}

function redraw() {
  for (const [area, source] of drawn) {
    if (area.isConnected) draw(area, source);
    else drawn.delete(area);
  }
}

find(document);
dark.addEventListener("change", redraw);
document.addEventListener("htmx:afterSettle", (event) => find(/** @type {CustomEvent} */ (event).detail.elt));
for (const name of ["beforeprint", "afterprint"]) {
  addEventListener(name, () => {
    printing = name === "beforeprint";
    redraw();
  });
}
