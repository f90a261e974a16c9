/**
 * The machine of the story that Rootport tells: 16 GiB of RAM, a network card whose 256 MiB lie at 0xd0000000, ports as
 * an old PC prints them. Once Linux finds nothing assigned, once firmware was there first.
 */
import type { MachineDescription } from "./description";

const GIB = 2 ** 30;

const machine = {
  ram: 16 * GIB,
  hostBridge: {
    ecam: "0xe0000000",
    windows: [
      { kind: "io", start: "0x1000", end: "0xffff" },
      { kind: "memory", start: "0xd0000000", end: "0xdfffffff" },
      { kind: "memory", start: "0xf0000000", end: "0xfebfffff" },
      { kind: "memory", start: "0x800000000", end: "0xfffffffff" },
    ],
  },
  platform: [
    { start: "0x00000000", end: "0x00000fff", name: "Reserved" },
    { start: "0x00001000", end: "0x0009fbff", name: "System RAM" },
    { start: "0x0009fc00", end: "0x0009ffff", name: "Reserved" },
    { start: "0x000f0000", end: "0x000fffff", name: "System ROM" },
    { start: "0x00100000", end: "0xcfffffff", name: "System RAM" },
    { start: "0x01000000", end: "0x01e01d31", name: "Kernel code" },
    { start: "0x02000000", end: "0x028eafff", name: "Kernel rodata" },
    { start: "0x02a00000", end: "0x02c4897f", name: "Kernel data" },
    { start: "0x03310000", end: "0x043fffff", name: "Kernel bss" },
    { start: "0xe0000000", end: "0xefffffff", name: "PCI MMCONFIG 0000 [bus 00-ff]" },
    { start: "0xfec00000", end: "0xfec003ff", name: "IOAPIC 0" },
    { start: "0xfee00000", end: "0xfee00fff", name: "Local APIC" },
    { start: "0x100000000", end: "0x42fffffff", name: "System RAM" },
  ],
  ports: [
    { start: "0x0000", end: "0x001f", name: "dma1" },
    { start: "0x0020", end: "0x0021", name: "pic1" },
    { start: "0x0040", end: "0x0043", name: "timer0" },
    { start: "0x0050", end: "0x0053", name: "timer1" },
    { start: "0x0060", end: "0x0060", name: "keyboard" },
    { start: "0x0064", end: "0x0064", name: "keyboard" },
    { start: "0x0070", end: "0x0071", name: "rtc0" },
    { start: "0x0080", end: "0x008f", name: "dma page reg" },
    { start: "0x00a0", end: "0x00a1", name: "pic2" },
    { start: "0x00c0", end: "0x00df", name: "dma2" },
    { start: "0x00f0", end: "0x00ff", name: "fpu" },
    { start: "0x0400", end: "0x0403", name: "ACPI PM1a_EVT_BLK" },
    { start: "0x0404", end: "0x0405", name: "ACPI PM1a_CNT_BLK" },
    { start: "0x0408", end: "0x040b", name: "ACPI PM_TMR" },
    { start: "0x040c", end: "0x040f", name: "ACPI GPE0_BLK" },
  ],
} as const;

export const seedNicMachine: MachineDescription = {
  ...machine,
  name: "seed-nic",
  title: "PC with 16 GiB and a network card at 0xd0000000",
  functions: [
    { at: "00.0", device: "host-bridge", name: "mch" },
    { at: "03.0", device: "seed-nic", name: "nic" },
  ],
};

/** Firmware put the card where Linux would not have, and Linux leaves it there. */
export const seedNicFirmware: MachineDescription = {
  ...machine,
  name: "seed-nic-firmware",
  title: "The same, with addresses that firmware chose",
  boot: "firmware",
  functions: [
    { at: "00.0", device: "host-bridge", name: "mch" },
    {
      at: "03.0",
      device: "seed-nic",
      name: "nic",
      firmware: [
        "0x00000000d0000000 0x00000000dfffffff 0x0000000000040200",
        "0x000000000000c000 0x000000000000c0ff 0x0000000000040101",
        "0x00000000feb80000 0x00000000feb83fff 0x0000000000040200",
      ],
    },
  ],
};
