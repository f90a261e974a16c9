import { isAbsolute, resolve } from "node:path";
import * as vscode from "vscode";

const key = "rootport.machine";

/** `demo` of the built-in machine and of `/work/demo.pcie.json`. */
export const machineLabel = (machine: string): string =>
  machine
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.pcie\.json$/, "") ?? machine;

/** A built-in name stays; the path of a file is relative to the first folder. */
export function machinePath(machine: string, folder = vscode.workspace.workspaceFolders?.[0]): string {
  if (!machine.endsWith(".json") || isAbsolute(machine) || !folder) return machine;
  return resolve(folder.uri.fsPath, machine);
}

/** Which machine is meant: the one that was opened last in this workspace, else the one that the setting names. */
export class MachineChoice {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** A built-in name, or the path of a file. */
  get wanted(): string {
    const setting = vscode.workspace.getConfiguration("rootport").get("machine", "demo");
    return this.#memory.get<string>(key) ?? machinePath(setting);
  }

  async remember(machine: string): Promise<void> {
    await this.#memory.update(key, machine);
  }

  /** The setting holds again. */
  async forget(): Promise<void> {
    await this.#memory.update(key, undefined);
  }
}
