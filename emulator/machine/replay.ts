/**
 * Drives a machine with a transcript recorded on another implementation, and compares every answer. Time passes only
 * where the transcript says so, and a little with every operation.
 *
 * A record is explained, and not matched, where the answer is the recorded one because a named quirk of QEMU decided it
 * (emulator/pci/quirks.ts): in that record, or since the last one that was compared.
 */
import { Arena } from "../core/arena";
import type { Quirk } from "../pci/quirks";
import { Machine } from "./machine";
import { Player } from "./replay/player";
import { topologyOf } from "./replay/topology";
import { type Comparison, TranscriptError, type TranscriptRecord } from "./replay/transcript";

export interface Difference {
  /** Line in the transcript, from 1. */
  readonly line: number;
  readonly sentence: string;
}

export interface ReplayResult {
  readonly matched: number;
  /** Answers that a quirk of QEMU decided. */
  readonly explained: number;
  readonly differences: readonly Difference[];
  /** How many records each quirk explains. */
  readonly quirks: ReadonlyMap<Quirk, number>;
}

const ARENA_BYTES = 1 << 28;

export function replay(records: readonly TranscriptRecord[]): ReplayResult {
  if (records[0]?.op !== "meta")
    throw new TranscriptError('Line 1 is no "meta" record: this is no transcript');
  const { description, bdf } = topologyOf(records);
  const machine = new Machine(description, Arena.create(ARENA_BYTES), { fidelity: "qemu" });
  machine.powerOn();
  const tally = new Tally();
  const player = new Player(machine, bdf);
  machine.quirks.drain();
  const settleAt = (line: number) => (comparison: Comparison) =>
    tally.count(comparison, { line, quirks: machine.quirks.drain() });
  for (const [index, record] of records.entries()) player.play(record, settleAt(index + 1));
  player.finish(settleAt(records.length));
  return tally;
}

class Tally implements ReplayResult {
  matched = 0;
  explained = 0;
  readonly differences: Difference[] = [];
  readonly quirks = new Map<Quirk, number>();

  count(
    { agrees, sentence }: Comparison,
    { line, quirks }: { line: number; quirks: readonly Quirk[] },
  ): void {
    if (!agrees) this.differences.push({ line, sentence });
    else if (quirks.length) this.explained++;
    else this.matched++;
    for (const quirk of agrees ? quirks : []) this.quirks.set(quirk, (this.quirks.get(quirk) ?? 0) + 1);
  }
}
