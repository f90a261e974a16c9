/** Hovers in drivers: the register a constant stands for, or where an address leads; and who touched it last. */
import * as vscode from "vscode";
import type { TraceRow } from "../emulator/machine/trace-views";
import { isDriver } from "./driver-source";
import { t } from "./l10n";
import { lastTouch, touchText } from "./last-touch";
import type { MachineHost } from "./machine-host";
import { isAddress, type Meant, meaningOf } from "./register-lookup";
import { registerTooltip } from "./register-tooltip";

const selector: vscode.DocumentSelector = { language: "typescript", scheme: "file" };
/** `edu.STATUS`, `edu.config.COMMAND`, `STATUS`, `0x40000008`. */
const WORD = /0x[0-9a-f]+|[A-Za-z_]\w*(?:\.config)?\.[A-Z]\w*|[A-Za-z_]\w*/i;

const enabledCommands = [
  "rootport.reveal",
  "rootport.record",
  "rootport.breakOnWrite",
  "rootport.breakOnRead",
  "vscode.open",
];

const link = (label: string, command: string, argument: unknown): string =>
  `[${label}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;

function markdown(text: string): vscode.MarkdownString {
  const shown = new vscode.MarkdownString(text, true);
  shown.isTrusted = { enabledCommands };
  return shown;
}

function placeLink({ path, line }: { path: string; line: number }, text: string): string {
  const at = vscode.Uri.file(path).with({ fragment: `L${line}` });
  return `[${text}](${at.toString()})`;
}

const placed = (touched: TraceRow): string =>
  touched.source ? placeLink(touched.source, touchText(touched)) : touchText(touched);

async function registerText(host: MachineHost, { register, field }: Meant): Promise<string> {
  const touched = await lastTouch(host, register.id).catch(() => undefined);
  const { id } = register;
  return [
    registerTooltip(register),
    ...(field ? [`**${field.name}**: ${field.doc}`] : []),
    touched
      ? t("Last touched by {0}", placed(touched))
      : link(t("Record who touches it"), "rootport.record", id),
    [
      link(t("Show in Devices"), "rootport.reveal", id),
      link(t("Break on Write"), "rootport.breakOnWrite", { register: id }),
      link(t("Break on Read"), "rootport.breakOnRead", { register: id }),
    ].join(" · "),
  ].join("\n\n");
}

/** Undefined for what the machine does not know; a hover powers nothing on. */
async function hoverText(host: MachineHost, word: string, text: string): Promise<string | undefined> {
  const { state } = host;
  if (!state || host.status !== "on") return undefined;
  const meant = meaningOf(word, text, state.functions);
  if (meant) return registerText(host, meant);
  if (!/^0x/i.test(word) || !isAddress(state, BigInt(word))) return undefined;
  const { sentence } = await host.translate(word);
  return `${sentence}\n\n${link(t("Show Translation"), "rootport.reveal", word)}`;
}

export function registerHovers(host: MachineHost): vscode.Disposable {
  const about = (document: vscode.TextDocument, position: vscode.Position) => {
    const text = document.getText();
    const range = document.getWordRangeAtPosition(position, WORD);
    return range && isDriver(text) ? { text, range, word: document.getText(range) } : undefined;
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand("rootport.record", () => host.setTracing("on")),
    vscode.languages.registerHoverProvider(selector, {
      async provideHover(document, position) {
        const found = about(document, position);
        const text = found && (await hoverText(host, found.word, found.text));
        return text === undefined ? undefined : new vscode.Hover(markdown(text), found?.range);
      },
    }),
    // While a driver is debugged its values have the hover: of a register's constant, the register.
    vscode.languages.registerEvaluatableExpressionProvider(selector, {
      provideEvaluatableExpression(document, position) {
        const found = about(document, position);
        const meant = found && meaningOf(found.word, found.text, host.state?.functions ?? []);
        return meant && new vscode.EvaluatableExpression(found.range, meant.register.id);
      },
    }),
  );
}
