// Compiles the style sheets and copies the browser libraries to build/assets. Run by `npm run build`.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const assets = join(root, "build", "assets");

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
copyFileSync(join(modules, "plotly.js-basic-dist-min", "plotly-basic.min.js"), join(assets, "vendor", "plotly-basic.min.js"));
