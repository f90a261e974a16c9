/** The machines that come with Rootport, in the format of a `*.pcie.json` file. */
import type { MachineDescription } from "./description";
import { seedNicFirmware, seedNicMachine } from "./seed-machines";

const GIB = 2 ** 30;

/** A PC of Intel's Q35 kind with 1 GiB: what QEMU's `-M q35 -m 1G` shows, and how Linux sees it. */
export const q35 = {
  ram: GIB,
  hostBridge: {
    ecam: "0xb0000000",
    windows: [
      { kind: "io", start: "0x0000", end: "0x0cf7" },
      { kind: "io", start: "0x0d00", end: "0xffff" },
      { kind: "memory", start: "0x000a0000", end: "0x000bffff" },
      { kind: "memory", start: "0x40000000", end: "0xafffffff" },
      { kind: "memory", start: "0xc0000000", end: "0xfebfffff" },
      { kind: "memory", start: "0x100000000", end: "0x8ffffffff" },
    ],
  },
  platform: [
    { start: "0x00000000", end: "0x00000fff", name: "Reserved" },
    { start: "0x00001000", end: "0x0009fbff", name: "System RAM" },
    { start: "0x0009fc00", end: "0x0009ffff", name: "Reserved" },
    { start: "0x000d0000", end: "0x000effff", name: "ACPI Non-volatile Storage" },
    { start: "0x000f0000", end: "0x000fffff", name: "Reserved" },
    { start: "0x000f0000", end: "0x000fffff", name: "System ROM" },
    { start: "0x00100000", end: "0x3fffffff", name: "System RAM" },
    { start: "0x01000000", end: "0x01e01d31", name: "Kernel code" },
    { start: "0x02000000", end: "0x028eafff", name: "Kernel rodata" },
    { start: "0x02a00000", end: "0x02c4897f", name: "Kernel data" },
    { start: "0x03310000", end: "0x043fffff", name: "Kernel bss" },
    { start: "0xb0000000", end: "0xbfffffff", name: "PCI MMCONFIG 0000 [bus 00-ff]" },
    { start: "0xb0000000", end: "0xbfffffff", name: "Reserved" },
    { start: "0xb0000000", end: "0xbfffffff", name: "pnp 00:04" },
    { start: "0xfec00000", end: "0xfec003ff", name: "IOAPIC 0" },
    { start: "0xfed00000", end: "0xfed003ff", name: "HPET 0" },
    { start: "0xfed00000", end: "0xfed003ff", name: "PNP0103:00" },
    { start: "0xfee00000", end: "0xfee00fff", name: "Local APIC" },
    { start: "0xfd00000000", end: "0xffffffffff", name: "Reserved" },
  ],
  ports: [
    { start: "0x0000", end: "0x001f", name: "dma1" },
    { start: "0x0020", end: "0x0021", name: "pic1" },
    { start: "0x0040", end: "0x0043", name: "timer0" },
    { start: "0x0050", end: "0x0053", name: "timer1" },
    { start: "0x0060", end: "0x0060", name: "keyboard" },
    { start: "0x0064", end: "0x0064", name: "keyboard" },
    { start: "0x0070", end: "0x0077", name: "rtc0" },
    { start: "0x0080", end: "0x008f", name: "dma page reg" },
    { start: "0x00a0", end: "0x00a1", name: "pic2" },
    { start: "0x00c0", end: "0x00df", name: "dma2" },
    { start: "0x00f0", end: "0x00ff", name: "fpu" },
    { start: "0x0600", end: "0x0603", name: "ACPI PM1a_EVT_BLK" },
    { start: "0x0604", end: "0x0605", name: "ACPI PM1a_CNT_BLK" },
    { start: "0x0608", end: "0x060b", name: "ACPI PM_TMR" },
    { start: "0x0620", end: "0x062f", name: "ACPI GPE0_BLK" },
    { start: "0x0cf8", end: "0x0cff", name: "PCI conf1" },
  ],
} as const;

const demo: MachineDescription = {
  ...q35,
  name: "demo",
  title: "PC with edu, shared memory, serial",
  functions: [
    { at: "00.0", device: "host-bridge", name: "mch" },
    {
      at: "03.0",
      device: "root-port",
      name: "rp0",
      options: { slot: 1 },
      below: [{ at: "00.0", device: "edu", name: "edu" }],
    },
    {
      at: "04.0",
      device: "root-port",
      name: "rp1",
      options: { slot: 2 },
      below: [{ at: "00.0", device: "ivshmem", name: "shmem" }],
    },
    { at: "05.0", device: "pci-serial", name: "serial" },
  ],
};

/** What the transcript `test/golden/qtest/edu.jsonl` was recorded on: edu in slot 5 of the root bus. */
const eduBench: MachineDescription = {
  ...q35,
  name: "edu-bench",
  title: "The edu device alone on the root bus",
  functions: [
    { at: "00.0", device: "host-bridge", name: "mch" },
    { at: "05.0", device: "edu", name: "edu" },
  ],
};

/** `demo` behind an IOMMU: each device has an address space of its own. */
const demoIommu: MachineDescription = {
  ...demo,
  name: "demo-iommu",
  title: "The same behind an IOMMU that translates",
  iommu: "translated",
};

export const builtIn: ReadonlyMap<string, MachineDescription> = new Map(
  [demo, demoIommu, seedNicMachine, seedNicFirmware, eduBench].map((machine) => [machine.name, machine]),
);
