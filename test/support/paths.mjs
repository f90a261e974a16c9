/** Where things are, from anywhere. */
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
/** Git-ignored results: reports, screenshots, compiled tests. */
export const out = path.join(root, "out");
export const screenshots = path.join(out, "screenshots");
export const samples = path.join(root, "extension/samples");
/** `node test/support/pack.mjs` writes it. */
export const vsix = path.join(root, "rootport.vsix");
