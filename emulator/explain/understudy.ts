/**
 * A copy of a function that errors can happen to without anybody's noticing: its configuration space as it is now, the
 * ports above it as copies too, and nobody who hears of interrupts.
 */
import { Arena } from "../core/arena";
import { Clock } from "../core/clock";
import { RegisterFile } from "../core/register-file";
import { LaterErrors } from "../pci/later-errors";
import type { FabricSide, FunctionSide, Place, Root } from "../pci/place";

const ARENA_BYTES = 2 ** 20;

export type Reported = Parameters<FabricSide["reported"]>[1] & { readonly at: string };

export class Troupe {
  /** Messages that arrived at a root port. */
  readonly reported: Reported[] = [];
  readonly members: { readonly of: FunctionSide; readonly copy: FunctionSide }[] = [];
  readonly #arena = Arena.create(ARENA_BYTES);
  readonly #root: Root = {
    decodeChanged: () => undefined,
    lineChanged: () => undefined,
    dmaRead: () => "UR",
    dmaWrite: () => "UR",
    fabric: {
      clock: new Clock(this.#arena),
      blocked: () => undefined,
      reported: ({ name }, message) => void this.reported.push({ ...message, at: name }),
      refused: () => undefined,
      losesInterrupt: () => true,
      interruptFate: () => undefined,
    },
  };

  /** The same copy for the same function. */
  of<F extends FunctionSide | undefined>(fn: F): FunctionSide | F {
    if (!fn) return fn;
    const known = this.members.find((it) => it.of === fn)?.copy;
    if (known) return known;
    const copy = new Understudy(fn, { arena: this.#arena, place: this.#placeOf(fn) });
    this.members.push({ of: fn, copy });
    return copy;
  }

  #placeOf({ place }: FunctionSide): Place | undefined {
    if (!place) return undefined;
    const { number, bridge } = place.bus;
    return { ...place, bus: { number, bridge: this.of(bridge), root: this.#root } };
  }
}

class Understudy implements FunctionSide {
  readonly name: string;
  readonly config: RegisterFile;
  readonly place: Place | undefined;
  readonly quirks: FunctionSide["quirks"];
  readonly laterErrors: LaterErrors | undefined;
  readonly interruptPin: number;
  readonly answers: boolean;
  readonly powerState: number;
  readonly assertsLine = false;
  readonly messagesEnabled = true;

  constructor(
    fn: FunctionSide,
    { arena, place }: { readonly arena: Arena; readonly place: Place | undefined },
  ) {
    this.name = fn.name;
    this.place = place;
    this.quirks = fn.quirks;
    this.interruptPin = fn.interruptPin;
    this.answers = fn.answers;
    this.powerState = fn.powerState;
    this.laterErrors = fn.laterErrors && new LaterErrors(arena);
    this.config = new RegisterFile(arena, fn.config.map, { size: fn.config.size });
    for (let at = 0; at < fn.config.size; at += 4) this.config.setWord(at, fn.config.word(at));
  }

  get command(): { readonly busMaster: boolean; readonly serr: boolean } {
    const bits = this.config.word(4);
    return { busMaster: (bits & 4) !== 0, serr: (bits & 0x100) !== 0 };
  }

  resetBy(): void {
    // Nobody resets a copy.
  }

  sendMessage(): boolean {
    return true;
  }

  setInterruptStatus(): void {
    // Nobody hears of it.
  }

  dmaWrite(): "UR" {
    return "UR";
  }
}
