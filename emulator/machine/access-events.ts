/**
 * What is wrong with an access of the CPU, seen before it takes effect: nothing answers, the device refuses it, it writes
 * what cannot be written; and what ends badly on the bus, as it ends. In conditions, `$value` of an ending and of a page
 * fault is the address. Looked for only while somebody wants to stop there.
 */
import { bus, formatVirtual, type PhysicalAddress, physical } from "../core/address";
import { hex } from "../core/hex";
import type { AccessWatch, CpuAccess } from "../core/physical-space";
import type { Register } from "../core/register-map";
import type { BusError } from "../core/transaction";
import { explain } from "../explain/explain";
import { explainFailure } from "../explain/explain-failure";
import { translate } from "../explain/translate";
import { formatAdvice } from "../formats/explanation";
import type { PageFault } from "../mmu/page-fault";
import { refusalOf } from "./access-refusal";
import type { Hardware } from "./hardware";
import { peekValue } from "./peek";
import { functionNamed } from "./register-names";
import type { Circumstances, Condition } from "./watch-condition";
import { bdfOf, type Found, findAt } from "./watch-target";

export type AccessEventKind =
  | "page-fault"
  | "master-abort"
  | "refused-access"
  | "read-only-write"
  | BusEventKind;
/** Told as a transaction ends, by the fabric. */
type BusEventKind =
  | "completer-abort"
  | "timeout"
  | "poisoned"
  | "dma-blocked"
  | "iommu-fault"
  | "aer"
  | "interrupt-lost";

export interface AccessEvent {
  readonly kind: AccessEventKind;
  /** `read of 0x50000000 is not answered` */
  readonly text: string;
  /** Why, in the words of translate. */
  readonly explanation: string;
  /** What to do about it, in a sentence; empty where nobody knows. */
  readonly advice?: string;
}

export interface EventWish {
  readonly kind: AccessEventKind;
  readonly condition?: Condition;
}

const ENDINGS: Readonly<Record<Exclude<BusEventKind, "aer" | "interrupt-lost"> | "master-abort", string>> = {
  "master-abort": "Unsupported Request",
  "completer-abort": "Completer Abort",
  timeout: "a completion timeout",
  poisoned: "poisoned data",
  "dma-blocked": "Bus Master Enable off",
  "iommu-fault": "a fault of the IOMMU",
};

export class AccessEvents implements AccessWatch {
  onEvent: ((event: AccessEvent) => void) | undefined;
  /** Told of every failure, whether anybody wants to stop there or not. */
  onFailure: ((failed: BusError | PageFault) => void) | undefined;
  readonly #machine: Hardware;
  #wishes: readonly EventWish[] = [];

  constructor(machine: Hardware) {
    this.#machine = machine;
    machine.root.fabric.onError = (error) => this.#ended(error);
    machine.cpu.onPageFault = (fault) => this.#faulted(fault);
  }

  replace(wishes: readonly EventWish[]): void {
    this.#wishes = wishes;
    this.#machine.cpu.flush();
  }

  covers(page: PhysicalAddress): boolean {
    return this.#wishes.length > 0 && this.#machine.physical.ramOffset(page) === undefined;
  }

  check(access: CpuAccess): void {
    if (this.#wishes.length === 0) return;
    const found = findAt(this.#machine, "memory", access.physical);
    const event = eventOf(this.#machine, access, found);
    if (event) this.#tell(event, () => circumstances(this.#machine, access, found));
  }

  #faulted(fault: PageFault): void {
    const { address, write } = fault;
    this.onFailure?.(fault);
    const text = `page fault: ${write ? "write" : "read"} of 0x${formatVirtual(address)}`;
    if (this.#wishes.length === 0) return;
    const { sentence: explanation } = translate(this.#machine, `virt:0x${formatVirtual(address)}`);
    const value = BigInt.asUintN(64, BigInt(address));
    const given = { value, old: value, size: 0, dev: "", bdf: "", initiator: "cpu" } as const;
    this.#tell({ kind: "page-fault", text, explanation }, () => given);
  }

  #ended(error: BusError): void {
    this.onFailure?.(error);
    const { kind, initiator, address, bytes, sentence } = error;
    if (this.#wishes.length === 0 || kind === "refused-width" || this.#wasTold(error)) return;
    const advice = kind === "aer" ? "" : formatAdvice(explainFailure(this.#machine, error, undefined));
    this.#tell({ kind, text: endingText(error, kind), explanation: sentence, advice }, () => ({
      value: address,
      old: address,
      size: bytes,
      dev: initiator === "cpu" ? "" : initiator,
      bdf: kind === "aer" ? initiator : bdfOf(functionNamed(this.#machine, initiator)),
      initiator: initiator === "cpu" ? "cpu" : "dma",
    }));
  }

  /** The CPU's access to memory where nothing answers is told before it is made, by `check`. */
  #wasTold({ kind, initiator, address }: BusError): boolean {
    if (kind !== "master-abort" || initiator !== "cpu") return false;
    const at = this.#machine.root.toCpu("memory", bus(address));
    const decoded = at === undefined ? undefined : this.#machine.physical.decode(physical(at));
    return decoded?.kind === "io" && decoded.io.name === "nothing";
  }

  #tell(event: AccessEvent, given: () => Circumstances): void {
    const wish = this.#wishes.find(({ kind }) => kind === event.kind);
    if (wish && (!wish.condition || wish.condition(given()))) this.onEvent?.(event);
  }
}

/** `DMA of edu: write of 0x5000 ended with Bus Master Enable off` */
function endingText(
  { initiator, address, write, sentence }: BusError,
  kind: BusEventKind | "master-abort",
): string {
  if (kind === "aer") return sentence;
  if (kind === "interrupt-lost") return `interrupt of ${initiator}, vector ${address}, is lost`;
  const who = initiator === "cpu" ? "" : `DMA of ${initiator}: `;
  return `${who}${write ? "write" : "read"} of ${hex(address)} ended with ${ENDINGS[kind]}`;
}

function eventOf(machine: Hardware, access: CpuAccess, found: Found): AccessEvent | undefined {
  const what = access.value === undefined ? "read" : "write";
  const decoded = machine.physical.decode(access.physical);
  if (decoded.kind === "memory") return undefined;
  if (decoded.io.name === "nothing") {
    const address = hex(access.physical);
    const { sentence } = translate(machine, address);
    const write = access.value !== undefined;
    return {
      kind: "master-abort",
      text: `${what} of ${hex(access.physical)} is not answered`,
      explanation: sentence,
      advice: formatAdvice(explain(machine, address, { write, bytes: access.bytes })),
    };
  }
  if (!found.function) return undefined;
  const refusal = refusalOf(access.bytes, found);
  if (refusal)
    return { kind: "refused-access", text: `${what} of ${found.text} is refused`, explanation: refusal };
  if (access.value === undefined || !found.register || !isReadOnly(found.register)) return undefined;
  const explanation = `${found.text} is read-only: what is written to it is lost`;
  return { kind: "read-only-write", text: `write to ${found.text}, which is read-only`, explanation };
}

function isReadOnly({ access, fields = {} }: Register): boolean {
  const all = Object.values(fields).map((field) => field.access ?? access);
  return all.length === 0 ? access === "ro" : all.every((it) => it === "ro");
}

function circumstances(machine: Hardware, access: CpuAccess, { function: fn }: Found): Circumstances {
  const old = peekValue(machine, physical(access.physical), access.bytes);
  const value = access.value === undefined ? old : BigInt(access.value);
  return { old, value, size: access.bytes, dev: fn?.name ?? "", bdf: bdfOf(fn), initiator: "cpu" };
}
