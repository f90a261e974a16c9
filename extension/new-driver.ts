import * as vscode from "vscode";
import { driverText, refusedName, tsconfigText } from "./driver-folder";
import { t } from "./l10n";

const files = vscode.workspace.fs;

async function exists(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(files.stat(uri)).then(
    () => true,
    () => false,
  );
}

const write = (uri: vscode.Uri, text: string) => files.writeFile(uri, new TextEncoder().encode(text));

/** Puts the kernel's headers, as types, where a driver's tsconfig looks for them. */
export async function copyTypes(dist: vscode.Uri, folder: vscode.Uri): Promise<void> {
  const target = vscode.Uri.joinPath(folder, ".rootport", "types", "linux");
  await files.copy(vscode.Uri.joinPath(dist, "types", "linux"), target, { overwrite: true });
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const [only, ...more] = vscode.workspace.workspaceFolders ?? [];
  if (only && more.length === 0) return only.uri;
  if (only)
    return (await vscode.window.showWorkspaceFolderPick({ placeHolder: t("Where does the driver go?") }))
      ?.uri;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: t("Put the Driver Here"),
  });
  return chosen?.[0];
}

const askName = () =>
  vscode.window.showInputBox({
    title: t("New Driver"),
    prompt: t("The driver's name: a folder of that name is made"),
    value: "mydriver",
    validateInput: refusedName,
  });

/** Writes `NAME/NAME.ts` with a tsconfig and types, and opens it. Nothing that exists is overwritten. */
export async function newDriver(
  dist: vscode.Uri,
  given: { folder?: vscode.Uri; name?: string } = {},
): Promise<void> {
  const name = given.name ?? (await askName());
  const parent = name === undefined ? undefined : (given.folder ?? (await chooseFolder()));
  if (name === undefined || !parent) return;
  const folder = vscode.Uri.joinPath(parent, name);
  if (await exists(folder)) throw new Error(t("{0} exists already: choose another name.", folder.fsPath));
  const driver = vscode.Uri.joinPath(folder, `${name}.ts`);
  await copyTypes(dist, folder);
  await write(vscode.Uri.joinPath(folder, "tsconfig.json"), tsconfigText);
  await write(driver, driverText(name));
  await vscode.window.showTextDocument(driver, { preview: false });
}

/** Opens the sample driver: a copy that can be edited, made where the extension keeps its things. */
export async function openSample(dist: vscode.Uri, storage: vscode.Uri): Promise<void> {
  const folder = vscode.Uri.joinPath(storage, "samples");
  const sample = vscode.Uri.joinPath(folder, "edu.ts");
  await copyTypes(dist, folder);
  await write(vscode.Uri.joinPath(folder, "tsconfig.json"), tsconfigText);
  if (!(await exists(sample))) await files.copy(vscode.Uri.joinPath(dist, "samples", "edu.ts"), sample);
  await vscode.window.showTextDocument(sample, { preview: false });
}
