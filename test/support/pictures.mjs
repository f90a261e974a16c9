/** `npm run pictures`: takes the README's pictures again, from the extension as it runs. */
import { runInstalled } from "./installed.mjs";
import { compileSuites } from "./suites.mjs";

await compileSuites();
process.exit(await runInstalled({ kind: "picture", trust: false }));
