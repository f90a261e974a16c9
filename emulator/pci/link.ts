/**
 * The link below a port: it runs at the lower of both ends' speeds and widths (PCIe Base Specification 7.5.3.8). An
 * empty link shows what the port could do.
 * Not modelled: training, and a link that comes up narrower than both ends allow.
 */
import type { Bus } from "./bus";
import type { FunctionSide } from "./place";

const SPEED = 0x00f;
const WIDTH = 0x3f0;
const ONE_LANE = 0x10;
const SLOWEST = 0x01;

export function syncLink({ config, below }: FunctionSide & { readonly below: Bus | undefined }): void {
  const type = config.map["EXP_FLAGS"] ? (config.value("EXP_FLAGS") >>> 4) & 15 : -1;
  if (type !== 4 && type !== 6) return;
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
