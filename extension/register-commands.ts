import * as vscode from "vscode";
import type { DevicesTree } from "./devices-tree";
import { t } from "./l10n";
import type { MachineHost } from "./machine-host";
import type { MachinePanel } from "./panel";
import type { Pins } from "./pins";
import { sentenceOf } from "./plain-text";
import type { RadixChoice } from "./radix";
import { plainId } from "./registers-rows";
import type { Row } from "./row";
import type { Selection } from "./selection";
import { startOrSay } from "./visibility";
import { chooseWatchpoint } from "./watchpoint-choice";
import {
  accessWord,
  parseSpec,
  problemIn,
  specText,
  specWords,
  type WatchAccess,
  type WatchSpec,
} from "./watchpoint-spec";
import type { OwnWatchpoints } from "./watchpoints";
import { writableVariable, writeRow, writeTarget } from "./write-commands";

interface Parts {
  readonly host: MachineHost;
  readonly tree: DevicesTree;
  readonly watchpoints: OwnWatchpoints;
  readonly pins: Pins;
  readonly panel: MachinePanel;
  readonly radix: RadixChoice;
  readonly selection: Selection;
}

const EXAMPLE = "edu.FACTORIAL w if $value > 4";

async function askAccess(target: string): Promise<WatchAccess | undefined> {
  const choices = (["w", "r", "rw"] as const).map((access) => ({
    label: `$(debug-breakpoint-data) ${accessWord(access)}`,
    description: t("stop before a {0} of {1}", accessWord(access), target),
    access,
  }));
  const chosen = await vscode.window.showQuickPick(choices, {
    title: t("Break on Access: {0}", target),
    placeHolder: t("On which access?"),
  });
  return chosen?.access;
}

/** The register or target that a command is about: a row of a tree, or the context of the panel. */
function rowOf({ tree }: Parts, argument: unknown): Row | undefined {
  if (typeof argument === "string") return tree.row(plainId(argument));
  const { id, register } = (argument ?? {}) as { id?: unknown; register?: unknown };
  if (typeof id === "string") return tree.row(id);
  return tree.registers().find((row) => row.register === register);
}

/** By key or from the palette it is about what is selected. */
const chosenOf = (parts: Parts, argument: unknown): Row | undefined =>
  rowOf(parts, argument ?? parts.selection.id ?? "");

const targetOf = (parts: Parts, argument: unknown): string | undefined =>
  typeof argument === "string" && argument.startsWith("watch ")
    ? argument.slice("watch ".length)
    : rowOf(parts, argument)?.register;

async function pickRegister(parts: Parts, title: string): Promise<Row | undefined> {
  await startOrSay(parts.host);
  return pickRow(parts.tree.registers(), title);
}

async function pickRow(rows: readonly Row[], title: string): Promise<Row | undefined> {
  const items = rows.map((row) => ({
    label: row.register ?? row.touch ?? row.label,
    description: row.description,
    row,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: t("Name, value or address"),
    matchOnDescription: true,
  });
  return chosen?.row;
}

async function breakOn(parts: Parts, argument: unknown, access?: WatchAccess): Promise<void> {
  const target =
    targetOf(parts, argument ?? parts.selection.id) ??
    (await pickRegister(parts, t("Break on Access")))?.register;
  if (target === undefined) return;
  const chosen = access ?? (await askAccess(target));
  if (chosen) await parts.watchpoints.add({ target, access: chosen });
}

async function toggle(parts: Parts, register: string): Promise<void> {
  if (parts.watchpoints.byTarget.has(register)) await parts.watchpoints.remove(register);
  else await breakOn(parts, { register });
}

/** A register from the list, or any text of the watchpoint grammar. */
async function addWatchpoint(parts: Parts): Promise<void> {
  await startOrSay(parts.host);
  const registers = parts.tree
    .registers()
    .map(({ register = "", description }) => ({ register, description }));
  const chosen = await chooseWatchpoint(registers);
  if (chosen?.kind === "register") await breakOn(parts, { register: chosen.register });
  else if (chosen?.kind === "watchpoint") await parts.watchpoints.add(chosen.spec);
  else if (chosen) await typeWatchpoint(parts);
}

/** A new one, or `known` in other words. */
async function typeWatchpoint({ watchpoints }: Parts, known?: WatchSpec): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: known ? t("Edit Watchpoint") : t("Add Watchpoint"),
    prompt: t("TARGET [r|w|rw] [change] [once] [hit COUNT] [log] [if CONDITION over $value $old $size]"),
    placeHolder: EXAMPLE,
    value: known ? specText(known) : "",
    validateInput: (value) => (value.trim() === "" ? undefined : problemIn(value)),
  });
  const spec = text === undefined ? undefined : parseSpec(text);
  if (!spec) return;
  if (known && known.target !== spec.target) await watchpoints.remove(known.target);
  await watchpoints.add(spec);
}

async function editWatchpoint(parts: Parts, argument: unknown): Promise<void> {
  const target = targetOf(parts, argument) ?? (await pickWatchpoint(parts, t("Edit Watchpoint")));
  const known = parts.watchpoints.specs.find((spec) => spec.target === target);
  if (known) await typeWatchpoint(parts, known);
}

async function pickWatchpoint({ watchpoints }: Parts, title: string): Promise<string | undefined> {
  const items = watchpoints.specs.map((spec) => ({ label: spec.target, description: specWords(spec) }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: t("Which one?") }))?.label;
}

async function pin(parts: Parts, argument: unknown): Promise<void> {
  const row = rowOf(parts, argument) ?? (await pickRegister(parts, t("Pin Register")));
  if (row) await parts.pins.pin(row.id);
}

async function unpin(parts: Parts, argument: unknown): Promise<void> {
  const chosen = chosenOf(parts, argument);
  const pinned = parts.pins.pinned.flatMap((id) => parts.tree.row(id) ?? []);
  const found = pinned.find((one) => one === chosen);
  const row = found ?? (argument === undefined ? await pickRow(pinned, t("Unpin Register")) : undefined);
  if (row) await parts.pins.unpin(row.id);
}

async function removeWatchpoint(parts: Parts): Promise<void> {
  const target = await pickWatchpoint(parts, t("Remove Watchpoint"));
  if (target !== undefined) await parts.watchpoints.remove(target);
}

async function unwatch(parts: Parts, argument: unknown): Promise<void> {
  const target = targetOf(parts, argument);
  if (target !== undefined) await parts.watchpoints.remove(target);
}

const placesOf = ({ tree }: Parts): readonly Row[] =>
  [...tree.rows.byId.values()].filter(({ touch }) => touch !== undefined);

/** Functions and BARs can be found, too. */
async function findRegister(parts: Parts): Promise<void> {
  await startOrSay(parts.host);
  const row = await pickRow([...parts.tree.registers(), ...placesOf(parts)], t("Find Register"));
  if (row) await parts.tree.reveal(row.id);
}

async function write(parts: Parts, argument: unknown, verb: "write" | "poke"): Promise<void> {
  const variable = writableVariable(argument);
  if (variable !== undefined) return writeTarget(parts, variable, verb);
  const chosen = chosenOf(parts, argument);
  const row =
    chosen?.writes === undefined ? await pickRegister(parts, vscode.l10n.t("Write Register")) : chosen;
  if (row) await writeRow(parts, row, verb);
}

/** Off where it is on, and the other way round: a watchpoint, or all of a group as one. */
async function switchWatchpoint(parts: Parts, argument: unknown): Promise<void> {
  const { watchpoints } = parts;
  const chosen = typeof argument === "string" ? argument : undefined;
  const row = chosen ?? `watch ${(await pickWatchpoint(parts, t("Switch Watchpoint"))) ?? ""}`;
  const specs = watchpoints.below(row);
  await watchpoints.switch(specs, !specs.some((spec) => watchpoints.isOn(spec)));
}

/** A function or a BAR. */
async function pickPlace(parts: Parts): Promise<Row | undefined> {
  await startOrSay(parts.host);
  return pickRow(placesOf(parts), t("Break on First Touch"));
}

/** The first access to a device, or to one of its BARs, stops the driver. */
async function breakOnTouch(parts: Parts, argument: unknown): Promise<void> {
  const target = chosenOf(parts, argument)?.touch ?? (await pickPlace(parts))?.touch;
  if (target !== undefined) await parts.watchpoints.add({ target, access: "rw", more: "once" });
}

/** Commands about registers and watchpoints; those of a row have a twin in the palette that asks. */
export function registerCommands(parts: Parts): vscode.Disposable {
  const on = (name: string, run: (argument: unknown) => Promise<void>) =>
    vscode.commands.registerCommand(`rootport.${name}`, (argument: unknown) =>
      run(argument).catch((error: unknown) => void vscode.window.showErrorMessage(sentenceOf(error))),
    );
  return vscode.Disposable.from(
    on("addWatchpoint", () => addWatchpoint(parts)),
    on("removeWatchpoint", () => removeWatchpoint(parts)),
    on("removeAllWatchpoints", () => parts.watchpoints.clear()),
    on("switchWatchpoint", (argument) => switchWatchpoint(parts, argument)),
    on("editWatchpoint", (argument) => editWatchpoint(parts, argument)),
    on("pinRegister", (argument) => pin(parts, argument)),
    on("unpinRegister", (argument) => unpin(parts, argument)),
    on("unwatch", (argument) => unwatch(parts, argument)),
    on("breakOnAccess", (argument) => breakOn(parts, argument)),
    on("breakOnWrite", (argument) => breakOn(parts, argument, "w")),
    on("breakOnRead", (argument) => breakOn(parts, argument, "r")),
    on("breakOnTouch", (argument) => breakOnTouch(parts, argument)),
    on("writeValue", (argument) => write(parts, argument, "write")),
    on("pokeValue", (argument) => write(parts, argument, "poke")),
    on("findRegister", () => findRegister(parts)),
    on("chooseRadix", () => parts.radix.choose()),
    on("showTranslation", async (argument) => {
      const row = rowOf(parts, argument);
      await parts.panel.translate(row?.address ?? row?.register ?? "");
    }),
    parts.panel.onWatch((register) => void toggle(parts, register)),
  );
}
