import { cpSync, readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

const flag = (name) => process.argv.includes(`--${name}`);
const out = process.argv.find((argument) => argument.startsWith("--out="))?.slice(6) ?? "dist";
const minify = flag("minify");
const kit = flag("elements") ? "kit.elements" : "kit";
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** amaro carries its own wasm, 1.3 MB compressed: one copy beside the bundles that need it. */
const oneAmaro = {
  name: "one-amaro",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^amaro$/ }, ({ kind }) =>
      kind === "entry-point" ? undefined : { path: "./amaro.cjs", external: true },
    ),
};
/** What few people want is loaded when they do. */
const importApart = {
  name: "import-apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/import-folder$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./import-folder.cjs", external: true } : undefined,
    ),
};
const chosenKit = {
  name: "chosen-kit",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\.?\/kit$/ }, () => ({ path: `${import.meta.dirname}/webview/${kit}.ts` })),
};

const common = {
  bundle: true,
  minify,
  sourcemap: minify ? false : "linked",
  legalComments: "none",
  logLevel: "warning",
  define: { ROOTPORT_VERSION: JSON.stringify(version) },
};
// jsonc-parser's `main` is UMD, which cannot be bundled.
const node = {
  ...common,
  platform: "node",
  format: "cjs",
  target: "node20",
  mainFields: ["module", "main"],
  external: ["vscode"],
  plugins: [oneAmaro, importApart],
};
const browser = { ...common, platform: "browser", format: "esm", target: "es2022", plugins: [chosenKit] };

const programs = [
  ["extension/activate.ts", "extension.js", node],
  ["extension/host/import-folder.ts", "import-folder.cjs", node],
  ["extension/host/machine-process.ts", "machine.cjs", node],
  ["extension/host/worker.ts", "worker.cjs", node],
  ["extension/host/cli.ts", "cli.js", { ...node, banner: { js: "#!/usr/bin/env node" } }],
  ["amaro", "amaro.cjs", { ...node, sourcemap: false }],
  ["webview/main.ts", "panel.js", browser],
  ["webview/styles.css", "panel.css", { ...browser, loader: { ".ttf": "copy" }, assetNames: "[name]" }],
];
const notTsconfig = (path) => !path.endsWith("tsconfig.json");
/** VS Code looks for a language-server plugin in the extension's node_modules and nowhere else. */
const copies = [
  ["emulator/linux/include/linux", `${out}/types/linux`],
  ["extension/samples", `${out}/samples`, notTsconfig],
  ["extension/schemas", `${out}/schemas`],
  ["extension/data", `${out}/data`],
  ["extension/ts-plugin", `${out}/../node_modules/rootport-ts-plugin`],
];

const compile = ([entry, name, options]) =>
  build({ ...options, entryPoints: [entry], outfile: `${out}/${name}` });

function copy([from, to, filter]) {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, filter: filter ?? (() => true) });
}

const results = await Promise.allSettled(programs.map(compile));
copies.forEach(copy);
// esbuild has said what is wrong.
if (results.some(({ status }) => status === "rejected")) process.exitCode = 1;
