// Compiles the style sheets and copies the browser libraries to build/assets. Run by `npm run build`.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
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
copyFileSync(join(modules, "plotly.js-basic-dist-min", "plotly-basic.min.js"), join(assets, "vendor", "plotly-basic.min.js"));
