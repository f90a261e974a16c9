import { describe, expect, test } from "vitest";
import { bitRange } from "../../../emulator/core/register-map";
import { explain } from "../../../emulator/explain/explain";
import { q35 } from "../../../emulator/machine/built-in";
import { type Bench, booted, type Random, sequence } from "../../support/bench";

/** A switch and a card with AER, so that error messages have somewhere to go. */
const machine = {
  ...q35,
  name: "errors",
  title: "",
  functions: [
    { at: "00.0", device: "host-bridge", name: "mch" },
    {
      at: "03.0",
      device: "pcie-root-port",
      name: "rp0",
      below: [
        {
          at: "00.0",
          device: "x3130-upstream",
          name: "up",
          below: [
            {
              at: "00.0",
              device: "xio3130-downstream",
              name: "down",
              below: [{ at: "00.0", device: "e1000e", name: "nic" }],
            },
          ],
        },
      ],
    },
    { at: "04.0", device: "root-port", name: "rp1", below: [{ at: "00.0", device: "edu", name: "edu" }] },
  ],
};

const SEEDS = process.env["CI"] ? 20 : 4;
const STATUS = [
  "STATUS",
  "SEC_STATUS",
  "EXP_DEVSTA",
  "AER_COR_STATUS",
  "AER_UNCOR_STATUS",
  "AER_ROOT_STATUS",
];

/** Every status bit that is set, by its name. */
function statusBits({ machine: { root } }: Bench): ReadonlySet<string> {
  const set = root.functions.flatMap(({ name, config }) =>
    STATUS.filter((register) => config.map[register]).flatMap((register) =>
      Object.entries(config.map[register]?.fields ?? {})
        .filter(([, field]) => bitRange(field)[0] === bitRange(field)[1])
        .filter(([, field]) => (config.get(register) >> BigInt(bitRange(field)[1])) & 1n)
        .map(([field]) => `${name}.config.${register}.${field}`),
    ),
  );
  return new Set(set);
}

/** Switches that decide which errors are reported, and where, as nobody would set them. */
function disturb({ machine: { root } }: Bench, random: Random): void {
  const write = (name: string, fn: (typeof root.functions)[number], value: number) => {
    const register = fn.config.map[name];
    if (register) fn.configWrite(register.at, { width: register.width === 32 ? 4 : 2, value });
  };
  for (const fn of root.functions) {
    write("COMMAND", fn, 6 | (random() & 0x101));
    write("EXP_DEVCTL", fn, random() & 15);
    write("AER_COR_MASK", fn, random() & 0x2000);
    write("AER_UNCOR_MASK", fn, random() & 0x10_8000);
    write("AER_UNCOR_SEVERITY", fn, random() & 0x10_8000);
    write("BRIDGE_CONTROL", fn, random() & 2);
  }
}

/** Addresses where nobody answers, at several depths, and registers that refuse. */
const TRIES = [
  "0x50000000",
  "nic.BAR1+0x7ff0",
  "edu.ID",
  "edu.STATUS",
  "nic.BAR0+0x5400",
  "0xfff00000",
  "io:0x5000",
];

function access(
  { machine, io }: Bench,
  text: string,
  { write, bytes }: { write: boolean; bytes: 1 | 4 },
): void {
  const at =
    machine.root.functions.length &&
    explain(machine, text).hops.find(({ kind }) => kind === "physical")?.address;
  if (at === undefined) return;
  const mapped = io.ioremap(Number(at) - (Number(at) % 0x1000), 0x1000);
  if (!mapped) return;
  const offset = Number(at) % 0x1000;
  if (write && bytes === 1) io.iowrite8(0, mapped, offset);
  else if (write) io.iowrite32(0, mapped, offset);
  else if (bytes === 1) io.ioread8(mapped, offset);
  else io.ioread32(mapped, offset);
}

describe("the status bits that an explanation foretells (PCIe Base Specification 6.2.3.2.4, 6.2.5)", () => {
  test.each(
    TRIES.flatMap((text) =>
      [true, false].flatMap((write) => ([1, 4] as const).map((bytes) => [text, write, bytes] as const)),
    ),
  )("%s, write %s, %i bytes: are those that the access sets", (text, write, bytes) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const bench = booted(machine);
      disturb(bench, sequence(seed * 31));
      const before = statusBits(bench);
      const foretold = explain(bench.machine, text, { write, bytes }).status.map(({ id }) => id);
      access(bench, text, { write, bytes });
      const set = [...statusBits(bench)].filter((bit) => !before.has(bit));
      expect(foretold.filter((bit) => !before.has(bit)).sort(), `seed ${seed}`).toEqual(set.sort());
    }
  });
});
