// Compiles the style sheets, bundles the scripts of rating, facts and the joint session, draws the icon of home screens
// and copies the browser libraries to build/assets. Run by `npm run build`.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { buildSync } from "esbuild";
import { compile } from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const assets = join(root, "build", "assets");
const fonts = join(root, "build", "fonts"); // for PDFs; pages use the system's

mkdirSync(join(assets, "vendor"), { recursive: true });
for (const name of ["site", "rate"]) {
  const { css } = compile(join(root, "styles", `${name}.scss`), {
    style: "compressed",
    loadPaths: [modules],
    quietDeps: true,
    silenceDeprecations: ["import"], // Bootstrap 5 is still built on @import
  });
  writeFileSync(join(assets, `${name}.css`), css);
}
mkdirSync(fonts, { recursive: true });
for (const weight of ["400Regular", "700Bold"]) {
  const name = `Amiri_${weight}.ttf`;
  copyFileSync(join(modules, "@expo-google-fonts", "amiri", weight, name), join(fonts, name));
}
copyFileSync(
  join(modules, "plotly.js-basic-dist-min", "plotly-basic.min.js"),
  join(assets, "vendor", "plotly-basic.min.js"),
);

// One file each, small, and in words that old phones understand.
const from = join(root, "static", "js", "rate");
const laptop = join(root, "static", "js", "laptop");
const session = join(root, "static", "js", "session");
const facts = join(root, "static", "js", "facts");
buildSync({
  entryPoints: {
    rate: join(from, "main.js"),
    worker: join(from, "worker.js"),
    session: join(session, "main.js"),
    laptop: join(laptop, "main.js"),
    facts: join(facts, "main.js"),
    "facts-leave": join(facts, "leave.js"),
    "laptop-worker": join(laptop, "worker.js"),
  },
  outdir: join(assets, "js"),
  bundle: true,
  format: "iife",
  minify: true,
  target: "es2018",
  logLevel: "warning",
  nodePaths: [modules],
});

// The icon for home screens: ours on its own ground, with the margin that phones cut away.
await initWasm(readFileSync(join(modules, "@resvg", "resvg-wasm", "index_bg.wasm")));
const icon = readFileSync(join(root, "static", "favicon.svg"), "utf8")
  .trim()
  .replace(/^<svg [^>]*>|<\/svg>$/g, "")
  .replace(' rx="7"', "");
const maskable = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-5 -5 42 42"><path fill="#17594a" d="M-5-5h42v42H-5z"/>${icon}</svg>`;
writeFileSync(
  join(assets, "icon-512.png"),
  new Resvg(maskable, { fitTo: { mode: "width", value: 512 } }).render().asPng(),
);
