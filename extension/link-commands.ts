/** Links to places of the machine: followed when VS Code is called with one, and copied from a row. */
import * as vscode from "vscode";
import { builtIn } from "../emulator/machine/built-in";
import { machinePath } from "./machine-choice";
import type { MachineHost } from "./machine-host";
import { isTab, linkText, type MachineLink, parseLink } from "./machine-link";
import type { MachinePanel } from "./panel";
import { sentenceOf } from "./plain-text";
import { plainId } from "./registers-rows";
import type { Selection } from "./selection";
import { subjectAt } from "./subject";

interface Parts {
  readonly host: MachineHost;
  readonly panel: MachinePanel;
  readonly selection: Selection;
  /** `rootport.rootport` */
  readonly extensionId: string;
}

/** The machine that a link names, where it is not on already. A driver that runs keeps its own. */
async function openNamed(host: MachineHost, machine: string | undefined): Promise<void> {
  if (machine === undefined) return host.start();
  const wanted = builtIn.has(machine) ? machine : machinePath(machine);
  if (host.status !== "on" || host.wanted !== wanted) await host.open(wanted);
}

async function follow({ host, panel }: Parts, { kind, place, machine }: MachineLink): Promise<void> {
  await openNamed(host, machine);
  if (isTab(place) && kind === "tab") panel.show(place);
  else await vscode.commands.executeCommand("rootport.reveal", place);
}

async function followUri(parts: Parts, uri: vscode.Uri): Promise<void> {
  const link = parseLink(uri);
  if (typeof link === "string") void vscode.window.showErrorMessage(link);
  else
    await follow(parts, link).catch(
      (error: unknown) => void vscode.window.showErrorMessage(sentenceOf(error)),
    );
}

function linkTo({ host, selection, extensionId }: Parts, argument: unknown): string | undefined {
  const id = typeof argument === "string" ? argument : (argument as { id?: string } | undefined)?.id;
  const subject = subjectAt(host.state?.functions ?? [], plainId(id ?? selection.id ?? ""));
  if (!subject) return undefined;
  const { view, bar, register } = subject;
  const place = register
    ? ({ kind: "register", place: register.id } as const)
    : bar?.physical !== undefined
      ? ({ kind: "address", place: bar.physical } as const)
      : ({ kind: "function", place: view.bdf } as const);
  const machine = vscode.workspace.asRelativePath(host.wanted, false);
  return `${vscode.env.uriScheme}://${extensionId}${linkText({ ...place, machine })}`;
}

async function copyLink(parts: Parts, argument: unknown): Promise<void> {
  const link = linkTo(parts, argument);
  if (link === undefined) return;
  await vscode.env.clipboard.writeText(link);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Copied {0}", link), 2000);
}

export function linkCommands(parts: Parts): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.window.registerUriHandler({ handleUri: (uri) => followUri(parts, uri) }),
    vscode.commands.registerCommand("rootport.copyLink", (argument: unknown) => copyLink(parts, argument)),
    // The same as a call with a link, for other extensions and for tasks.
    vscode.commands.registerCommand("rootport.openLink", (link: unknown) =>
      followUri(parts, vscode.Uri.parse(String(link))),
    ),
  );
}
