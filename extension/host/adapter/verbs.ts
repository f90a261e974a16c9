/** What the Debug Console understands beside the driver's own language: the machine's commands. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { formatIomem, formatIoports } from "../../../emulator/formats/iomem";
import { formatLogLine } from "../../../emulator/formats/log-line";
import { formatBrief } from "../../../emulator/formats/lspci/brief";
import { formatTranslation } from "../../../emulator/formats/translation";
import type { Bytes } from "../../../emulator/machine/outside-access";
import type { Touch } from "../../../emulator/machine/touch";
import type { Hex, RegisterView, WatchpointStatus } from "../../../emulator/machine/views";
import type { Control } from "../control";

interface Verb {
  readonly usage: string;
  readonly does: string;
  /** An address or a register follows. */
  readonly takesAddress?: true;
  run(control: Control, words: readonly string[]): string | Promise<string>;
}

const WIDTHS: Readonly<Record<string, Bytes>> = { "8": 1, "16": 2, "32": 4, "64": 8 };
const SPACES = ["virt:", "phys:", "bus:", "bus@", "cfg@", "io:"];

function toucher(verb: Touch["verb"], does: string): Verb {
  const writes = verb === "write" || verb === "poke";
  const name = { peek: "peek", read: "rd", write: "wr", poke: "poke" }[verb];
  return {
    usage: `${name} ADDRESS${writes ? " VALUE" : ""} [8|16|32|64]`,
    does,
    takesAddress: true,
    async run(control, words) {
      const [at, ...rest] = words;
      const [value, width] = writes ? rest : [undefined, rest[0]];
      if (at === undefined || (writes && value === undefined)) throw new Error(`Write ${this.usage}.`);
      const bytes = width === undefined ? undefined : WIDTHS[width];
      if (width !== undefined && !bytes) throw new Error(`"${width}" is no width: write 8, 16, 32 or 64.`);
      return control.touch({
        verb,
        at,
        ...(bytes && { bytes }),
        ...(value !== undefined && { value: value as Hex }),
      });
    },
  };
}

/** Adds to the watchpoints of this session, removes by number, or lists them with what has become of each. */
async function watchpoints(control: Control, words: readonly string[]): Promise<string> {
  const before = control.sessionWatchpoints;
  const number = words[0] === "remove" ? Number(words[1]) : undefined;
  if (number !== undefined && !before[number - 1])
    throw new Error(`There is no watchpoint ${words[1] ?? ""} of this session.`);
  const added =
    number === undefined && words.length > 0 ? [{ id: nextId(before), spec: words.join(" ") }] : [];
  const wanted = [...before.filter((_, index) => index + 1 !== number), ...added];
  const statuses = await control.watchInSession(wanted);
  const wrong = added.length > 0 ? statuses.at(-1) : undefined;
  if (wrong?.never) await control.watchInSession(before);
  if (wrong?.never) throw new Error(`${wrong.message ?? "It can never be watched"}.`);
  const lines = wanted.map(({ spec }, index) => `${index + 1}  ${spec}${why(statuses[index])}`);
  return lines.length > 0
    ? lines.join("\n")
    : "No watchpoints of this session: wp edu.STATUS w if $value & 1";
}

function nextId(before: readonly { readonly id: string }[]): string {
  const numbers = before.map(({ id }) => Number(/^console:(\d+)$/.exec(id)?.[1] ?? 0));
  return `console:${Math.max(0, ...numbers) + 1}`;
}

function why(status: WatchpointStatus | undefined): string {
  return status?.verified === false ? `  (${status.message ?? "waits"})` : "";
}

const VERBS: Readonly<Record<string, Verb>> = {
  help: { usage: "help", does: "this list", run: () => help() },
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
  wp: {
    usage: "wp [WATCHPOINT | remove N]",
    does: "watchpoints of this session: edu.STATUS w if $value & 1",
    takesAddress: true,
    run: watchpoints,
  },
  rd: toucher("read", "reads over the bus, with what that does to the device"),
  wr: toucher("write", "writes over the bus, as the driver would"),
  peek: toucher("peek", "looks, and changes nothing"),
  poke: toucher("poke", "stores past every rule: the device does not notice"),
};

/** The text of a verb's answer; undefined for what is the driver's own language. Rejects with a sentence. */
export async function obey(control: Control, expression: string): Promise<string | undefined> {
  const [name = "", ...words] = expression.trim().split(/\s+/);
  const verb =
    Object.hasOwn(VERBS, name) && !/^[.([=]|^[-+*/%&|<>!?]/.test(words[0] ?? "") ? VERBS[name] : undefined;
  if (!verb) return undefined;
  return (await verb.run(control, words)).trimEnd();
}

function help(): string {
  const width = Math.max(...Object.values(VERBS).map(({ usage }) => usage.length));
  const lines = Object.values(VERBS).map(({ usage, does }) => `${usage.padEnd(width)}  ${does}`);
  const address =
    "ADDRESS is edu.STATUS, edu.STATUS.IRQFACT, edu.config.COMMAND, 0x…, virt:0x…, phys:0x…, bus:0x…, cfg@01:00.0:0x10 or io:0x3f8.";
  return [
    ...lines,
    address,
    "Everything else is evaluated in the driver, at the frame that is selected.",
  ].join("\n");
}

/** For what is typed up to the cursor: verbs at the start, registers and address spaces after them and after a dot. */
export function completions(
  { text, column }: DebugProtocol.CompletionsArguments,
  registers: readonly RegisterView[],
): DebugProtocol.CompletionItem[] {
  const typed = text.slice(0, column - 1);
  const word = /[\w.:@-]*$/.exec(typed)?.[0] ?? "";
  const before = typed.slice(0, typed.length - word.length).trim();
  const place = { start: typed.length - word.length, length: word.length };
  if (before === "") {
    const verbs = Object.keys(VERBS).filter((name) => name.startsWith(word));
    return [
      ...verbs.map((label) => ({ label, type: "keyword" as const, ...place })),
      ...named(registers, { word, place }),
    ];
  }
  if (!VERBS[before]?.takesAddress) return [];
  const spaces = SPACES.filter((name) => name.startsWith(word));
  return [
    ...named(registers, { word, place }),
    ...spaces.map((label) => ({ label, type: "module" as const, ...place })),
  ];
}

function named(
  registers: readonly RegisterView[],
  { word, place }: { word: string; place: { start: number; length: number } },
): DebugProtocol.CompletionItem[] {
  const found = registers.filter(({ id }) => word !== "" && id.toLowerCase().startsWith(word.toLowerCase()));
  return found.map(({ id, value }) => ({ label: id, detail: value, type: "property" as const, ...place }));
}
