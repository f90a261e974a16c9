import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createVSIX } from "@vscode/vsce";

const stage = "dist/vsix";
const limit = 3_000_000;

/** The manifest of what is shipped: no build tools, and the one directory that must stand in node_modules. */
function manifest() {
  const {
    devDependencies,
    scripts,
    private: _,
    bin,
    ...shipped
  } = JSON.parse(readFileSync("package.json", "utf8"));
  const plugin = JSON.parse(readFileSync("extension/ts-plugin/package.json", "utf8"));
  return { ...shipped, dependencies: { [plugin.name]: plugin.version } };
}

function fill() {
  rmSync(stage, { recursive: true, force: true });
  execFileSync(process.execPath, ["esbuild.mjs", "--minify", `--out=${stage}/dist`], { stdio: "inherit" });
  // The command line is for the clone: an extension has no place from where it could be called.
  rmSync(`${stage}/dist/cli.js`);
  cpSync("extension/media", `${stage}/extension/media`, {
    recursive: true,
    filter: (path) => !path.endsWith("icon.svg"),
  });
  cpSync("l10n", `${stage}/l10n`, { recursive: true });
  for (const name of [
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "package.nls.json",
    "package.nls.de.json",
  ].filter((name) => existsSync(name)))
    cpSync(name, `${stage}/${name}`);
  // What is staged is shipped: nothing to ignore.
  writeFileSync(`${stage}/.vscodeignore`, "");
  writeFileSync(`${stage}/package.json`, JSON.stringify(manifest(), null, 2));
}

const packagePath = `${import.meta.dirname}/../rootport-${manifest().version}.vsix`;
fill();
await createVSIX({ cwd: stage, packagePath, allowMissingRepository: true, rewriteRelativeLinks: false });
const { size } = statSync(packagePath);
if (size > limit) throw new Error(`The VSIX has ${size} bytes; its limit is ${limit}.`);
console.log(`rootport-${manifest().version}.vsix: ${(size / 1e6).toFixed(2)} MB`);
