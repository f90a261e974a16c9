/** Links a driver by hand: `linux/*` is the kernel, relative `.ts` files are the driver's own, everything else is refused. */
import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import * as vm from "node:vm";
import type { SourceWatchpoint } from "../driver-thread-protocol";
import { driverUrl } from "../driver-url";
import { missingHeader } from "./missing-header";
import { earlyErrorLine, importLine } from "./places";
import { DriverProblem, readDriver, strip } from "./strip";
import { watchComments } from "./watch-comments";

export type LinuxModules = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export interface DriverExports {
  readonly exercise?: () => unknown;
  readonly user?: () => unknown;
}

export class Linker {
  readonly #linux: LinuxModules;
  readonly #modules = new Map<string, vm.Module>();
  readonly #watchpoints: SourceWatchpoint[] = [];

  constructor(linux: LinuxModules) {
    this.#linux = linux;
  }

  /** The URLs of the driver's own files. */
  get urls(): readonly string[] {
    return [...this.#modules.keys()].filter((url) => url.startsWith("file:"));
  }

  /** Those of the driver's comments. */
  get watchpoints(): readonly SourceWatchpoint[] {
    return this.#watchpoints;
  }

  /** Reads, strips, compiles and links; runs nothing. Throws DriverProblem. */
  async link(path: string): Promise<vm.Module> {
    if (!path.endsWith(".ts"))
      throw new DriverProblem({ path, line: 1 }, "a driver is a TypeScript file (.ts).");
    const module = this.#compile(driverUrl(path));
    try {
      await module.link((specifier, from) => this.#resolve(specifier, from.identifier));
    } catch (error) {
      throw error instanceof DriverProblem ? error : this.#missingExport(error as Error, path);
    }
    return module;
  }

  #compile(url: string): vm.SourceTextModule {
    const path = fileURLToPath(url);
    const source = readDriver(path);
    const module = compiled(path, strip(path, source), url);
    this.#modules.set(url, module);
    this.#watchpoints.push(...watchComments(path, source));
    return module;
  }

  #resolve(specifier: string, from: string): vm.Module {
    const path = fileURLToPath(from);
    const where = () => ({ path, line: importLine(readDriver(path), specifier) ?? 1 });
    if (specifier.startsWith("linux/")) return this.#kernelModule(specifier, where);
    if (!/^\.\.?\//.test(specifier)) {
      throw new DriverProblem(
        where(),
        `imports "${specifier}", but a driver may import only linux/* and its own files (./name.ts).`,
      );
    }
    const url = ownFile(new URL(specifier, from).href);
    if (url === undefined)
      throw new DriverProblem(where(), `imports "${specifier}", and there is no such .ts file.`);
    return this.#modules.get(url) ?? this.#compile(url);
  }

  #kernelModule(name: string, where: () => { path: string; line: number }): vm.Module {
    const known = this.#modules.get(name);
    if (known) return known;
    const exports = this.#linux.get(name);
    if (!exports) throw new DriverProblem(where(), missingHeader(name, [...this.#linux.keys()]));
    const module = synthetic(name, exports);
    this.#modules.set(name, module);
    return module;
  }

  /** `The requested module 'linux/pci' does not provide an export named 'pci_foo'`: V8 does not say to whom. */
  #missingExport({ message }: Error, program: string): DriverProblem {
    const [, from = "", name = ""] =
      /module '([^']+)' does not provide an export named '([^']+)'/.exec(message) ?? [];
    for (const path of this.urls.map((url) => fileURLToPath(url))) {
      const line = importLine(readDriver(path), from, name);
      if (line !== undefined) return new DriverProblem({ path, line }, `${from} has no ${name} yet.`);
    }
    return new DriverProblem({ path: program, line: 1 }, `${message}.`);
  }
}

function synthetic(name: string, exports: Readonly<Record<string, unknown>>): vm.SyntheticModule {
  const names = Object.keys(exports);
  const module = new vm.SyntheticModule(
    names,
    () => {
      for (const each of names) module.setExport(each, exports[each]);
    },
    { identifier: name },
  );
  return module;
}

function compiled(path: string, code: string, url: string): vm.SourceTextModule {
  try {
    return new vm.SourceTextModule(code, {
      identifier: url,
      initializeImportMeta: (meta) => Object.assign(meta, { url }),
      importModuleDynamically: () => {
        throw new Error(`${basename(path)} uses import(): write an import at the top of the file.`);
      },
    });
  } catch (error) {
    throw new DriverProblem({ path, line: earlyErrorLine(code) }, `${(error as Error).message}.`);
  }
}

/** `./regs` and `./regs.ts` are the same file. */
function ownFile(url: string): string | undefined {
  for (const candidate of [url, `${url}.ts`]) {
    const path = fileURLToPath(candidate);
    if (path.endsWith(".ts") && existsSync(path) && statSync(path).isFile()) return driverUrl(path);
  }
  return undefined;
}
