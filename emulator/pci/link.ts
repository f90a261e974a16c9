/**
 * The link below a port: it runs at the lower of both ends' speeds and widths (PCIe Base Specification 7.5.3.8). An
 * empty link shows what the port could do. Link Disable takes it down; Retrain Link finds it as it was.
 * Not modelled: the time of training, and a link that comes up narrower than both ends allow.
 */
import type { Bus } from "./bus";
import type { FunctionSide } from "./place";

const SPEED = 0x00f;
const WIDTH = 0x3f0;
const ONE_LANE = 0x10;
const SLOWEST = 0x01;
const ACTIVE = 0x2000;
const ACTIVE_REPORTED = 1 << 20;
const DISABLE = 0x10;

/** The port leads to a link: a root port or a downstream port. */
export function leadsToLink({ config }: FunctionSide): boolean {
  const type = config.map["EXP_FLAGS"] ? (config.value("EXP_FLAGS") >>> 4) & 15 : -1;
  return type === 4 || type === 6;
}

/** Link Disable (PCIe 7.5.3.7). */
export function linkDisabled(port: FunctionSide): boolean {
  return leadsToLink(port) && (port.config.value("EXP_LNKCTL") & DISABLE) !== 0;
}

/** Data Link Layer Link Active, where the port reports it; true if that is a change. */
export function setLinkActive({ config }: FunctionSide, up: boolean): boolean {
  if (!config.map["EXP_LNKSTA"] || !(config.value("EXP_LNKCAP") & ACTIVE_REPORTED)) return false;
  const before = config.value("EXP_LNKSTA");
  const now = up ? before | ACTIVE : before & ~ACTIVE;
  if (now !== before) config.set("EXP_LNKSTA", now);
  return now !== before;
}

export function syncLink(port: FunctionSide & { readonly below: Bus | undefined }): void {
  if (!leadsToLink(port)) return;
  const { config, below } = port;
  const most = config.value("EXP_LNKCAP");
  const card = below?.functions[0]?.config;
  const theirs = card?.map["EXP_LNKSTA"] ? card.value("EXP_LNKSTA") : most;
  const speed = lower(theirs & SPEED, most & SPEED) || SLOWEST;
  const width = lower(theirs & WIDTH, most & WIDTH) || ONE_LANE;
  config.set("EXP_LNKSTA", (config.value("EXP_LNKSTA") & ~(SPEED | WIDTH)) | speed | width);
}

/** An end that does not say what it can do does not hold the other back. */
function lower(theirs: number, most: number): number {
  return theirs && most ? Math.min(theirs, most) : theirs || most;
}
