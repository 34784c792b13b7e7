// Draws the figures of the page with Plotly, which is loaded when the first chart comes near the window.

const own = document.querySelector("script[data-plotly]");
const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const drawn = new Set();
let plotly = null;

function loadPlotly() {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = own.dataset.plotly;
    script.onload = () => resolve(window.Plotly);
    script.onerror = reject;
    document.head.append(script);
  });
  return plotly;
}

// Colours of the scheme are written as "var(--ink)" in the figure; Plotly needs their values.
function resolveColours(node, style) {
  if (typeof node === "string") return node.startsWith("var(--") ? style.getPropertyValue(node.slice(4, -1)).trim() : node;
  if (Array.isArray(node)) return node.map((item) => resolveColours(item, style));
  if (node && typeof node === "object") {
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, resolveColours(item, style)]));
  }
  return node;
}

function withHouseStyle(layout, style) {
  const value = (name) => style.getPropertyValue(name).trim();
  const axis = { gridcolor: value("--line"), linecolor: value("--line-strong"), zerolinecolor: value("--line"), automargin: true, fixedrange: true };
  const font = { family: value("--sans"), size: 14, color: value("--ink"), ...layout.font };
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

function wrap(label, width = 18) {
  return String(label).split(" ").reduce((text, word) => {
    const line = text.split("<br>").pop();
    return line.length + word.length > width ? `${text}<br>${word}` : `${text} ${word}`;
  });
}

// On a phone the words of the ladder shrink to their digits (the legend of the page has the words), and long names break.
function fitNarrow(layout, data) {
  layout.font.size = 12;
  layout.margin = { l: 4, r: 12, t: 16, b: 4 };
  const digits = layout.xaxis.ticktext?.map((text) => /^\d/.exec(text)?.[0]);
  if (digits?.every(Boolean)) Object.assign(layout.xaxis, { ticktext: digits, tickangle: 0 });
  const names = [...new Set(data.flatMap((trace) => trace.y ?? []))];
  if (layout.yaxis.ticktext) layout.yaxis.ticktext = layout.yaxis.ticktext.map((text) => wrap(text));
  else if (names.length && names.every((name) => typeof name === "string")) {
    Object.assign(layout.yaxis, { tickmode: "array", tickvals: names, ticktext: names.map((name) => wrap(name)) });
  }
}

async function draw(area) {
  const data = area.parentElement.querySelector('script[type="application/json"]');
  const Plotly = await loadPlotly();
  const style = getComputedStyle(document.documentElement);
  const figure = resolveColours(JSON.parse(data.textContent), style);
  const layout = withHouseStyle(figure.layout ?? {}, style);
  if (area.parentElement.querySelector(".legend")) layout.showlegend = false;
  if (layout.height) area.style.blockSize = `${layout.height}px`;
  if (area.clientWidth < 520 && layout.meta !== "any width") fitNarrow(layout, figure.data);
  for (const trace of figure.data) if (trace.type === "scatter") trace.cliponaxis ??= false;
  await Plotly.react(area, figure.data, layout, {
    displayModeBar: false,
    responsive: true,
    scrollZoom: false,
    doubleClick: false,
    locale: document.documentElement.lang,
  });
  drawn.add(area);
}

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((item) => item.isIntersecting)) {
    watcher.unobserve(entry.target);
    draw(entry.target).catch(() => (entry.target.hidden = true)); // The table is there in any case.
  }
}, { rootMargin: "400px" });

function find(root) {
  for (const area of root.querySelectorAll("[data-chart]")) {
    if (drawn.has(area)) continue;
    area.hidden = false;
    watcher.observe(area);
  }
}

function redraw() {
  for (const area of drawn) {
    if (area.isConnected) draw(area);
    else drawn.delete(area);
  }
}

find(document);
dark.addEventListener("change", redraw);
document.addEventListener("htmx:afterSettle", (event) => find(event.detail.elt));
addEventListener("beforeprint", redraw);
addEventListener("afterprint", redraw);
