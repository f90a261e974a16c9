import { describe, expect, test } from "vitest";
import { Arena } from "../../../emulator/core/arena";
import { type AssignPolicy, Kernel, type KernelOptions } from "../../../emulator/linux/kernel";
import type { MachineDescription } from "../../../emulator/machine/description";
import { Machine } from "../../../emulator/machine/machine";
import { faults } from "../../support/assignment-faults";
import { sequence } from "../../support/bench";
import { withFirmware } from "../../support/random-firmware";
import { type Random, randomMachine } from "../../support/random-topology";

/** All of them where nobody waits. */
const MACHINES = process.env["CI"] ? 10_000 : 500;
const FEWER = MACHINES / 20;
const PATIENCE_MS = 3_600_000;

const WORTH_COUNTING = /failed to assign|can't claim|clipped|No\. \d+ try|releasing|trying firmware/;

interface Boots {
  readonly seed: number;
  readonly count: number;
  readonly policy: AssignPolicy;
  readonly options?: KernelOptions;
  readonly change?: (machine: MachineDescription, next: Random) => MachineDescription;
}

interface Counted {
  /** Resources that found a place. */
  readonly placed: number;
  /** Lines of the log that contain this text. */
  readonly said: (text: string) => number;
}

/** Boots them one after the other. */
function bootAll({ seed, count, policy, options, change }: Boots): Counted {
  const next = sequence(seed);
  const arena = new SharedArrayBuffer(1 << 25);
  const log: string[] = [];
  let placed = 0;
  for (let turn = 0; turn < count; turn++) {
    const described = randomMachine(next);
    const machine = new Machine(change?.(described, next) ?? described, Arena.attach(arena));
    const kernel = new Kernel(machine, options);
    kernel.boot(policy);
    expect(faults(kernel), `machine ${turn}`).toEqual([]);
    placed += kernel.devices.flatMap((dev) => dev.resource).filter((it) => it?.parent).length;
    log.push(...kernel.log.map(({ text }) => text).filter((text) => WORTH_COUNTING.test(text)));
  }
  return { placed, said: (text) => log.filter((line) => line.includes(text)).length };
}

describe("nothing overlaps, leaves its window, is unaligned, differs from its registers, or gets lost without a word", () => {
  test(
    `on ${MACHINES} random topologies from scratch`,
    () => {
      const { placed, said } = bootAll({ seed: 0x70b0, count: MACHINES, policy: "scratch" });
      expect(placed).toBeGreaterThan(MACHINES);
      expect(said("failed to assign")).toBeGreaterThan(MACHINES / 10);
    },
    PATIENCE_MS,
  );

  test.each([
    "realloc",
    "realloc,hpmmiosize=64M,hpbussize=4",
    "assign-busses,nocrs",
    "hpiosize=4K,realloc=off",
  ])(
    `on ${FEWER} with pci=%s`,
    (pci) => {
      const { placed, said } = bootAll({ seed: 0x5eed, count: FEWER, policy: "scratch", options: { pci } });
      expect(placed).toBeGreaterThan(FEWER);
      expect(said("No. 2 try") > 0).toBe(!pci.includes("realloc=off"));
    },
    PATIENCE_MS,
  );

  test(
    `on ${FEWER} that firmware left partly wrong: conflicts, windows too small, BARs outside of them`,
    () => {
      const { placed, said } = bootAll({
        seed: 0xf1f0,
        count: FEWER,
        policy: "firmware",
        change: withFirmware,
      });
      expect(placed).toBeGreaterThan(FEWER);
      for (const text of ["no compatible bridge window", "address conflict", "clipped", "trying firmware"])
        expect(said(text), text).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
});
