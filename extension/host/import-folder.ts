/** A folder of texts that a real machine printed, as a machine file: `rootport import`, "Import Machine…". */
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { DumpError } from "../../emulator/formats/dump";
import { ProcError } from "../../emulator/formats/proc";
import type { MachineDescription } from "../../emulator/machine/description";
import { ImportError, type ImportTexts, importMachine } from "../../emulator/machine/import";
import { MachineProblem, readText } from "./machine-file";

/** What a folder may hold; only the first is needed. */
const FILES = {
  dump: "lspci-xxxx.txt",
  iomem: "iomem.txt",
  ioports: "ioports.txt",
  resources: "resource.txt",
  dmesg: "dmesg-pci.txt",
} as const;
const LARGEST_BYTES = 64 * 2 ** 20;

/** Throws `MachineProblem`: one sentence, with file and line where a file is to blame. */
export function importFolder(folder: string): MachineDescription {
  if (!existsSync(join(folder, FILES.dump))) {
    throw new MachineProblem(
      `${folder} holds no ${FILES.dump}: make it there with "lspci -xxxx > ${FILES.dump}", as root.`,
    );
  }
  const read = (name: string) => readIfThere(join(folder, name));
  const texts: ImportTexts = {
    name: basename(resolve(folder)),
    dump: read(FILES.dump) ?? "",
    iomem: read(FILES.iomem),
    ioports: read(FILES.ioports),
    resources: read(FILES.resources),
    dmesg: read(FILES.dmesg),
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
