/**
 * What a real machine printed, as a machine file: a folder of texts, or one text. `rootport import`, "Import Machine…",
 * "Import Machine from Clipboard".
 */
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { DumpError } from "../../emulator/formats/dump";
import { hasOnlyNames } from "../../emulator/formats/lspci/read-verbose";
import { ProcError } from "../../emulator/formats/proc";
import type { MachineDescription } from "../../emulator/machine/description";
import { ImportError, type ImportTexts, importMachine } from "../../emulator/machine/import";
import { MachineProblem, readText } from "./machine-file";
import { loadNames } from "./names";

/** What a folder may hold; one of the first two is needed. */
const FILES = {
  dump: "lspci-xxxx.txt",
  verbose: "lspci-vvv.txt",
  iomem: "iomem.txt",
  ioports: "ioports.txt",
  resources: "resource.txt",
  dmesg: "dmesg-pci.txt",
} as const;
const LARGEST_BYTES = 64 * 2 ** 20;

/** A folder, a file with one text, or `-`: what comes in on stdin. Throws `MachineProblem`. */
export function importPath(path: string): MachineDescription {
  if (path === "-") return importText({ name: "pasted", text: readFileSync(0, "utf8") });
  const isFile = existsSync(path) && statSync(path).isFile();
  if (!isFile) return importFolder(path);
  const name = basename(path).replace(/\.[^.]*$/, "");
  return importText({ name, text: readIfThere(path) ?? "" }, path);
}

/** What `lspci -vvv` or `-xxxx` printed. Throws `MachineProblem`. */
export function importText(
  { name, text }: { readonly name: string; readonly text: string },
  from = "This text",
): MachineDescription {
  try {
    return importMachine({ name, dump: text, ...namesFor(text) });
  } catch (error) {
    if (error instanceof DumpError)
      throw new MachineProblem(`${from}, line ${error.line}: ${error.message}.`);
    if (error instanceof ImportError) throw new MachineProblem(`${from}: ${error.message}.`);
    throw error;
  }
}

/** The list is large, and most texts have numbers. */
function namesFor(text: string): Pick<ImportTexts, "names"> {
  return hasOnlyNames(text) ? { names: loadNames() } : {};
}

/** Throws `MachineProblem`: one sentence, with file and line where a file is to blame. */
export function importFolder(folder: string): MachineDescription {
  const read = (name: string) => readIfThere(join(folder, name));
  const resources = read(FILES.resources);
  const dump = read(FILES.dump);
  // Of the words only the sizes are wanted, where nothing else says them.
  const verbose = dump !== undefined && resources !== undefined ? undefined : read(FILES.verbose);
  const all = [verbose, dump].filter((it) => it !== undefined).join("\n");
  if (dump === undefined && verbose === undefined) {
    throw new MachineProblem(
      `${folder} holds no ${FILES.dump}: make it there with "lspci -xxxx > ${FILES.dump}", as root.`,
    );
  }
  const texts: ImportTexts = {
    name: basename(resolve(folder)),
    dump: all,
    iomem: read(FILES.iomem),
    ioports: read(FILES.ioports),
    resources,
    dmesg: read(FILES.dmesg),
    ...namesFor(all),
  };
  return importTexts(texts, folder);
}

/** Writes all of it or nothing. */
export function writeMachine(machine: MachineDescription, path: string): void {
  const text = `${JSON.stringify(machine, undefined, 2)}\n`;
  const half = `${path}.${process.pid}.part`;
  try {
    writeFileSync(half, text);
    renameSync(half, path);
  } catch (error) {
    rmSync(half, { force: true });
    throw new MachineProblem(
      `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? "unknown"}).`,
    );
  }
}

/** `folder` is where the texts come from, for what is said of them. Throws `MachineProblem`. */
export function importTexts(texts: ImportTexts, folder: string): MachineDescription {
  try {
    return importMachine(texts);
  } catch (error) {
    if (error instanceof DumpError) throw problemAt(join(folder, FILES.dump), error);
    if (error instanceof ProcError) throw problemAt(join(folder, guessFile(error, texts)), error);
    if (error instanceof ImportError) throw new MachineProblem(`${folder}: ${error.message}.`);
    throw error;
  }
}

function problemAt(
  path: string,
  { line, message }: { readonly line: number; readonly message: string },
): MachineProblem {
  return new MachineProblem(`${message}.`, { path, line, column: 1 });
}

/** Which of the texts of /proc and sysfs has the line that could not be read. */
function guessFile({ text }: ProcError, texts: ImportTexts): string {
  if (text === texts.iomem) return FILES.iomem;
  return text === texts.ioports ? FILES.ioports : FILES.resources;
}

function readIfThere(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const { size } = statSync(path);
  if (size > LARGEST_BYTES)
    throw new MachineProblem(
      `${path} has ${Math.round(size / 2 ** 20)} MiB: no such text is longer than 64.`,
    );
  return readText(path);
}
