/** What Tab offers: commands first, then paths and devices by the command's kind, or what the Debug Console offers. */
import { completions, verbNames } from "../adapter/verbs";
import type { Control } from "../control";
import type { ShellCompletion } from "../protocol";
import { entries, isFile } from "./files";
import { headerRegisters } from "./setpci-registers";
import { programs } from "./shell";

const beginning = (word: string, choices: readonly string[]): readonly string[] =>
  choices.filter((choice) => choice.toLowerCase().startsWith(word.toLowerCase()));

async function paths(control: Control, word: string): Promise<readonly string[]> {
  const cut = word.lastIndexOf("/") + 1;
  const folder = word.slice(0, cut) || "/";
  const names = (await entries(control, folder)) ?? [];
  return names.map((name) => `${folder}${name}`).map((path) => (isFile(path) ? path : `${path}/`));
}

async function slots(control: Control): Promise<readonly string[]> {
  return (await control.sysfs()).map(({ name }) => name);
}

/** `line`: what stands left of the cursor. */
export async function completionsOf(control: Control, line: string): Promise<ShellCompletion> {
  const word = /\S*$/.exec(line)?.[0] ?? "";
  const from = line.length - word.length;
  const before = line.slice(0, from).trim().split(/\s+/);
  const choices = await offered(control, { word, before });
  return { from, choices: beginning(word, choices) };
}

async function offered(
  control: Control,
  { word, before }: { word: string; before: readonly string[] },
): Promise<readonly string[]> {
  const [command = ""] = before;
  if (command === "") return [...new Set([...programs, ...verbNames])].toSorted();
  if (command === "cat" || command === "ls") return paths(control, word);
  if (before.at(-1) === "-s") return slots(control);
  if (command === "setpci") return [...headerRegisters.keys()];
  if (command === "lspci") return [];
  const text = [...before, word].join(" ");
  return completions({ text, column: text.length + 1 }, control).targets.map(({ label }) => label);
}
