/** Power Management (PCI Bus Power Management Interface 1.2, 3.2). */
import type { Decoder } from "../capability";
import { bits, sign, signs } from "../text";

const AUX_MILLIAMPS = [0, 55, 100, 160, 220, 270, 320, 375] as const;

export const powerManagement: Decoder = ({ config, at, flags }) => {
  const status = config.word(at + 4);
  const bridge = config.byte(at + 6);
  const pme = signs(flags, "D0:11,D1:12,D2:13,D3hot:14,D3cold:15".replaceAll(",", " ")).replaceAll(" ", ",");
  return [
    `Power Management version ${flags & 7}`,
    `\t\tFlags: ${signs(flags, "PMEClk:3 DSI:5 D1:9 D2:10")} AuxCurrent=${AUX_MILLIAMPS[bits(flags, 8, 6)]}mA PME(${pme})`,
    `\t\tStatus: D${status & 3} ${signs(status, "NoSoftRst:3 PME-Enable:8")} DSel=${bits(status, 12, 9)} DScale=${bits(status, 14, 13)} PME${sign(status, 15)}`,
    ...(bridge ? [`\t\tBridge: PM${sign(bridge, 7)} B3${sign(~bridge, 6)}`] : []),
  ];
};
