/** What is true of a byte besides, and bites later: a sentence each. */
import { hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import { bankBehind } from "../machine/register-names";
import type { LinuxState, ResourceLine } from "../machine/views";
import { bdfOf } from "../machine/watch-target";
import type { PciFunction } from "../pci/function";
import type { ParsedAddress } from "./address-text";
import type { Question } from "./cause";
import { truncation } from "./dma-cause";
import { dmaMask } from "./driver-lines";
import type { Target } from "./ending";
import { declaredFunctions } from "./suspect";
import { tlpNotes } from "./tlp-notes";
import { typeNotes } from "./type-notes";

type InBar = Target & { readonly kind: "bar" };

export function notesOf(
  machine: Hardware,
  { parsed, target }: { readonly parsed: ParsedAddress; readonly target: Target | undefined },
  question: Question,
): readonly string[] {
  if (!target) return [];
  const typed = parsed.kind === "virtual" ? typeNotes(machine, parsed.address, target) : [];
  if (target.kind === "bar") return [...typed, ...barNotes(machine, target, question)];
  if (target.kind === "configuration") return [...typed, ...configurationNotes(target)];
  return [...typed, ...ramNotes(machine, target, question.linux), ...cutOff(machine, parsed)];
}

/** A device that dropped high address bits writes somewhere else, and nobody complains. */
function cutOff(machine: Hardware, parsed: ParsedAddress): readonly string[] {
  const cut = parsed.kind === "iova" ? truncation(machine, parsed.of, parsed.address) : undefined;
  return cut
    ? [`${cut.why}: this is not where the driver meant it to go. ${dmaMask(cut.bits).line} says so to Linux.`]
    : [];
}

function barNotes(machine: Hardware, target: InBar, { write, linux }: Question): readonly string[] {
  return [
    ...(write ? [] : [...sideEffect(machine, target), ...reallyOnes(machine, target)]),
    ...prefetched(machine, target),
    ...onTheWay(machine, target),
    ...owners(machine, target, linux),
    ...sharers(machine, target),
  ];
}

function registerAt(machine: Hardware, { bar, inside }: InBar) {
  const bank = bankBehind(machine, bar);
  const found = Object.entries(bank?.registers.map ?? {}).find(
    ([, { at, width }]) => inside >= at && inside < at + width / 8,
  );
  return bank && found
    ? { bank, name: found[0], id: `${bank.name}.${found[0]}`, register: found[1] }
    : undefined;
}

function sideEffect(machine: Hardware, target: InBar): readonly string[] {
  const found = registerAt(machine, target);
  const { register, id } = found ?? {};
  const clears =
    register?.access === "rc" || Object.values(register?.fields ?? {}).some((it) => it.access === "rc");
  return clears
    ? [`A read of ${id} changes the device: bits clear. Views, hovers and this answer look without reading.`]
    : [];
}

/** All ones that nobody made up. */
function reallyOnes(machine: Hardware, target: InBar): readonly string[] {
  const found = registerAt(machine, target);
  if (!found || found.register.access === "wo") return [];
  const ones = (1n << BigInt(found.register.width)) - 1n;
  if (found.bank.registers.get(found.name) !== ones) return [];
  return [
    `${found.id} really holds all ones: the device answers (its Vendor ID is 0x${hex(target.function.config.value("VENDOR_ID")).slice(2)}, not 0xffff).`,
  ];
}

function prefetched(machine: Hardware, { function: fn, bar }: InBar): readonly string[] {
  const registers = Object.entries(bankBehind(machine, bar)?.registers.map ?? {});
  const [name] = registers.find(([, it]) => it.access === "rc") ?? [];
  if (!bar.prefetchable || name === undefined) return [];
  return [
    `BAR ${bar.index} of ${fn.name} says that it is prefetchable, yet reads of ${name} have a side effect: a bridge or a write-combining mapping may read it ahead or merge reads.`,
  ];
}

/** Posted writes that have not arrived (PCIe Base Specification 2.4.1). */
function onTheWay({ root }: Hardware, { function: fn }: InBar): readonly string[] {
  const { posted } = root.fabric;
  if (posted.waiting === 0) return [];
  const one = posted.waiting === 1;
  return [
    `${posted.waiting} posted write${one ? " is" : "s are"} still on the way: what ${fn.name} shows may be older than the driver thinks. A read from the same device pushes them: read back after a write that must have arrived.`,
  ];
}

function linesAround(lines: readonly ResourceLine[], at: number): readonly ResourceLine[] {
  return lines.filter(({ start, end }) => BigInt(at) >= BigInt(start) && BigInt(at) <= BigInt(end));
}

/** Who claimed the range: the lines of /proc/iomem inside the BAR. */
function owners(
  machine: Hardware,
  { function: fn, bar, inside }: InBar,
  linux: LinuxState | undefined,
): readonly string[] {
  const io = bar.kind === "io";
  const start = machine.root.toCpu(io ? "io" : "memory", bar.base);
  if (!linux || start === undefined) return [];
  const around = linesAround(io ? linux.ioports : linux.iomem, start + inside);
  const own = around.findIndex(({ name }) => name === bdfOf(fn));
  const claims = own < 0 ? [] : around.slice(own + 1);
  return claims.map(
    ({ name, start: first, end }) =>
      `${name} has claimed ${first}-${end}: another pci_request_region() of it fails with -EBUSY (can't reserve).`,
  );
}

/** Others that decode the same address: undefined in the specification. */
function sharers(machine: Hardware, { function: fn, bar, inside }: InBar): readonly string[] {
  const at = bar.base + BigInt(inside);
  const others = machine.root.functions.flatMap((it) =>
    it.bars
      .filter((other) => (it !== fn || other !== bar) && (other.kind === "io") === (bar.kind === "io"))
      .filter((other) => other.base !== 0n && at >= other.base && at < other.base + BigInt(other.size))
      .filter(() => it.decodes(bar.kind === "io" ? "io" : "memory"))
      .map((other) => ({ it, other })),
  );
  return others.map(
    ({ it, other }) =>
      `BAR ${other.index} of ${it.name} holds the same address: who answers is undefined; here the lower device number does.`,
  );
}

/** The upper half of a 64-bit BAR is no BAR. */
function configurationNotes({
  function: fn,
  at,
}: Target & { readonly kind: "configuration" }): readonly string[] {
  const upper = fn.bars.find(
    ({ kind, index }) => kind === "mem64" && at >= 0x14 + index * 4 && at < 0x18 + index * 4,
  );
  const half = upper
    ? [
        `This is the upper half of BAR ${upper.index} of ${fn.name}, which has 64 bits: no BAR ${upper.index + 1} of its own. Size and write both halves together.`,
      ]
    : [];
  return [...half, ...tlpNotes(fn, at), ...stickingNotes(fn, at)];
}

/** Which bits of a BAR a write changes: the others are hard-wired, and say the size. */
function stickingNotes(fn: PciFunction, at: number): readonly string[] {
  const bar = fn.bars.find(({ index }) => at >= 0x10 + index * 4 && at < 0x14 + index * 4);
  if (!bar) return [];
  return [
    `A write changes address bits from ${Math.log2(bar.size)} up only: the bits below are hard-wired, and say that the BAR has ${bar.size} bytes. An address that is no multiple of that does not stick.`,
  ];
}

/** A device that holds the address of RAM is never reached. */
function ramNotes(machine: Hardware, target: Target, linux: LinuxState | undefined): readonly string[] {
  if (target.kind !== "ram") return [];
  const at = target.address;
  const hidden = declaredFunctions(machine).flatMap((fn) =>
    fn.bars
      .filter(
        ({ kind, base, size }) =>
          kind !== "io" && base !== 0n && BigInt(at) >= base && BigInt(at) < base + BigInt(size),
      )
      .map(
        (bar) =>
          `BAR ${bar.index} of ${fn.name} holds this address too: RAM answers, the CPU never gets to the device.`,
      ),
  );
  const buffers = (linux?.dma ?? [])
    .filter(
      ({ physical: start, bytes }) =>
        start !== undefined && BigInt(at) >= BigInt(start) && BigInt(at) < BigInt(start) + BigInt(bytes),
    )
    .map(
      ({ owner, bdf, handle, direction }) =>
        `It is part of a DMA buffer of ${owner}: ${bdf} reaches it at ${handle}, ${direction}.`,
    );
  return [...hidden, ...buffers];
}
