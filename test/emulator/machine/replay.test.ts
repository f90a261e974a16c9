import { describe, expect, test } from "vitest";
import { replay } from "../../../emulator/machine/replay";
import { TranscriptError } from "../../../emulator/machine/replay/transcript";
import { transcript, transcripts } from "../../support/transcripts";

/** A quirk that decides more than this share of the answers would be a second specification. */
const FEW = 0.25;

describe("a transcript of QEMU", () => {
  test.each(transcripts())(
    "%s replays without a difference, and quirks explain few of its answers",
    (name) => {
      const { matched, explained, differences } = replay(transcript(name));
      expect(differences).toEqual([]);
      expect(matched).toBeGreaterThan(50);
      expect(explained / (matched + explained)).toBeLessThan(FEW);
    },
  );

  test("of a kind that is not known is refused by name", () => {
    const meta = { op: "meta", argv: ["-device", "piix3-usb-uhci,addr=3"] };
    expect(() => replay([meta])).toThrow(/piix3-usb-uhci/);
    expect(() => replay([{ ...meta, argv: [] }, { op: "teleport" }])).toThrow(TranscriptError);
    expect(() => replay([{ op: "note" }])).toThrow(/Line 1/);
  });

  test("that lacks an interrupt's edge, or has one too many, differs at its line", () => {
    const records = transcript("hotplug-root-port");
    const edge = records.findIndex(({ op }) => op === "irq");
    expect(replay(records.toSpliced(edge, 2)).differences).toHaveLength(2);
    expect(
      replay(records.toSpliced(edge, 0, { op: "irq", line: 23, level: 1 })).differences[0]?.line,
    ).toBeGreaterThan(edge);
  });
});
