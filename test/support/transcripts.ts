/** Transcripts recorded on QEMU 7.2 (test/golden/qtest), packed with brotli. */
import { readdirSync, readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import type { TranscriptRecord } from "../../emulator/machine/replay/transcript";

const FOLDER = "test/golden/qtest";

export function transcript(name: string): readonly TranscriptRecord[] {
  const text = brotliDecompressSync(readFileSync(`${FOLDER}/${name}.jsonl.br`)).toString();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TranscriptRecord);
}

/** Names of the packed transcripts, without their ending. */
export function transcripts(): readonly string[] {
  return readdirSync(FOLDER).flatMap((file) =>
    file.endsWith(".jsonl.br") ? [file.slice(0, -".jsonl.br".length)] : [],
  );
}
