/** MSI and MSI-X (PCIe Base Specification 7.7.1, 7.7.2). */
import type { Decoder } from "../capability";
import { bits, hex, sign } from "../text";

const IS_64 = 0x80;
const MASKABLE = 0x100;

export const msi: Decoder = ({ config, at, flags }) => {
  const vectors = `Count=${2 ** bits(flags, 6, 4)}/${2 ** bits(flags, 3, 1)}`;
  const heading = `MSI: Enable${sign(flags, 0)} ${vectors} Maskable${sign(flags, 8)} 64bit${sign(flags, 7)}`;
  const high = flags & IS_64 ? hex(config.long(at + 8), 8) : "";
  const data = at + (flags & IS_64 ? 12 : 8);
  const lines = [
    heading,
    `\t\tAddress: ${high}${hex(config.long(at + 4), 8)}  Data: ${hex(config.word(data), 4)}`,
  ];
  if (!(flags & MASKABLE)) return lines;
  const [masking, pending] = [config.long(data + 4), config.long(data + 8)];
  return [...lines, `\t\tMasking: ${hex(masking, 8)}  Pending: ${hex(pending, 8)}`];
};

export const msix: Decoder = ({ config, at, flags }) => {
  const place = (word: number) => `BAR=${word & 7} offset=${hex((word & ~7) >>> 0, 8)}`;
  return [
    `MSI-X: Enable${sign(flags, 15)} Count=${bits(flags, 10, 0) + 1} Masked${sign(flags, 14)}`,
    `\t\tVector table: ${place(config.long(at + 4))}`,
    `\t\tPBA: ${place(config.long(at + 8))}`,
  ];
};
