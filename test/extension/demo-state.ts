/** A small machine as the extension receives it: host bridge, root port, `edu` behind it, and a BAR that does not decode. */
import type { FunctionView, RegisterView } from "../../emulator/machine/views";
import type { MachineState } from "../../extension/host/protocol";

type Part = Partial<RegisterView> & Pick<RegisterView, "name" | "offset">;

const register = (part: Part): RegisterView => ({
  id: `edu.${part.name}`,
  width: 32,
  access: "rw",
  value: "0x0",
  reset: "0x0",
  doc: "",
  readSideEffect: false,
  fields: [],
  physical: `0x${(0x4000_0000 + part.offset).toString(16)}`,
  ...part,
});

export const status = register({
  name: "STATUS",
  offset: 0x20,
  value: "0x81",
  doc: "Factorial status.",
  fields: [
    {
      name: "COMPUTING",
      bits: [0, 0],
      access: "ro",
      value: "0x1",
      meaning: "busy",
      meanings: [
        { value: "0x0", name: "idle" },
        { value: "0x1", name: "busy" },
      ],
      doc: "A computation runs.",
    },
    {
      name: "IRQ_FACTORIAL",
      bits: [7, 7],
      access: "rw",
      value: "0x1",
      doc: "Raise an interrupt when it is done.",
    },
  ],
});

const eduRegisters: readonly RegisterView[] = [
  register({
    name: "ID",
    offset: 0x00,
    access: "ro",
    value: "0x10000ed",
    reset: "0x10000ed",
    doc: "Identification: 0xRRrr00ed.",
  }),
  register({
    name: "LIVENESS",
    offset: 0x04,
    value: "0xedcba987",
    doc: "Reads the inverse of what was written.",
  }),
  register({ name: "FACTORIAL", offset: 0x08, value: "0x5", doc: "Write n, wait, read n!." }),
  status,
  register({
    name: "IRQ_STATUS",
    offset: 0x24,
    access: "ro",
    value: "0x1",
    doc: "What raised the interrupt.",
  }),
  register({ name: "IRQ_RAISE", offset: 0x60, access: "wo", doc: "Raises an interrupt with this value." }),
  register({
    name: "IRQ_ACK",
    offset: 0x64,
    access: "wo",
    doc: "Clears bits of IRQ_STATUS.",
    readSideEffect: true,
  }),
  register({
    name: "DMA_SRC",
    offset: 0x80,
    width: 64,
    value: "0x7c00000",
    doc: "Where the transfer reads.",
  }),
  register({ name: "DMA_DST", offset: 0x88, width: 64, value: "0x40000", doc: "Where the transfer writes." }),
];

const command = register({
  name: "COMMAND",
  offset: 4,
  width: 16,
  value: "0x6",
  doc: "What the function may do on the bus.",
  fields: [
    { name: "IO", bits: [0, 0], access: "rw", value: "0x0", meaning: "off", doc: "I/O Space Enable." },
    { name: "MEMORY", bits: [1, 1], access: "rw", value: "0x1", meaning: "on", doc: "Memory Space Enable." },
    {
      name: "BUS_MASTER",
      bits: [2, 2],
      access: "rw",
      value: "0x1",
      meaning: "on",
      doc: "Bus Master Enable.",
    },
  ],
});

const plain = {
  revision: 0,
  command: { io: false, memory: true, busMaster: true },
  bars: [],
  windows: [],
  config: [],
};

export const hostBridge: FunctionView = {
  ...plain,
  bdf: "0000:00:00.0",
  name: "host",
  kind: "host-bridge",
  className: "Host bridge",
  classCode: 0x060000,
  title: "Intel Corporation 82G33/G31/P35/P31 Express DRAM Controller",
  vendor: "8086",
  device: "29c0",
};

export const rootPort: FunctionView = {
  ...plain,
  bdf: "0000:00:03.0",
  name: "rp0",
  kind: "root-port",
  className: "PCI bridge",
  classCode: 0x060400,
  title: "Red Hat, Inc. QEMU PCIe Root port",
  vendor: "1b36",
  device: "000c",
  buses: [1, 1],
  windows: [{ kind: "memory", open: true, start: "0x40000000", end: "0x401fffff" }],
};

export const edu: FunctionView = {
  ...plain,
  bdf: "0000:01:00.0",
  name: "edu",
  kind: "endpoint",
  parent: "0000:00:03.0",
  className: "Unclassified device [00ff]",
  classCode: 0x00ff00,
  title: "QEMU educational device",
  vendor: "1234",
  device: "11e8",
  revision: 0x10,
  driver: "edu",
  bars: [
    {
      index: 0,
      kind: "mem32",
      prefetchable: false,
      size: 0x10_0000,
      bus: "0x40000000",
      physical: "0x40000000",
      decoding: true,
      registers: eduRegisters,
    },
    {
      index: 2,
      kind: "mem64",
      prefetchable: true,
      size: 0x1000,
      decoding: false,
      why: "No address was assigned to it.",
      registers: [],
    },
  ],
  config: [command],
};

export const demo: MachineState = {
  name: "demo",
  title: "Demo machine",
  revision: 7,
  phase: "paused",
  time: 12_345_678,
  functions: [hostBridge, rootPort, edu],
  linux: {
    revision: 3,
    functions: [],
    unplaced: [],
    mappings: [],
    interrupts: [],
    dma: [],
    ioports: [
      { depth: 0, start: "0x0", end: "0xcf7", name: "PCI Bus 0000:00" },
      { depth: 0, start: "0x1000", end: "0x1fff", name: "PCI Bus 0000:01" },
    ],
    iomem: [
      { depth: 0, start: "0x0", end: "0xfff", name: "Reserved" },
      { depth: 0, start: "0x1000", end: "0x9fbff", name: "System RAM" },
      { depth: 0, start: "0x100000", end: "0x3fffffff", name: "System RAM" },
      { depth: 1, start: "0x1000000", end: "0x1a031d0", name: "Kernel code" },
      { depth: 0, start: "0x40000000", end: "0xafffffff", name: "PCI Bus 0000:00" },
      { depth: 1, start: "0x40000000", end: "0x401fffff", name: "PCI Bus 0000:01" },
      { depth: 2, start: "0x40000000", end: "0x400fffff", name: "0000:01:00.0" },
      { depth: 3, start: "0x40000000", end: "0x400fffff", name: "edu" },
      { depth: 0, start: "0xb0000000", end: "0xbfffffff", name: "PCI ECAM 0000 [bus 00-ff]" },
      { depth: 0, start: "0xfee00000", end: "0xfee00fff", name: "Local APIC" },
    ],
  },
};
