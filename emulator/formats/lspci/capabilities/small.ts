/** Capabilities of one line or a few. */
import type { Decoder } from "../capability";
import { bits, hex, sign, signs } from "../text";

/** PCI-to-PCI Bridge Architecture 1.2, 13. */
export const slotId: Decoder = ({ flags }) => [
  `Slot ID: ${bits(flags, 4, 0)} slots, First${sign(flags, 5)}, chassis ${hex(bits(flags, 15, 8), 2)}`,
];

/** PCI-to-PCI Bridge Architecture 1.2, 3.2.5. */
export const subsystemId: Decoder = ({ config, at, device, naming }) => {
  const ids = { vendor: config.word(at + 4), device: config.word(at + 6) };
  return [`Subsystem: ${naming.subsystem(device, ids)}`];
};

/** Serial ATA AHCI 1.3.1, 2.4: where index and data registers are. */
export const sata: Decoder = ({ config, at, flags, verbosity }) => {
  const place = config.long(at + 4);
  const bar = bits(place, 3, 0);
  const offset = ` Offset=${hex(bits(place, 23, 4), 8)}`;
  const where =
    bar >= 4 && bar <= 9 ? ` BAR${bar - 4}${offset}` : bar === 15 ? " InCfgSpace" : ` BAR??${bar}`;
  return [`SATA HBA v${bits(flags, 7, 4)}.${bits(flags, 3, 0)}${verbosity > 1 ? where : ""}`];
};

/** EHCI 1.0, appendix C. */
export const debugPort: Decoder = ({ flags }) => [
  `Debug port: BAR=${bits(flags, 15, 13)} offset=${hex(bits(flags, 12, 0), 4)}`,
];

/** Conventional PCI Advanced Capabilities ECN. */
export const advancedFeatures: Decoder = ({ config, at }) => [
  "PCI Advanced Features",
  `\t\tAFCap: ${signs(config.byte(at + 3), "TP:0 FLR:1")}`,
  `\t\tAFCtrl: ${signs(config.byte(at + 4), "FLR:0")}`,
  `\t\tAFStatus: ${signs(config.byte(at + 5), "TP:0")}`,
];

/** Its data is read through registers that reading changes; no file holds it. */
export const vitalProductData: Decoder = () => ["Vital Product Data", "\t\tNot readable"];

/** PCIe Base Specification 7.9.3; the highest byte first. */
export const serialNumber: Decoder = ({ config, at }) => {
  const digits = hex(config.long(at + 8), 8) + hex(config.long(at + 4), 8);
  return [`Device Serial Number ${digits.match(/../g)?.join("-")}`];
};
