/** "Compare Address Maps…" and "What If…": two boots on the side, in VS Code's own diff; the machine stays as it is. */
import * as vscode from "vscode";
import { builtIn } from "../emulator/machine/built-in";
import { type BootWish, compareBoots } from "./host/protocol";
import type { MachineHost } from "./machine-host";

const SCHEME = "rootport-map";

interface Choice extends vscode.QuickPickItem {
  readonly wish?: string;
  readonly boot?: BootWish;
  readonly ask?: () => Promise<string | undefined>;
}

/** The texts of the last comparisons, by the path of their document. */
class Maps implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();

  add(title: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title}`, query: String(this.#texts.size) });
    this.#texts.set(uri.toString(), text);
    return uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }
}

interface Boots {
  readonly before: BootWish;
  readonly after: BootWish;
}

async function showDifference(host: MachineHost, maps: Maps, boots: Boots): Promise<void> {
  const { comparison, texts } = await host.ask(compareBoots, boots);
  const { before, after, differences, same } = comparison;
  const counted = vscode.l10n.t("{0} of {1} differ", differences.length, differences.length + same);
  await vscode.commands.executeCommand(
    "vscode.diff",
    maps.add(before, texts[0]),
    maps.add(after, texts[1]),
    `${before} ↔ ${after}: ${counted}`,
  );
}

async function otherMachines(): Promise<readonly Choice[]> {
  const files = await vscode.workspace.findFiles("**/*.pcie.json", "**/node_modules/**", 500);
  return [
    ...[...builtIn.values()].map(({ name, title }) => ({
      label: name,
      description: title,
      boot: { machine: name },
    })),
    ...files.map(({ fsPath }) => ({
      label: vscode.workspace.asRelativePath(fsPath),
      boot: { machine: fsPath },
    })),
  ];
}

async function compareMachines(host: MachineHost, maps: Maps): Promise<void> {
  const policies: readonly Choice[] = [
    {
      label: vscode.l10n.t("From scratch"),
      description: vscode.l10n.t("what Linux would choose if firmware had chosen nothing"),
      boot: { assign: "scratch" },
    },
    {
      label: vscode.l10n.t("After firmware"),
      description: vscode.l10n.t("what Linux claims and completes"),
      boot: { assign: "firmware" },
    },
  ];
  const chosen = await vscode.window.showQuickPick([...policies, ...(await otherMachines())], {
    title: vscode.l10n.t("Compare Address Maps"),
    placeHolder: vscode.l10n.t("This machine as it is, beside …"),
    matchOnDescription: true,
  });
  if (chosen?.boot) await showDifference(host, maps, { before: {}, after: chosen.boot });
}

function askFor(prompt: string, value: string): () => Promise<string | undefined> {
  return async () => vscode.window.showInputBox({ title: vscode.l10n.t("What If"), prompt, value });
}

function changes(host: MachineHost): readonly Choice[] {
  const endpoint = host.state?.functions.find(({ bars, kind }) => kind === "endpoint" && bars.length > 0);
  const bar = `${endpoint?.name ?? "edu"}.BAR${endpoint?.bars[0]?.index ?? 0}=256M`;
  return [
    {
      label: "pci=realloc",
      description: vscode.l10n.t("try again with larger windows"),
      wish: "realloc",
    },
    {
      label: vscode.l10n.t("No windows above 4 GiB"),
      description: vscode.l10n.t("as with Above 4G Decoding off"),
      wish: "no-above-4g",
    },
    { label: "pci=assign-busses", description: vscode.l10n.t("new bus numbers"), wish: "assign-busses" },
    {
      label: vscode.l10n.t("A larger BAR…"),
      ask: askFor(vscode.l10n.t("DEVICE.BARn=SIZE, a power of two"), bar),
    },
    {
      label: vscode.l10n.t("More room for hot-plug…"),
      ask: askFor(
        vscode.l10n.t("hpiosize, hpmmiosize, hpmmioprefsize, hpmemsize or hpbussize"),
        "hpmmiosize=64M",
      ),
    },
  ];
}

async function whatIf(host: MachineHost, maps: Maps): Promise<void> {
  await host.start();
  const chosen = await vscode.window.showQuickPick(changes(host), {
    title: vscode.l10n.t("What If"),
    placeHolder: vscode.l10n.t("What moves, and what fails, if …"),
    canPickMany: true,
  });
  const wishes: string[] = [];
  for (const { wish, ask } of chosen ?? []) {
    const said = wish ?? (await ask?.());
    if (said === undefined) return;
    wishes.push(said.trim());
  }
  const before: BootWish = { decide: true };
  if (wishes.length) await showDifference(host, maps, { before, after: { ...before, whatIf: wishes } });
}

/** `say`: tells one sentence of what went wrong. */
export function compareCommands(
  host: MachineHost,
  say: (error: unknown) => Promise<void>,
): vscode.Disposable {
  const maps = new Maps();
  const on = (name: string, run: () => Promise<void>) =>
    vscode.commands.registerCommand(`rootport.${name}`, () => run().catch(say));
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, maps),
    on("compareMachines", () => compareMachines(host, maps)),
    on("whatIf", () => whatIf(host, maps)),
  );
}
