/** Where things are, from anywhere. */
import { readFileSync } from "node:fs";
import path from "node:path";

/** The repository. */
export const root = path.resolve(import.meta.dirname, "../..");
/** Git-ignored results: reports, screenshots, compiled tests. */
export const out = path.join(root, "out");
export const samples = path.join(root, "extension/samples");

const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
/** What `npm run package` writes. */
export const vsix = path.join(root, `rootport-${version}.vsix`);

/**
 * The samples without the project file that checks them here.
 * @param {string} file
 */
export const isSource = (file) => path.basename(file) !== "tsconfig.json";
