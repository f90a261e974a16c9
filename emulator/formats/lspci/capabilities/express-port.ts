/** Slot and root registers (PCIe Base Specification 7.5.3.9 to 7.5.3.14). */
import type { Capability } from "../capability";
import { bits, hex, signs } from "../text";
import { slotPower } from "./express-names";

const INDICATORS = ["Unknown", "On", "Blink", "Off"] as const;

export function slot({ config, at }: Capability): readonly string[] {
  const [able, control, status] = [config.long(at + 20), config.word(at + 24), config.word(at + 26)];
  const indicator = (high: number) => INDICATORS[bits(control, high, high - 1)];
  return [
    `\t\tSltCap:\t${signs(able, "AttnBtn:0 PwrCtrl:1 MRL:2 AttnInd:3 PwrInd:4 HotPlug:6 Surprise:5")}`,
    `\t\t\tSlot #${bits(able, 31, 19)}, PowerLimit ${slotPower(bits(able, 14, 7), bits(able, 16, 15))}; ${signs(able, "Interlock:17 NoCompl:18")}`,
    `\t\tSltCtl:\tEnable: ${signs(control, "AttnBtn:0 PwrFlt:1 MRL:2 PresDet:3 CmdCplt:4 HPIrq:5 LinkChg:12")}`,
    `\t\t\tControl: AttnInd ${indicator(7)}, PwrInd ${indicator(9)}, ${signs(control, "Power:10 Interlock:11")}`,
    `\t\tSltSta:\tStatus: ${signs(status, "AttnBtn:0 PowerFlt:1 MRL:5 CmdCplt:4 PresDet:6 Interlock:7")}`,
    `\t\t\tChanged: ${signs(status, "MRL:2 PresDet:3 LinkState:8")}`,
  ];
}

export function root({ config, at }: Capability): readonly string[] {
  const status = config.long(at + 32);
  return [
    `\t\tRootCap: ${signs(config.word(at + 30), "CRSVisible:0")}`,
    `\t\tRootCtl: ${signs(config.word(at + 28), "ErrCorrectable:0 ErrNon-Fatal:1 ErrFatal:2 PMEIntEna:3 CRSVisible:4")}`,
    `\t\tRootSta: PME ReqID ${hex(status & 0xffff, 4)}, ${signs(status, "PMEStatus:16 PMEPending:17")}`,
  ];
}
