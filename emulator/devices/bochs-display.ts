/**
 * QEMU's simple display (1234:1111, QEMU docs/specs/standard-vga.rst, "PCI spec"): a framebuffer in prefetchable memory,
 * and a page of registers: EDID, the Bochs DISPI registers, and QEMU's extension.
 * Not modelled: a picture. DISPI registers store what is written, as QEMU's model does.
 */
import { ConvertingBank } from "../core/converting-bank";
import { ALL_ONES, type Width } from "../core/io";
import { Memory } from "../core/memory";
import type { RegisterBank } from "../core/register-bank";
import { laneMask } from "../core/register-file";
import { defineRegisters, type RegisterMap } from "../core/register-map";
import { bankBar } from "../pci/bar";
import { express, ONE_LANE } from "../pci/capabilities/express";
import { assemble, type Device, type DeviceParts } from "../pci/device";
import { PciFunction } from "../pci/function";

const FRAMEBUFFER_BYTES = 16 << 20;
const PAGE_BYTES = 4096;
const ROM_BYTES = 32 << 10;
const EDID_BYTES = 256;
const DISPI = 0x500;
const DISPI_END = 0x516;
const QEXT = 0x600;
const LITTLE_ENDIAN = 0x1e1e_1e1e;
const BIG_ENDIAN = 0xbebe_bebe;

/** The monitor "QEMU Monitor": 1280 by 800, up to 2048 by 1152 (VESA E-EDID, with one CTA-861 extension block). */
const EDID = [
  "00ffffffffffff0049143412000000002a180104a520147806ee91a3544c99260f5054210800e1c0d1c0d100a940b3009500",
  "81808140ea2900c051201c304026444045cb10000018000000f7000a004082002820000000000000000000fd00327d1ea0ff",
  "010a202020202020000000fc0051454d55204d6f6e69746f720a013a02030b00467d6560591f610000001000000000000000",
  "0000000000000000000010000000000000000000000000000000000010000000000000000000000000000000000010000000",
  "0000000000000000000000000000100000000000000000000000000000000000100000000000000000000000000000000000",
  "00000000002f",
].join("");

const NAMES = [
  "ID",
  "XRES",
  "YRES",
  "BPP",
  "ENABLE",
  "BANK",
  "VIRT_WIDTH",
  "VIRT_HEIGHT",
  "X_OFFSET",
  "Y_OFFSET",
  "VIDEO_MEMORY_64K",
] as const;
const RESETS: Readonly<Record<string, number>> = { ID: 0xb0c5, VIDEO_MEMORY_64K: FRAMEBUFFER_BYTES >>> 16 };

export const displayRegisters: RegisterMap = defineRegisters({
  ...Object.fromEntries(
    Array.from({ length: EDID_BYTES / 4 }, (_, word) => [
      `EDID_${word}`,
      { at: word * 4, width: 32, access: "ro", reset: edidWord(word), doc: "The monitor's description." },
    ]),
  ),
  ...Object.fromEntries(
    NAMES.map((name, index) => [
      name,
      {
        at: DISPI + index * 2,
        width: 16,
        access: name in RESETS ? "ro" : "rw",
        reset: RESETS[name] ?? 0,
        doc: `DISPI register ${index}.`,
      },
    ]),
  ),
  QEXT_SIZE: { at: QEXT, width: 32, access: "ro", reset: 8, doc: "Bytes of QEMU's extension." },
  QEXT_ENDIAN: {
    at: QEXT + 4,
    width: 32,
    access: "rw",
    reset: LITTLE_ENDIAN,
    doc: "Byte order of the framebuffer: 0x1e1e1e1e little, 0xbebebebe big.",
  },
});

/** EDID answers every width and alignment, registers their own; holes read all ones. */
class DisplayBank extends ConvertingBank {
  override read(at: number, width: Width): number {
    if (isHole(at)) return (ALL_ONES & laneMask(width)) >>> 0;
    if (at + width > EDID_BYTES) return super.read(at, width);
    let value = 0;
    for (let byte = width - 1; byte >= 0; byte--) value = value * 256 + this.peek(at + byte, 1);
    return value;
  }
}

function isHole(at: number): boolean {
  return (at >= EDID_BYTES && at < DISPI - 1) || (at >= DISPI_END && at < QEXT) || at >= QEXT + 8;
}

const IDS = {
  vendor: 0x1234,
  device: 0x1111,
  revision: 2,
  classCode: 0x038000,
  subsystemVendor: 0x1af4,
  subsystem: 0x1100,
} as const;

export function bochsDisplay({ arena, name, quirks }: DeviceParts): Device {
  const memory = new Memory(arena, `${name} framebuffer`, FRAMEBUFFER_BYTES);
  const setEndian = (value: number) => {
    if (value >>> 0 === LITTLE_ENDIAN || value >>> 0 === BIG_ENDIAN)
      bank.registers.set("QEXT_ENDIAN", value >>> 0);
  };
  const behaviours = { QEXT_ENDIAN: { write: setEndian } };
  const covers = (at: number) => at >= DISPI - 1 && at < DISPI_END;
  const take = () => quirks.take("WIDTHS_CONVERTED");
  const bank: RegisterBank = new DisplayBank(
    arena,
    {
      name,
      map: displayRegisters,
      size: PAGE_BYTES,
      behaviours,
      refused: (width) => (width < 8 && quirks.take("REFUSED_READ_ZERO") ? 0 : ALL_ONES),
    },
    { width: 2, covers, take },
  );
  const framebuffer = { kind: "memory", memory } as const;
  const fn = new PciFunction(arena, {
    name,
    ids: IDS,
    express: true,
    quirks,
    openConfiguration: quirks.on,
    rom: ROM_BYTES,
    bars: [
      { index: 0, kind: "mem32", prefetchable: true, size: FRAMEBUFFER_BYTES, target: framebuffer },
      bankBar(2, "mem32", bank),
    ],
    capabilities: [express(0x80, { type: "root-endpoint", link: ONE_LANE, reporting: !quirks.on })],
  });
  return assemble(fn, [bank]);
}

function edidWord(word: number): number {
  const bytes = [3, 2, 1, 0].map((byte) => EDID.slice((word * 4 + byte) * 2, (word * 4 + byte) * 2 + 2));
  return Number.parseInt(bytes.join(""), 16);
}
