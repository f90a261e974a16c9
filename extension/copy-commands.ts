/** "Copy As": the row, or what is selected in the panel, in the words of another tool. */
import * as vscode from "vscode";
import { type CopyKind, copyText } from "./copy-text";
import { t } from "./l10n";
import type { MachineHost } from "./machine-host";
import { plainId } from "./registers-rows";
import type { Selection } from "./selection";
import { type Subject, subjectAt } from "./subject";

const commands: Readonly<Record<string, readonly [kind: CopyKind, label: string]>> = {
  copyAddress: ["address", t("Address")],
  copyValue: ["value", t("Value")],
  copyBdf: ["bdf", t("Bus, Device and Function")],
  copySetpci: ["setpci", t("setpci Command")],
  copyDevmem: ["devmem", t("devmem Command")],
  copyMacro: ["macro", t("C Macro")],
  copyMarkdown: ["markdown", t("Markdown Table")],
};

/** A row of a tree is its id; what is pressed in the panel says its id. */
const idOf = (argument: unknown): string | undefined =>
  typeof argument === "string" ? argument : (argument as { id?: string } | undefined)?.id;

async function copy(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  const [line = ""] = text.split("\n");
  vscode.window.setStatusBarMessage(t("Copied {0}", line), 2000);
}

/** Everything that can be copied of what is selected, with what it would be. */
async function pick(subject: Subject): Promise<string | undefined> {
  const items = Object.values(commands).flatMap(([kind, label]) => {
    const text = copyText(kind, subject);
    return text === undefined ? [] : [{ label, description: text.split("\n")[0] ?? "", text }];
  });
  const chosen = await vscode.window.showQuickPick(items, {
    title: t("Copy As"),
    placeHolder: t("In which words?"),
  });
  return chosen?.text;
}

export function copyCommands(host: MachineHost, selection: Selection): vscode.Disposable {
  const subject = (argument: unknown): Subject | undefined =>
    subjectAt(host.state?.functions ?? [], plainId(idOf(argument) ?? selection.id ?? ""));
  const on = (name: string, text: (subject: Subject) => string | undefined | Promise<string | undefined>) =>
    vscode.commands.registerCommand(`rootport.${name}`, async (argument: unknown) => {
      const about = subject(argument);
      const copied = about && (await text(about));
      if (copied !== undefined) await copy(copied);
    });
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, [kind]]) => on(name, (about) => copyText(kind, about))),
    on("copyAs", pick),
  );
}
