/** Single Root I/O Virtualization (PCIe Base Specification 9.3). */
import type { Capability, Decoder } from "../capability";
import { bits, hex, signs } from "../text";

const BARS = 6;

export const virtualFunctions: Decoder = (capability) => {
  const { config, at } = capability;
  const [able, control] = [config.long(at + 4), config.word(at + 8)];
  const word = (offset: number) => config.word(at + offset);
  const migration = config.long(at + 0x3c);
  return [
    "Single Root I/O Virtualization (SR-IOV)",
    `\t\tIOVCap:\t${signs(able, "Migration:0 10BitTagReq:2")} Interrupt Message Number: ${hex(bits(able, 31, 21), 3)}`,
    `\t\tIOVCtl:\t${signs(control, "Enable:0 Migration:1 Interrupt:2 MSE:3 ARIHierarchy:4 10BitTagReq:5")}`,
    `\t\tIOVSta:\t${signs(word(10), "Migration:0")}`,
    `\t\tInitial VFs: ${word(12)}, Total VFs: ${word(14)}, Number of VFs: ${word(16)}, Function Dependency Link: ${hex(config.byte(at + 18), 2)}`,
    `\t\tVF offset: ${word(20)}, stride: ${word(22)}, Device ID: ${hex(word(26), 4)}`,
    `\t\tSupported Page Size: ${hex(config.long(at + 28), 8)}, System Page Size: ${hex(config.long(at + 32), 8)}`,
    ...regions(capability),
    `\t\tVF Migration: offset: ${hex((migration & ~7) >>> 0, 8)}, BIR: ${migration & 7}`,
  ];
};

/** Addresses are those of the registers. */
function regions({ config, at }: Capability): readonly string[] {
  const lines: string[] = [];
  for (let index = 0; index < BARS; index++) {
    const value = config.long(at + 0x24 + index * 4);
    const wide = (value & 6) === 4;
    const high = wide ? hex(config.long(at + 0x28 + index * 4), 8) : "";
    if (value && value !== 0xffffffff)
      lines.push(
        `\t\tRegion ${index}: Memory at ${high}${hex((value & ~15) >>> 0, 8)} (${value & 6 ? 64 : 32}-bit, ${value & 8 ? "" : "non-"}prefetchable)`,
      );
    if (wide) index++;
  }
  return lines;
}
