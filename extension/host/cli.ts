/** The command line: the same machine and the same functions as the views, without an editor. */
import { relative } from "node:path";
import { Command, CommanderError, Option } from "commander";
import type { FunctionDescription } from "../../emulator/machine/description";
import { replay } from "../../emulator/machine/replay";
import type { TranscriptRecord } from "../../emulator/machine/replay/transcript";
import { addCompare, assignOption, whatIfOption } from "./cli-compare";
import type { DriverHit } from "./driver-thread-protocol";
import { importPath, writeMachine } from "./import-folder";
import { importLive } from "./import-live";
import { MachineProblem, readText } from "./machine-file";
import { runDriver } from "./run-driver";
import * as show from "./show";
import { runDapOnStdio } from "./stdio";

declare const ROOTPORT_VERSION: string;

/** Exit codes: what was asked for failed; what was given could not be used. */
const FAILED = 1;
const BAD_INPUT = 2;

function print(text: string): void {
  process.stdout.write(text);
}

/** Prints what a command of `show.ts` says. */
function printing<A extends readonly unknown[]>(show: (...args: A) => string): (...args: A) => void {
  return (...args) => print(show(...args));
}

interface RunFlags {
  readonly machine?: string;
  readonly watch?: readonly string[];
  readonly seed?: string;
  readonly user?: string;
  readonly json?: true;
}

async function run(driver: string, { json, seed, ...options }: RunFlags): Promise<void> {
  const line = (text: string) => print(text.endsWith("\n") ? text : `${text}\n`);
  const ended = await runDriver(
    { driver, ...options, ...(seed !== undefined && { seed: Number(seed) }) },
    {
      output: (text, stream) => {
        if (json) line(JSON.stringify({ event: stream === "out" ? "log" : "error", text: text.trimEnd() }));
        else (stream === "out" ? process.stdout : process.stderr).write(`${text.trimEnd()}\n`);
      },
      hit: (hit) => line(json ? JSON.stringify({ event: "hit", ...hit }) : hitText(hit)),
    },
  );
  if (ended.badInput) complain(ended.error ?? "The driver cannot be run");
  process.exitCode = ended.badInput ? BAD_INPUT : ended.ok ? 0 : FAILED;
}

function hitText({ text, by }: DriverHit): string {
  return by ? `${text} (${relative(".", by.path)}:${by.line})` : text;
}

function readTranscript(path: string): TranscriptRecord[] {
  const lines = readText(path).split("\n").filter(Boolean);
  return lines.map((text, index) => {
    try {
      return JSON.parse(text) as TranscriptRecord;
    } catch {
      throw new Error(`${path}:${index + 1}: this line is no JSON, so the file is no transcript`);
    }
  });
}

function replayFile(path: string): void {
  const { matched, explained, differences } = replay(readTranscript(path));
  const [first] = differences;
  if (first) print(`${path}:${first.line}: ${first.sentence}\n`);
  print(`${matched} matched, ${explained} explained, ${differences.length} differ\n`);
  if (first) process.exitCode = FAILED;
}

interface ImportOptions {
  readonly output: string;
  readonly live?: true;
}

function complain(sentence: string): void {
  process.stderr.write(`rootport: ${sentence.replaceAll("\n", " ")}\n`);
}

function importMachine(path: string | undefined, { output, live }: ImportOptions): void {
  if (!path === !live)
    throw new MachineProblem("import what? Name a folder or a text, or say --live for this host.");
  const machine = path ? importPath(path) : importLive();
  writeMachine(machine, output);
  const guessed = countAssumed(machine.functions);
  if (guessed)
    complain(
      `${guessed} BAR sizes are guesses, marked as assumed in ${output}: resource.txt or dmesg-pci.txt would tell them`,
    );
}

function countAssumed(functions: readonly FunctionDescription[]): number {
  return functions.reduce(
    (sum, { bars = [], below = [] }) =>
      sum + bars.filter(({ assumed }) => assumed).length + countAssumed(below),
    0,
  );
}

const MACHINE = "a built-in machine such as demo, or a *.pcie.json file";

/** A command that shows a machine, with the policy that gave it its addresses. */
function showing(rootport: Command, name: string, description: string): Command {
  return rootport
    .command(name)
    .description(description)
    .argument("<machine>", MACHINE)
    .addOption(assignOption("who chose the addresses"))
    .addOption(whatIfOption());
}

const count = (_: unknown, times: number) => times + 1;

function addLspci(rootport: Command): void {
  showing(rootport, "lspci", "what was enumerated, as lspci of pciutils 3.9.0 prints it")
    .option("-v", "more; twice and three times: all of it", count, 0)
    .option("-n", "numbers; twice: names and numbers", count, 0)
    .option("-m", "for scripts; with -v a block each", count, 0)
    .option("-x", "configuration space: 64 bytes; -xxx: 256, -xxxx: 4096", count, 0)
    .option("-t", "as a tree; with -v names")
    .option("-b", "addresses and interrupts as the registers hold them")
    .option("-D", "the domain always")
    .option("-k", "the driver of each")
    .option("-s <slot>", "only [[[domain]:]bus]:[slot][.function]")
    .option("-d <ids>", "only [vendor]:[device][:class[:prog-if]]")
    .action(printing(show.lspci));
}

function addShowing(rootport: Command): void {
  addLspci(rootport);
  const unprivileged = ["--unprivileged", "as a reader without CAP_SYS_ADMIN sees it: zeros"] as const;
  showing(rootport, "iomem", "/proc/iomem")
    .option(...unprivileged)
    .action(printing(show.iomem));
  showing(rootport, "ioports", "/proc/ioports")
    .option(...unprivileged)
    .action(printing(show.ioports));
  showing(rootport, "devices", "/proc/bus/pci/devices").action(printing(show.procDevices));
  showing(rootport, "sysfs", "a folder like /sys/bus/pci, for lspci -A linux-sysfs -O sysfs.path=DIR")
    .requiredOption("-o, --output <dir>", "the folder to make")
    .action(show.sysfs);
  showing(rootport, "resource", "sysfs resource of every function").action(printing(show.resource));
  showing(rootport, "dmesg", "what Linux says while it boots").action(printing(show.dmesg));
  addAddresses(rootport);
}

const ADDRESS =
  "0x… (physical or virtual), bus:0x…, bus@01:00.0:0x…, iova@01:00.0:0x…, io:0x…, 01:00.0+0x10, edu.BAR0+0x8, edu.STATUS";

function addAddresses(rootport: Command): void {
  showing(rootport, "translate", "where an address goes, hop by hop, and its other names")
    .argument("<address>", ADDRESS)
    .option("--json", "as JSON")
    .action(printing(show.translate));
  showing(rootport, "explain", "why an access fails, what the CPU sees, and what mends it")
    .argument("<address>", `${ADDRESS}; or edu.interrupt`)
    .option("--write", "of a write")
    .addOption(new Option("--bytes <count>", "how many at once").choices(["1", "2", "4", "8"]))
    .option("--json", "as JSON")
    .action(printing(show.explain));
}

const WATCH_EXAMPLES =
  '"edu.FACTORIAL w", "edu.STATUS.IRQFACT change", "edu.config.COMMAND w", "edu.BAR0 once", "port:0x3000+8", "edu.STATUS r if $value == 0"';
const collect = (spec: string, before: readonly string[]) => [...before, spec];

function addRunning(rootport: Command): void {
  rootport
    .command("import")
    .description("a machine file from what a real machine printed")
    .argument(
      "[from]",
      "a folder with lspci-xxxx.txt and any of lspci-vvv.txt resource.txt iomem.txt ioports.txt dmesg-pci.txt; or one text that lspci -vvv or -xxxx printed; - for stdin",
    )
    .option("--live", "this Linux host itself, read from sysfs and /proc as root")
    .requiredOption("-o, --output <file>", "the *.pcie.json to write")
    .action(importMachine);
  rootport
    .command("run")
    .description("run a driver; exit 0: ok, 1: it failed, 2: bad input")
    .argument("<driver>", "a TypeScript file")
    .option("--machine <machine>", MACHINE)
    .option("--watch <spec>", `report accesses, again for more: ${WATCH_EXAMPLES}`, collect, [])
    .option("--seed <number>", "for what the driver may ask to be random")
    .option("--user <script>", "a .ts file whose user() opens the driver's files, once it is bound")
    .option("--json", "one JSON object a line")
    .action(run);
  rootport
    .command("replay")
    .description("drive a device model with a recorded transcript and compare")
    .argument("<transcript>", "a *.jsonl file")
    .action(replayFile);
  rootport.command("dap").description("the debug adapter on stdin and stdout").action(runDapOnStdio);
}

function program(): Command {
  const rootport = new Command("rootport").version(ROOTPORT_VERSION).exitOverride();
  rootport.configureOutput({ outputError: (text) => complain(text.trim()) });
  rootport.description("An emulated PCIe machine: look at it, and run a driver on it.");
  addShowing(rootport);
  addCompare(rootport, MACHINE);
  addRunning(rootport);
  return rootport;
}

// `rootport … | head`: the reader has gone, and that is no failure.
process.stdout.on("error", () => process.exit());

program()
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof CommanderError)) complain(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : BAD_INPUT;
  });
