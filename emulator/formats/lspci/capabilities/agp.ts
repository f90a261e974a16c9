/** AGP (Accelerated Graphics Port Interface 3.0, 6.1). */
import type { Decoder } from "../capability";
import { bits, signs } from "../text";

const RATES = { agp2: ["x1", "x2", "x4"], agp3: ["x4", "x8", "x16"] } as const;

export const agp: Decoder = ({ config, at, flags }) => {
  const [status, command] = [config.long(at + 4), config.long(at + 8)];
  const third = bits(flags, 7, 4) >= 3 && bits(status, 3, 3) === 1;
  const rate = (value: number) => rates(value, third);
  return [
    `AGP version ${bits(flags, 7, 4).toString(16)}.${bits(flags, 3, 0).toString(16)}`,
    `\t\tStatus: RQ=${(status >>> 24) + 1} ${signs(status, "Iso:16")} ArqSz=${bits(status, 15, 13)} Cal=${bits(status, 12, 10)} ${signs(status, "SBA:9 ITACoh:8 GART64:7 HTrans:6 64bit:5 FW:4 AGP3:3")} Rate=${rate(status)}`,
    `\t\tCommand: RQ=${(command >>> 24) + 1} ArqSz=${bits(command, 15, 13)} Cal=${bits(command, 12, 10)} ${signs(command, "SBA:9 AGP:8 GART64:7 64bit:5 FW:4")} Rate=${rate(command)}`,
  ];
};

function rates(value: number, third: boolean): string {
  const names = third ? RATES.agp3 : RATES.agp2;
  return names.filter((_, bit) => (value >>> bit) & 1).join(",") || "<none>";
}
