/** Extended capabilities of a line or two. */
import type { Decoder } from "../capability";
import { bits, hex, signs } from "../text";

/** PCIe Base Specification 7.9.5. */
export const extendedVendor: Decoder = ({ config, at }) => {
  const header = config.long(at + 4);
  return [
    `Vendor Specific Information: ID=${hex(header & 0xffff, 4)} Rev=${bits(header, 19, 16)} Len=${hex(header >>> 20, 3)} <?>`,
  ];
};

/** PCIe Base Specification 7.9.6. Not modelled: what CXL says there. */
export const designatedVendor: Decoder = ({ config, at }) => {
  const header = config.long(at + 4);
  return [
    `Designated Vendor-Specific: Vendor=${hex(header & 0xffff, 4)} ID=${hex(config.word(at + 8), 4)} Rev=${bits(header, 19, 16)} Len=${header >>> 20} <?>`,
  ];
};

/** PCIe Base Specification 7.7.3. */
export const secondaryExpress: Decoder = ({ config, at }) => {
  const errors = config.word(at + 8);
  const lanes = Array.from({ length: 16 }, (_, lane) => lane).filter((lane) => (errors >>> lane) & 1);
  return [
    "Secondary PCI Express",
    `\t\tLnkCtl3: ${signs(config.long(at + 4), "LnkEquIntrruptEn:1 PerformEqu:0")}`,
    `\t\tLaneErrStat: ${lanes.length ? `LaneErr at lane: ${lanes.join(" ")}` : "0"}`,
  ];
};

/** PCIe Base Specification 7.9.13. */
export const processingHints: Decoder = ({ config, at }) => {
  const able = config.long(at + 4);
  const table = bits(able, 10, 9);
  return [
    "Transaction Processing Hints",
    ...(able & 2 ? ["\t\tInterrupt vector mode supported"] : []),
    ...(able & 4 ? ["\t\tDevice specific mode supported"] : []),
    ...(able & 0x100 ? ["\t\tExtended requester support"] : []),
    ...(table === 0 ? ["\t\tNo steering table available"] : []),
    ...(table === 1 ? ["\t\tSteering table in TPH capability structure"] : []),
    ...(table === 2 ? ["\t\tSteering table in MSI-X table"] : []),
    ...(table === 3 ? ["\t\tReserved steering table location"] : []),
  ];
};
