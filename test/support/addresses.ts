/** Addresses of a machine, and what may be wrong with how they are translated. */
import { parseAddress } from "../../emulator/explain/address-text";
import { targetName } from "../../emulator/explain/ending";
import { translate } from "../../emulator/explain/translate";
import { walk } from "../../emulator/explain/walk";
import { formatTranslation } from "../../emulator/formats/translation";
import type { Machine } from "../../emulator/machine/machine";
import { bdfOf } from "../../emulator/machine/watch-target";
import type { Random } from "./bench";

const digits = (value: number | bigint) => `0x${value.toString(16)}`;

/** Addresses of a machine that lead somewhere, and some that do not. */
export function addresses({ root, description }: Machine, random: Random): readonly string[] {
  const inBars = root.functions.flatMap((fn) =>
    fn.bars.flatMap((bar) => {
      const inside = random() % bar.size;
      const onBus = digits(bar.base + BigInt(inside));
      const named = `${fn.name}.BAR${bar.index}+${digits(inside)}`;
      return bar.kind === "io"
        ? [named, `io:${onBus}`]
        : [named, `bus:${onBus}`, `bus@${bdfOf(fn)}:${onBus}`];
    }),
  );
  const inConfiguration = root.functions.flatMap((fn) => [
    `${bdfOf(fn)}+${digits(random() % 4096)}`,
    `${fn.name}.config.COMMAND`,
    `iova@${bdfOf(fn)}:${digits(random() % description.ram)}`,
  ]);
  const anywhere = Array.from({ length: 20 }, () => [
    digits(random()),
    `io:${digits(random() % 0x10000)}`,
    digits(random() % description.ram),
    digits(0xffff_8880_0000_0000n + BigInt(random() % description.ram)),
    `bus:${digits(random())}`,
  ]).flat();
  return [...inBars, ...inConfiguration, ...anywhere];
}

/** Everything that is wrong with what translate says of an address. */
export function faults(machine: Machine, address: string): readonly string[] {
  const there = translate(machine, address);
  const text = formatTranslation(there);
  if (JSON.stringify(JSON.parse(JSON.stringify(there))) !== JSON.stringify(there))
    return [`${address}: no JSON`];
  if (!text.includes(there.sentence)) return [`${address}: the text lacks the sentence`];
  if (there.target === undefined)
    return there.end === "dead" || there.end === "configuration" ? [] : [address];
  const astray = there.aliases.filter((it) => reached(machine, it.address) !== there.target);
  const own = there.aliases.some((it) => sameAddress(it.address, address));
  return [
    ...astray.map((it) => `${address}: ${it.address} leads elsewhere`),
    ...(own ? [] : [`${address} is not among ${there.aliases.map((it) => it.address)}`]),
  ];
}

/** Forward only. */
function reached(machine: Machine, address: string): string | undefined {
  const { target } = walk(machine, parseAddress(machine, address), { input: address });
  return target && targetName(target);
}

/** What a function sends is a bus address where nothing translates it and there is one host bridge. */
function sameAddress(one: string, other: string): boolean {
  const plain = (text: string) => text.replace(/^(bus|iova)@[^:]*:?[^:]*:[^:]*:/, "bus:");
  return one === other || plain(one) === plain(other);
}
