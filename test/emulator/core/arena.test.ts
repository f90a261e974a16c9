import { describe, expect, test } from "vitest";
import { Arena, ArenaFull } from "../../../emulator/core/arena";
import { Clock } from "../../../emulator/core/clock";
import { Memory } from "../../../emulator/core/memory";

describe("memory", () => {
  test("takes no frame until it is written, and reads as zeros", () => {
    const arena = Arena.create(1 << 25);
    const memory = new Memory(arena, "RAM", 2 ** 34);
    arena.seal();
    const before = arena.used;
    expect(memory.readWord(2 ** 33)).toBe(0);
    expect(arena.used).toBe(before);
    memory.writeWord(2 ** 33, 42);
    expect(memory.readWord(2 ** 33)).toBe(42);
    expect(arena.used).toBe(before + 4096);
  });

  test("copies across page borders", () => {
    const arena = Arena.create(1 << 24);
    const memory = new Memory(arena, "RAM", 1 << 16);
    arena.seal();
    const bytes = Uint8Array.from({ length: 9000 }, (_, i) => i * 7);
    memory.copyIn(4000, bytes);
    const back = new Uint8Array(9000);
    memory.copyOut(4000, back);
    expect(back).toEqual(bytes);
  });

  test("says so when the arena is full", () => {
    const arena = Arena.create(1 << 24);
    const memory = new Memory(arena, "RAM", 1 << 26);
    arena.seal();
    const fill = () => {
      for (let at = 0; at < 1 << 26; at += 4096) memory.writeWord(at, 1);
    };
    expect(fill).toThrow(ArenaFull);
  });
});

describe("an arena", () => {
  test("comes back from a snapshot, frames and timers included", () => {
    const arena = Arena.create(1 << 24);
    const clock = new Clock(arena);
    const timer = clock.timer(() => undefined);
    const memory = new Memory(arena, "RAM", 1 << 16);
    arena.seal();
    memory.writeWord(0x5000, 7);
    timer.arm(1000);
    const [snapshot, digest] = [arena.snapshot(), arena.digest()];
    memory.writeWord(0x5000, 8);
    memory.writeWord(0x9000, 9);
    clock.spend(5000);
    arena.restore(snapshot);
    expect(arena.digest()).toBe(digest);
    expect([memory.readWord(0x5000), memory.readWord(0x9000), timer.deadline]).toEqual([7, 0, 1000]);
  });
});

describe("the clock", () => {
  test("fires timers in the order of their deadlines, each at its own moment", () => {
    const arena = Arena.create(1 << 24);
    const clock = new Clock(arena);
    const seen: [string, number][] = [];
    const late = clock.timer(() => seen.push(["late", clock.now]));
    const early = clock.timer(() => {
      seen.push(["early", clock.now]);
      early.arm(300);
    });
    late.arm(500);
    early.arm(100);
    clock.spend(600);
    expect(seen).toEqual([
      ["early", 100],
      ["early", 400],
      ["late", 500],
    ]);
    expect(clock.now).toBe(600);
  });
});
