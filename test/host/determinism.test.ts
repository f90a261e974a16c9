import { describe, expect, it } from "vitest";
import { Conversation, driver } from "./conversation";

async function outputWith(seed: number): Promise<string> {
  const talk = await Conversation.open();
  await talk.run(driver("dice"), { arguments: { seed, noDebug: true } });
  await talk.heard("rootport/idle");
  const { output } = talk;
  await talk.close();
  return output;
}

describe("the same machine, driver and seed", () => {
  it("print the same, byte for byte, and another seed throws other dice", async () => {
    const first = await outputWith(1);
    expect(await outputWith(1)).toBe(first);
    expect(await outputWith(2)).not.toBe(first);
  });

  it("know no clock but the machine's", async () => {
    expect(await outputWith(1)).toMatch(/ 2026-01-01T00:00:02\.\d{3}Z$/m);
  });
});
