/** "Open Machine…": built-in machines, files of the workspace, and the two ways to get another one. */
import * as vscode from "vscode";
import { builtIn } from "../emulator/machine/built-in";
import { builtInAt } from "./built-in-document";
import { t } from "./l10n";
import type { MachineChoice } from "./machine-choice";
import type { MachineHost } from "./machine-host";

interface Parts {
  readonly host: MachineHost;
  readonly choice: MachineChoice;
}

interface MachineItem extends vscode.QuickPickItem {
  /** A built-in name or a path. */
  readonly machine?: string;
  readonly command?: string;
}

const heading = (label: string): MachineItem => ({ label, kind: vscode.QuickPickItemKind.Separator });

const builtInItems = (): readonly MachineItem[] =>
  [...builtIn.values()].map(({ name, title }) => ({
    label: `$(server-environment) ${name}`,
    description: title,
    machine: name,
  }));

async function fileItems(): Promise<readonly MachineItem[]> {
  const files = await vscode.workspace.findFiles("**/*.pcie.json", "**/node_modules/**", 500);
  return files
    .map(({ fsPath }) => ({ label: `$(json) ${vscode.workspace.asRelativePath(fsPath)}`, machine: fsPath }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

const others: readonly MachineItem[] = [
  { label: t("$(folder-opened) Browse…"), description: t("any *.pcie.json file"), command: "browse" },
  {
    label: t("$(cloud-download) Import…"),
    description: t("what lspci and /proc of a real machine printed"),
    command: "import",
  },
];

async function browse(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: t("Open Machine"),
      openLabel: t("Open Machine"),
      filters: { "PCIe machines": ["json"] },
    })) ?? [];
  return file?.fsPath;
}

/** A built-in name or a path; undefined when nothing was chosen here. */
async function pick(current: string): Promise<string | undefined> {
  const marked = (item: MachineItem): MachineItem =>
    item.machine === current ? { ...item, detail: t("$(check) current") } : item;
  const files = await fileItems();
  const items = [
    heading(t("built in")),
    ...builtInItems().map(marked),
    ...(files.length > 0 ? [heading(t("in this workspace")), ...files.map(marked)] : []),
    heading(t("elsewhere")),
    ...others,
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: t("Open Machine"),
    placeHolder: t("Which machine is powered on?"),
    matchOnDescription: true,
  });
  if (chosen?.command === "import") await vscode.commands.executeCommand("rootport.importMachine");
  return chosen?.command === "browse" ? browse() : chosen?.machine;
}

async function machineOf(uri: vscode.Uri): Promise<string> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (document?.isDirty) await document.save();
  return builtInAt(uri) ?? uri.fsPath;
}

/** Powers the machine at `uri` on, or asks which one; it is then this workspace's machine. Rejects with one sentence. */
export async function openMachine({ host, choice }: Parts, uri?: vscode.Uri): Promise<void> {
  const machine = uri ? await machineOf(uri) : await pick(choice.wanted);
  if (machine === undefined) return;
  // At once: a focus that comes when the machine is on would close whatever is open by then.
  await Promise.all([host.open(machine), vscode.commands.executeCommand("rootport.devices.focus")]);
  await choice.remember(machine);
}
