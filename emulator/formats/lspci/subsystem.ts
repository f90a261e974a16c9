/** Who a card's maker is: in the header of an endpoint, in a capability of a bridge. */
import type { SysfsDevice } from "../../linux/sysfs";
import { ConfigBytes } from "./config-bytes";
import type { Ids } from "./naming";

const HEADER_TYPE = 0x0e;
const STATUS = 6;
const HAS_LIST = 0x10;
const FIRST = 0x34;
/** PCI-to-PCI Bridge Architecture 1.2, 3.2.5. */
const SUBSYSTEM_ID = 0x0d;
const BRIDGE = 1;
const MOST = 48;

/** Undefined where there is none, or nobody filled it in. */
export function subsystemOf(device: SysfsDevice): Ids | undefined {
  const config = new ConfigBytes(device.config);
  const bridge = (config.byte(HEADER_TYPE) & 0x7f) === BRIDGE;
  const ids = bridge ? ofBridge(config) : { vendor: device.subsystemVendor, device: device.subsystemDevice };
  return ids && ids.vendor !== 0 && ids.vendor !== 0xffff ? ids : undefined;
}

function ofBridge(config: ConfigBytes): Ids | undefined {
  if (!(config.word(STATUS) & HAS_LIST)) return undefined;
  let at = config.byte(FIRST) & ~3;
  for (let left = MOST; at && left > 0 && config.byte(at) !== SUBSYSTEM_ID; left--)
    at = config.byte(at + 1) & ~3;
  if (config.byte(at) !== SUBSYSTEM_ID || !at) return undefined;
  return { vendor: config.word(at + 4), device: config.word(at + 6) };
}
