/** What a transcript is: one JSON object a line, each something that was done to a device, with the answer it gave. */

/** Numbers are decimal, 64-bit values hexadecimal text. */
export interface TranscriptRecord {
  readonly op: string;
  readonly [field: string]: unknown;
}

/** A transcript that this version cannot drive; the message says why. */
export class TranscriptError extends Error {}

/** What a record asks for against what was found; undefined where it asks for nothing. */
export interface Comparison {
  readonly agrees: boolean;
  /** What differs, as a sentence. */
  readonly sentence: string;
}

export function compare(what: string, found: unknown, recorded: unknown): Comparison {
  const [now, then] = [text(found), text(recorded)];
  return { agrees: now === then, sentence: `${what} gives ${now}, recorded was ${then}` };
}

function text(value: unknown): string {
  if (typeof value === "string") return value.startsWith("0x") ? BigInt(value).toString() : value;
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}

/** A field that is text. */
export function textOf(record: TranscriptRecord | undefined, field: string): string | undefined {
  const value = record?.[field];
  return typeof value === "string" ? value : undefined;
}
