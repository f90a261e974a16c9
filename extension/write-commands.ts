/** Writing what a row shows: over the bus, as a driver would, or past it. */
import * as vscode from "vscode";
import type { DevicesTree } from "./devices-tree";
import type { MachineHost } from "./machine-host";
import { numberProblem, type Writable, writableOf } from "./register-value";
import { writeRegister } from "./register-write";
import type { Row } from "./row";

type Verb = "write" | "poke";

interface Parts {
  readonly host: MachineHost;
  readonly tree: DevicesTree;
}

const titles: Readonly<Record<Verb, (target: string) => string>> = {
  write: (target) => vscode.l10n.t("Write {0} Over the Bus", target),
  poke: (target) => vscode.l10n.t("Poke {0} Past the Bus", target),
};

const prompts: Readonly<Record<Verb, string>> = {
  write: vscode.l10n.t("The device sees the write and does what it does. A number: 0x1f, 31 or 0b11111."),
  poke: vscode.l10n.t(
    "The value is stored past every rule; the device does not notice. A number: 0x1f, 31 or 0b11111.",
  ),
};

async function typeNumber({ target, value, bits }: Writable, verb: Verb): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: titles[verb](target),
    prompt: prompts[verb],
    value,
    validateInput: (text) => (text.trim() === "" ? undefined : numberProblem(text, bits)),
  });
  return typed?.trim();
}

/** One of the values that have a name, or any number. */
async function chooseValue(writable: Writable, verb: Verb): Promise<string | undefined> {
  const other = { label: vscode.l10n.t("$(edit) Type a number…"), value: undefined };
  const named = writable.meanings.map(({ value, name }) => ({ label: name, description: value, value }));
  const chosen = await vscode.window.showQuickPick([...named, other], {
    title: titles[verb](writable.target),
    placeHolder: vscode.l10n.t("Which value?"),
  });
  if (!chosen) return undefined;
  return chosen.value ?? typeNumber(writable, verb);
}

/** `edu.STATUS` of a row of the debugger's Variables view. */
export function writableVariable(argument: unknown): string | undefined {
  const { variable } = (argument ?? {}) as { readonly variable?: { readonly evaluateName?: string } };
  return variable?.evaluateName;
}

/** Asks for the value of a row's register or field, writes it, and says what is there now. */
export async function writeRow(parts: Parts, row: Row, verb: Verb): Promise<void> {
  await writeTarget(parts, row.writes ?? "", verb);
}

/** The same of a register or field by its name. */
export async function writeTarget({ host }: Parts, target: string, verb: Verb): Promise<void> {
  const writable = writableOf(host.state?.functions ?? [], target);
  if (!writable) return;
  const value = await (writable.meanings.length > 0
    ? chooseValue(writable, verb)
    : typeNumber(writable, verb));
  if (value === undefined || value === "") return;
  const { sentence, failed } = await writeRegister(host, { verb, register: writable.target, value });
  if (failed) void vscode.window.showErrorMessage(sentence);
  else vscode.window.setStatusBarMessage(sentence, 5000);
}
