/** A sample as it is shipped, run without the machine's process: its types are stripped, `linux/*` is the kernel. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transformSync } from "esbuild";
import { linuxModules } from "../../emulator/linux/modules";
import { type Bench, booted } from "./bench";

interface SampleExports {
  readonly exercise?: () => unknown;
  readonly user?: () => unknown;
}

/** Loads the module, which registers the driver, and its own files; the exports are what it exports. */
function load(bench: Bench, path: string): SampleExports {
  const { code } = transformSync(readFileSync(path, "utf8"), { loader: "ts", format: "cjs" });
  const modules = linuxModules(bench.kernel);
  const module = { exports: {} as SampleExports };
  const body = new Function("require", "module", "exports", code);
  const required = (name: string) =>
    name.startsWith("./") ? load(bench, join(dirname(path), `${name}.ts`)) : modules.get(name);
  body(required, module, module.exports);
  return module.exports;
}

/** The sample's whole life on a machine: load, probe, exercise(), user(), a program of its own, remove. */
export function liveSample(path: string, machine: string, program?: string): Bench {
  const bench = booted(machine);
  const { exercise, user } = load(bench, path);
  const error = bench.kernel.insertModule();
  if (error < 0) throw new Error(`module_init() returned ${error}`);
  exercise?.();
  user?.();
  if (program !== undefined) load(bench, program).user?.();
  bench.kernel.removeModule();
  return bench;
}
