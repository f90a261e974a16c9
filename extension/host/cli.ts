/** The command line: the same machine and the same functions as the views, without an editor. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { Command, CommanderError } from "commander";
import { Arena } from "../../emulator/core/arena";
import { formatIomem } from "../../emulator/formats/iomem";
import { formatLspci } from "../../emulator/formats/lspci";
import { formatTranslation } from "../../emulator/formats/translation";
import { Kernel } from "../../emulator/linux/kernel";
import { Inspection } from "../../emulator/machine/inspect";
import { Machine } from "../../emulator/machine/machine";
import { replay, type TranscriptRecord } from "../../emulator/machine/replay";
import type { DriverHit } from "./driver-thread-protocol";
import { describeMachine } from "./machine-file";
import { runDriver } from "./run-driver";
import { runDapOnStdio } from "./stdio";

declare const ROOTPORT_VERSION: string;

/** Exit codes: what was asked for failed; what was given could not be used. */
const FAILED = 1;
const BAD_INPUT = 2;

interface Booted {
  readonly kernel: Kernel;
  readonly inspection: Inspection;
}

function boot(name: string): Booted {
  const machine = new Machine(describeMachine(name), Arena.create());
  const kernel = new Kernel(machine);
  kernel.boot();
  return { kernel, inspection: new Inspection(machine) };
}

function print(text: string): void {
  process.stdout.write(text);
}

function lspci(name: string): void {
  const { kernel, inspection } = boot(name);
  print(formatLspci(inspection.functions(kernel.state())));
}

function iomem(name: string): void {
  print(formatIomem(boot(name).kernel.state().iomem));
}

function dmesg(name: string): void {
  for (const { time, text } of boot(name).kernel.log)
    print(`[${(time / 1e9).toFixed(6).padStart(12)}] ${text}\n`);
}

function translate(name: string, address: string, { json }: { readonly json?: true }): void {
  const translation = boot(name).inspection.translate(address);
  print(json ? `${JSON.stringify(translation, undefined, 2)}\n` : formatTranslation(translation));
}

interface RunFlags {
  readonly machine?: string;
  readonly watch?: readonly string[];
  readonly seed?: string;
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
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.map((text, index) => {
    try {
      return JSON.parse(text) as TranscriptRecord;
    } catch {
      throw new Error(`${path}:${index + 1}: this line is no JSON, so the file is no transcript`);
    }
  });
}

function replayFile(path: string): void {
  const { matched, differences } = replay(readTranscript(path));
  const [first] = differences;
  if (first) print(`${path}:${first.line}: ${first.sentence}\n`);
  print(`${matched} matched, 0 explained, ${differences.length} differ\n`);
  if (first) process.exitCode = FAILED;
}

function complain(sentence: string): void {
  process.stderr.write(`rootport: ${sentence.replaceAll("\n", " ")}\n`);
}

const MACHINE = "a built-in machine such as demo, or a *.pcie.json file";

function program(): Command {
  const rootport = new Command("rootport").version(ROOTPORT_VERSION).exitOverride();
  rootport.configureOutput({ outputError: (text) => complain(text.trim()) });
  rootport.description("An emulated PCIe machine: look at it, and run a driver on it.");
  rootport.command("lspci").description("what was enumerated").argument("<machine>", MACHINE).action(lspci);
  rootport.command("iomem").description("/proc/iomem").argument("<machine>", MACHINE).action(iomem);
  rootport
    .command("dmesg")
    .description("what Linux says while it boots")
    .argument("<machine>", MACHINE)
    .action(dmesg);
  rootport
    .command("translate")
    .description("where an address goes, hop by hop")
    .argument("<machine>", MACHINE)
    .argument("<address>", "0x… (physical or virtual), bus:0x…, or device.REGISTER")
    .option("--json", "as JSON")
    .action(translate);
  rootport
    .command("run")
    .description("run a driver; exit 0: ok, 1: it failed, 2: bad input")
    .argument("<driver>", "a TypeScript file")
    .option("--machine <machine>", MACHINE)
    .option("--watch <spec...>", 'report accesses, e.g. "edu.FACTORIAL w"')
    .option("--seed <number>", "for what the driver may ask to be random")
    .option("--json", "one JSON object a line")
    .action(run);
  rootport
    .command("replay")
    .description("drive a device model with a recorded transcript and compare")
    .argument("<transcript>", "a *.jsonl file")
    .action(replayFile);
  rootport.command("dap").description("the debug adapter on stdin and stdout").action(runDapOnStdio);
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
