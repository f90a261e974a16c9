/** What an access costs, as a driver calls it, beside a bare loop over a typed array. Nanoseconds, and ratios in one run. */
import type * as Io from "linux/io";
import { type Bench, booted, enable, iomap, sequence } from "../support/bench";

/** Accesses a call: the loop is called many times, so that it is compiled as a function and not in the middle of one. */
const CALL = 16_384;
const CALLS = 96;
const ROUNDS = 13;
const WARM_UP = 1500;

interface Row {
  readonly name: string;
  readonly nanoseconds: number;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** CPU time for each access, the median of the rounds. */
function measure(name: string, loop: () => number): Row {
  let sink = 0;
  for (let call = 0; call < WARM_UP; call++) sink ^= loop();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    for (let call = 0; call < CALLS; call++) sink ^= loop();
    const { user, system } = process.cpuUsage(before);
    return ((user + system) * 1000) / (CALL * CALLS);
  });
  if (Number.isNaN(sink)) throw new Error("unreachable: keeps the loops alive");
  return { name, nanoseconds: median(rounds) };
}

/** Word offsets within `bytes`, in a random order. */
function offsets(bytes: number): Int32Array {
  const next = sequence(42);
  return Int32Array.from({ length: CALL }, () => (next() % (bytes / 4)) * 4);
}

function bareLoop(): () => number {
  const words = new Uint32Array(new SharedArrayBuffer(1 << 18));
  const at = offsets(1 << 18);
  return () => {
    let sum = 0;
    for (let i = 0; i < CALL; i++) sum = (sum + (words[(at[i] as number) >>> 2] as number)) | 0;
    return sum;
  };
}

/** Each loop has its own call site, as each driver has. */
function readLoop(io: typeof Io, memory: Io.IoMem, bytes: number): () => number {
  const at = offsets(bytes);
  const { ioread32 } = io;
  return new Function(
    "ioread32",
    "memory",
    "at",
    `return () => { let sum = 0; for (let i = 0; i < ${CALL}; i++) sum = (sum + ioread32(memory, at[i])) | 0; return sum; }`,
  )(ioread32, memory, at) as () => number;
}

function pollLoop(io: typeof Io, registers: Io.IoMem, offset: number): () => number {
  return new Function(
    "ioread32",
    "registers",
    `return () => { let sum = 0; for (let i = 0; i < ${CALL}; i++) sum = (sum + ioread32(registers, ${offset})) | 0; return sum; }`,
  )(io.ioread32, registers) as () => number;
}

/** RAM as the kernel's direct map shows it. */
function ramPointer(bench: Bench): Io.IoMem {
  const probe = iomap(bench, "shmem", 2) as unknown as {
    high: number;
    low: number;
    constructor: new (high: number, low: number) => Io.IoMem;
  };
  const pointer = new probe.constructor(0xffff8880 | 0, 0x08000000);
  for (let at = 0; at < 1 << 18; at += 4096) bench.io.iowrite32(at, pointer, at);
  return pointer;
}

function fresh(): Bench {
  const bench = booted();
  for (const name of ["edu", "shmem"]) enable(bench, name);
  return bench;
}

const SHMEM_INTR_STATUS = 4;
const EDU_STATUS = 0x20;

const scenarios: readonly (readonly [name: string, loop: () => () => number])[] = [
  ["bare Uint32Array loop", bareLoop],
  [
    "RAM",
    () => {
      const bench = fresh();
      return readLoop(bench.io, ramPointer(bench), 1 << 18);
    },
  ],
  [
    "RAM behind a BAR",
    () => {
      const bench = fresh();
      return readLoop(bench.io, iomap(bench, "shmem", 2), 1 << 18);
    },
  ],
  [
    "RAM behind a BAR, a watch elsewhere",
    () => {
      const bench = fresh();
      bench.machine.watchpoints.replace("own", [{ id: "w", spec: "edu.FACTORIAL rw" }]);
      return readLoop(bench.io, iomap(bench, "shmem", 2), 1 << 18);
    },
  ],
  [
    "plain register (edu.STATUS)",
    () => {
      const bench = fresh();
      return pollLoop(bench.io, iomap(bench, "edu"), EDU_STATUS);
    },
  ],
  [
    "polled register with a side effect (shmem.INTR_STATUS)",
    () => {
      const bench = fresh();
      return pollLoop(bench.io, iomap(bench, "shmem"), SHMEM_INTR_STATUS);
    },
  ],
];

const wanted = process.argv[2];
if (wanted === undefined) throw new Error("Say which scenario: its number");
const [name, loop] = scenarios[Number(wanted)] ?? [];
if (name && loop) process.stdout.write(`${JSON.stringify(measure(name, loop()))}\n`);
