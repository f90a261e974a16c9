/** What the Debug Console understands beside the driver's own language: the machine's commands. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { formatIomem, formatIoports } from "../../../emulator/formats/iomem";
import { formatLogLine } from "../../../emulator/formats/log-line";
import { formatBrief } from "../../../emulator/formats/lspci/brief";
import { formatTranslation } from "../../../emulator/formats/translation";
import type { RegisterView } from "../../../emulator/machine/views";
import type { Control } from "../control";
import { allRegisters } from "./registers";
import { accessVerbs } from "./verbs/access";
import { explain } from "./verbs/explain";
import { inject } from "./verbs/inject";
import { irq } from "./verbs/irq";
import { posting } from "./verbs/posting";
import { slot } from "./verbs/slot";
import { state } from "./verbs/state";
import { trace } from "./verbs/trace";
import type { Verb } from "./verbs/verb";
import { walk } from "./verbs/walk";
import { wp } from "./verbs/wp";

const SPACES = ["virt:", "phys:", "bus:", "bus@", "iova@", "cfg@", "io:"];

const VERBS: Readonly<Record<string, Verb>> = {
  help: {
    usage: "help [VERB]",
    does: "this list, or one line of it",
    words: () => verbNames,
    run: (_, [name]) => help(name),
  },
  lspci: {
    usage: "lspci",
    does: "the functions of the machine",
    run: (control) => formatBrief(control.inspection.functions(control.linux)),
  },
  iomem: { usage: "iomem", does: "/proc/iomem", run: ({ linux }) => formatIomem(linux.iomem) },
  ioports: { usage: "ioports", does: "/proc/ioports", run: ({ linux }) => formatIoports(linux.ioports) },
  dmesg: {
    usage: "dmesg",
    does: "the kernel's log",
    run: ({ log }) => log.map((line) => `${formatLogLine(line)}\n`).join(""),
  },
  translate: {
    usage: "translate ADDRESS",
    does: "where an address goes, hop by hop",
    takesAddress: true,
    run: (control, [address = ""]) => formatTranslation(control.translate(address)),
  },
  explain,
  walk,
  wp,
  ...accessVerbs,
  trace,
  inject,
  slot,
  posting,
  irq,
  state,
};

export const verbNames: readonly string[] = Object.keys(VERBS);

/** The text of a verb's answer; undefined for what is the driver's own language. Rejects with a sentence. */
export async function obey(control: Control, expression: string): Promise<string | undefined> {
  const [name = "", ...words] = expression.trim().split(/\s+/);
  const verb =
    Object.hasOwn(VERBS, name) && !/^[.([=]|^[-+*/%&|<>!?]/.test(words[0] ?? "") ? VERBS[name] : undefined;
  if (!verb) return undefined;
  return (await verb.run(control, words)).trimEnd();
}

export function help(name?: string): string {
  const known = Object.entries(VERBS).filter(([each]) => name === undefined || each === name);
  if (known.length === 0) throw new Error(`There is no verb ${name}: help lists them.`);
  const lines = known.map(([, { usage, does }]) =>
    usage.length > COLUMN ? `${usage}\n${" ".repeat(COLUMN)}  ${does}` : `${usage.padEnd(COLUMN)}  ${does}`,
  );
  return name === undefined ? [...lines, ...HELP].join("\n") : lines.join("\n");
}

/** Where help says what a verb does; a longer usage stands on a line of its own. */
const COLUMN = 32;

const HELP = [
  "ADDRESS is edu.STATUS, edu.STATUS.IRQFACT, edu.config.COMMAND, 0x…, virt:0x…, phys:0x…, bus:0x…, iova@01:00.0:0x…, cfg@01:00.0:0x10 or io:0x3f8.",
  "Everything else is evaluated in the driver, at the frame that is selected.",
];

type Place = Required<Pick<DebugProtocol.CompletionItem, "start" | "length">>;

export interface Completions {
  readonly targets: readonly DebugProtocol.CompletionItem[];
  /** A verb is being written: nothing of the driver's language fits here. */
  readonly only: boolean;
}

/** For what is typed up to the cursor: verbs at the start, then what each of them takes. */
export function completions(
  { text, column }: DebugProtocol.CompletionsArguments,
  control: Control,
): Completions {
  const typed = text.slice(0, column - 1);
  const word = /[\w.:@-]*$/.exec(typed)?.[0] ?? "";
  const before = typed.slice(0, typed.length - word.length).trim();
  const place = { start: typed.length - word.length, length: word.length };
  const registers = allRegisters(control.inspection.functions(control.linux));
  if (before === "")
    return {
      targets: [...fitting(verbNames, { word, place }), ...named(registers, { word, place })],
      only: false,
    };
  const [name = "", ...words] = before.split(/\s+/);
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (!verb) return { targets: [], only: false };
  const own = fitting(verb.words?.(control, words) ?? [], { word, place });
  if (!verb.takesAddress || words.length > 0) return { targets: own, only: true };
  const spaces = fitting(SPACES, { word, place }, "module");
  return { targets: [...own, ...named(registers, { word, place }), ...spaces], only: true };
}

function fitting(
  labels: readonly string[],
  { word, place }: { word: string; place: Place },
  type: DebugProtocol.CompletionItemType = "keyword",
): DebugProtocol.CompletionItem[] {
  return labels.filter((label) => label.startsWith(word)).map((label) => ({ label, type, ...place }));
}

function named(
  registers: readonly RegisterView[],
  { word, place }: { word: string; place: Place },
): DebugProtocol.CompletionItem[] {
  const found = registers.filter(({ id }) => word !== "" && id.toLowerCase().startsWith(word.toLowerCase()));
  return found.map(({ id, value }) => ({ label: id, detail: value, type: "property", ...place }));
}
