/** `rootport compare` and `rootport decisions`: two boots side by side, and how one came about. */
import { type Command, Option } from "commander";
import { formatComparison } from "../../emulator/formats/comparison";
import type { AssignPolicy } from "../../emulator/linux/kernel";
import { WHAT_IF_FORMS } from "../../emulator/machine/what-if";
import { bootSide, type Side } from "./boot-side";
import { compareSides } from "./compare";

const DIFFERENT = 1;

/** `--what-if`, again for more. */
export function whatIfOption(): Option {
  return new Option("--what-if <change>", `again for more: ${WHAT_IF_FORMS}`)
    .argParser((wish: string, before: readonly string[] | undefined) => [...(before ?? []), wish])
    .default(undefined);
}

interface CompareFlags {
  readonly assign?: AssignPolicy;
  readonly whatIf?: readonly string[];
  readonly json?: true;
}

function compared(machine: string, other: string | undefined, { json, ...flags }: CompareFlags): void {
  const comparison = compareSides(...sidesOf(machine, other, flags));
  process.stdout.write(json ? `${JSON.stringify(comparison, undefined, 2)}\n` : formatComparison(comparison));
  if (comparison.differences.length) process.exitCode = DIFFERENT;
}

/** With nothing said: as it is, and from scratch. With a change: without it and with it, decided in the same way. */
function sidesOf(
  machine: string,
  other: string | undefined,
  { assign, whatIf }: CompareFlags,
): readonly [before: Side, after: Side] {
  if (!whatIf)
    return [{ machine }, { machine: other ?? machine, assign: assign ?? (other ? undefined : "scratch") }];
  const how = { assign, decide: true as const };
  return [
    { machine, ...how },
    { machine: other ?? machine, ...how, whatIf },
  ];
}

function decisions(machine: string, { json, ...side }: Omit<Side, "machine"> & { json?: true }): void {
  const { steps } = bootSide({ machine, ...side }, { record: true }).kernel.replay;
  for (const step of steps) {
    if (json) process.stdout.write(`${JSON.stringify(step)}\n`);
    else if (step.line) process.stdout.write(`${step.line}${step.failed ? ` (${step.failed})` : ""}\n`);
  }
}

/** The policies. */
export function assignOption(description: string): Option {
  return new Option("--assign <policy>", description).choices(["as-is", "firmware", "scratch"]);
}

export function addCompare(rootport: Command, machine: string): void {
  rootport
    .command("compare")
    .description("what moves, grows or fails from one boot to another; exit 0: the same, 1: they differ")
    .argument("<machine>", machine)
    .argument("[other]", "another machine; without one, the same from scratch")
    .addOption(assignOption("who chooses the addresses in the second boot"))
    .addOption(whatIfOption())
    .option("--json", "as JSON")
    .action(compared);
  rootport
    .command("decisions")
    .description("how the addresses came about: every window and BAR, what was tried, and why it failed")
    .argument("<machine>", machine)
    .addOption(assignOption("who chooses the addresses"))
    .addOption(whatIfOption())
    .option("--json", "one JSON object a line, with windows and gaps")
    .action(decisions);
}
