/** The terminal's commands: what people type on a Linux machine to look at PCI, and the Debug Console's verbs. */
import { formatLogLine } from "../../../emulator/formats/log-line";
import { help, obey } from "../adapter/verbs";
import type { Control } from "../control";
import { devmem } from "./devmem";
import { cat, ls } from "./files";
import { filtered } from "./filters";
import { lspci } from "./lspci";
import { setpci } from "./setpci";
import { capabilities, extendedCapabilities, headerRegisters } from "./setpci-registers";
import { stagesOf, type Words } from "./words";

interface Program {
  readonly usage: string;
  readonly does: string;
  run(control: Control, words: Words): string | Promise<string>;
}

const dumpRegisters = (): string =>
  [
    ...headerRegisters.keys(),
    ...[...capabilities.keys()].map((name) => `CAP_${name}`),
    ...[...extendedCapabilities.keys()].map((name) => `ECAP_${name}`),
  ]
    .map((name) => `${name}\n`)
    .join("");

/** `-t`: without time. `-l err,warn`: only these levels. */
function dmesg({ log }: Control, words: Words): string {
  const at = words.indexOf("-l");
  const levels = at < 0 ? undefined : (words[at + 1] ?? "").split(",");
  const lines = log.filter(({ level }) => levels === undefined || levels.includes(level));
  const timed = !words.includes("-t");
  return lines.map((line) => `${timed ? formatLogLine(line) : line.text}\n`).join("");
}

const PROGRAMS: Readonly<Record<string, Program>> = {
  lspci: {
    usage: "lspci [-vvv] [-nn] [-xxxx] [-t] [-s SLOT] …",
    does: "the functions of the machine, as pciutils 3.9.0 prints them",
    run: lspci,
  },
  setpci: {
    usage: "setpci -s SLOT REGISTER[=VALUE[:MASK]]",
    does: "reads or writes configuration space; --dumpregs lists the registers",
    run: (control, words) => (words[0] === "--dumpregs" ? dumpRegisters() : setpci(control, words)),
  },
  devmem: {
    usage: "devmem ADDRESS [8|16|32|64 [VALUE]]",
    does: "reads or writes a physical address",
    run: devmem,
  },
  cat: {
    usage: "cat FILE…",
    does: "/proc/iomem, /proc/ioports, /sys/bus/pci/devices/BDF/resource, …",
    run: cat,
  },
  ls: { usage: "ls [FOLDER]", does: "what can be read by cat", run: ls },
  dmesg: { usage: "dmesg [-t] [-l LEVELS]", does: "the kernel's log", run: dmesg },
  help: { usage: "help", does: "this list", run: () => shellHelp() },
};

export const programs: readonly string[] = Object.keys(PROGRAMS);

function shellHelp(): string {
  const width = Math.max(...Object.values(PROGRAMS).map(({ usage }) => usage.length));
  const lines = Object.values(PROGRAMS).map(({ usage, does }) => `${usage.padEnd(width)}  ${does}`);
  return [
    ...lines,
    "… | grep PATTERN, | head, | tail, | wc -l; clear, history, exit",
    "",
    "What writes goes over the bus, as a write of the CPU does. The Debug Console's verbs are here, too:",
    "",
    ...help().split("\n").slice(0, -1),
    "",
  ].join("\n");
}

/** What is printed. Rejects with a sentence. */
export async function runLine(control: Control, line: string): Promise<string> {
  const [command = [], ...filters] = stagesOf(line.replace(/^\s*sudo\s+/, ""));
  const [name, ...words] = command;
  if (name === undefined) return "";
  let text = await printed(control, [name, ...words]);
  for (const filter of filters) text = filtered(text, filter);
  return text;
}

async function printed(control: Control, [name = "", ...words]: Words): Promise<string> {
  const program = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
  if (program) return program.run(control, words);
  const answer = await obey(control, [name, ...words].join(" "));
  if (answer === undefined) throw new Error(`${name}: command not found. help lists what there is.`);
  return answer === "" ? "" : `${answer}\n`;
}
