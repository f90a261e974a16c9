/** What a root complex says of itself (PCIe Base Specification 7.9.8, 7.9.10): its links, and who reports to a collector. */
import type { Decoder } from "../capability";
import type { ConfigBytes } from "../config-bytes";
import { bits, hex, sign } from "../text";

const ELEMENTS = ["Config", "Egress", "Internal"];
const LINK_BYTES = 16;
/** From this version on the collector says its buses. */
const WITH_BUSES = 2;

export const rootComplexLink: Decoder = ({ config, at, verbosity }) => {
  const title = "Root Complex Link";
  if (verbosity < 2 || !config.has(at + 4, 12)) return [title];
  const self = config.long(at + 4);
  const [port, component, kind] = [bits(self, 31, 24), bits(self, 23, 16), bits(self, 7, 0)];
  return [
    title,
    `\t\tDesc:\tPortNumber=${hex(port, 2)} ComponentID=${hex(component, 2)} EltType=${ELEMENTS[kind] ?? `??${kind}`}`,
    ...links(config, at + LINK_BYTES, bits(self, 15, 8)),
  ];
};

function links(config: ConfigBytes, first: number, count: number): readonly string[] {
  const lines: string[] = [];
  for (let number = 0; number < count; number++) {
    const at = first + number * LINK_BYTES;
    if (!config.has(at, LINK_BYTES)) return [...lines, `\t\tLink${number}:\t<unreadable>`];
    lines.push(...link(config, at, number));
  }
  return lines;
}

function link(config: ConfigBytes, at: number, number: number): readonly string[] {
  const [what, low, high] = [config.long(at), config.long(at + 8), config.long(at + 12)];
  const configuration = (what & 2) !== 0;
  const [port, component] = [hex(bits(what, 31, 24), 2), hex(bits(what, 23, 16), 2)];
  const address = `${hex(high, 8)}${hex(low, 8)}`;
  return [
    `\t\tLink${number}:\tDesc:\tTargetPort=${port} TargetComponent=${component} AssocRCRB${sign(what, 2)} LinkType=${configuration ? "Config" : "MemMapped"} LinkValid${sign(what, 0)}`,
    `\t\t\tAddr:\t${configuration ? `${place(low)}  CfgSpace=` : ""}${address}`,
  ];
}

/** How many bits the bus has, is in the lowest three; none: all eight. */
function place(low: number): string {
  const width = low & 7 || 8;
  const bus = hex(bits(low, 19 + width, 20), 2);
  return `${bus}:${hex(bits(low, 19, 15), 2)}.${bits(low, 14, 12)}`;
}

export const eventCollector: Decoder = ({ config, at, verbosity }) => {
  const title = "Root Complex Event Collector Endpoint Association";
  if (verbosity < 2 || !config.has(at, 12)) return [title];
  const version = bits(config.long(at), 19, 16);
  const [next, last] = [config.byte(at + 9), config.byte(at + 10)];
  const buses = next === 0xff && last === 0 ? "ff-00 [none]" : `${hex(next, 2)}-${hex(last, 2)}`;
  return [
    title,
    `\t\tRCiEPBitmap: ${devices(config.long(at + 4))}`,
    ...(version < WITH_BUSES ? [] : [`\t\tAssociatedBusNumbers: ${buses}`]),
  ];
};

/** `0, 4-7`; lspci forgets the end of a row that reaches device 31. */
function devices(bitmap: number): string {
  if (!bitmap) return "00000000 [none]";
  const rows: string[] = [];
  for (let device = 0; device < 32; device++) {
    if (!bits(bitmap, device, device)) continue;
    const start = device;
    while (device < 31 && bits(bitmap, device + 1, device + 1)) device++;
    rows.push(device === start || device === 31 ? `${start}` : `${start}-${device}`);
  }
  return `RCiEP at Device(s): ${rows.join(", ")}`;
}
