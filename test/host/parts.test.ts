/** Small parts of the host that have no process: checked where the conversation would be too coarse. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { conditionOf } from "../../extension/host/adapter/conditions";
import { Execution, type ExecutionEvents } from "../../extension/host/adapter/execution";
import { Scripts } from "../../extension/host/adapter/scripts";
import { addressInfo } from "../../extension/host/adapter/watchpoints";
import { CdpTarget } from "../../extension/host/cdp";
import { epitaph } from "../../extension/host/death";
import { v8Flags } from "../../extension/host/fork";
import { random } from "../../extension/host/worker/determinism";
import { earlyErrorLine, importLine } from "../../extension/host/worker/places";
import { driver } from "./conversation";

describe("the flags of the machine's process", () => {
  it("turn off replacement on the stack before V8 13.6 and not after", () => {
    expect(v8Flags("11.3.244.8-node.33")).toEqual(["--no-use-osr"]);
    expect(v8Flags("12.4.254.21")).toEqual(["--no-use-osr"]);
    expect(v8Flags("13.5.1")).toEqual(["--no-use-osr"]);
    expect(v8Flags("13.6.233.10-node.28")).toEqual([]);
    expect(v8Flags("14.0.1")).toEqual([]);
  });
});

describe("the end of the machine's process", () => {
  it("is told by its cause", () => {
    const tail =
      "#\n# Fatal JavaScript out of memory: Reached heap limit Allocation failed - JavaScript heap out of memory";
    expect(epitaph({ code: null, signal: "SIGABRT", tail }).sentence).toMatch(/used up its memory/);
    expect(epitaph({ code: null, signal: "SIGSEGV", tail: "" }).sentence).toMatch(/crashed \(SIGSEGV\)/);
    expect(epitaph({ code: 1, signal: null, tail: "x\nTypeError: y\n    at z" }).sentence).toMatch(
      /\(exit code 1, TypeError: y\)/,
    );
    expect(epitaph({ code: null, signal: "SIGKILL", tail: "" })).toMatchObject({ wanted: true });
  });
});

describe("a range of addresses for a data breakpoint", () => {
  it("is read in hexadecimal and decimal, and counted forwards when a client counts backwards", () => {
    expect(addressInfo("0x40000008", 4).dataId).toBe("0x40000008+4");
    expect(addressInfo("1073741832", 8).dataId).toBe("0x40000008+8");
    expect(addressInfo("0x40000008", -16).dataId).toBe("0x40000008+16");
  });

  it("is refused with a sentence when it is no number", () => {
    expect(addressInfo("edu.FACTORIAL")).toEqual({
      dataId: null,
      description: expect.stringMatching(/is no address/),
    });
  });
});

describe("a log message", () => {
  it("keeps the backquotes and dollars of its text", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what a person may write
    const condition = conditionOf({ id: 1, logMessage: "`$` {1 + 1} ${2}" }) ?? "";
    const said: unknown[] = [];
    const stops = new Function("console", `return ${condition}`)({ log: (text: unknown) => said.push(text) });
    expect({ stops, said }).toEqual({ stops: false, said: ["`$` 2 $2"] });
  });
});

describe("the path of a script", () => {
  it("is the one that the client wrote, also for a file beside it that it never named", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "rootport-"));
    try {
      const linked = path.join(folder, "linked");
      symlinkSync(path.dirname(driver("factorial")), linked);
      const scripts = new Scripts();
      scripts.spell(path.join(linked, "factorial.ts"));
      expect(scripts.respell(driver("factorial"))).toBe(path.join(linked, "factorial.ts"));
      expect(scripts.respell(driver("registers"))).toBe(path.join(linked, "registers.ts"));
      expect(scripts.respell("/elsewhere/registers.ts")).toBe("/elsewhere/registers.ts");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("seeded dice", () => {
  it("repeat for the same seed and differ for another", () => {
    const throws = (seed: number) => Array.from({ length: 5 }, random(seed));
    expect(throws(1)).toEqual(throws(1));
    expect(throws(1)).not.toEqual(throws(2));
    expect(throws(7).every((value) => value >= 0 && value < 1)).toBe(true);
  });
});

describe("a line of the source", () => {
  const source =
    'import { a } from "linux/io";\nimport {\n  b,\n  ab,\n} from "linux/pci";\nexport * from "./x";\nlet c;\nexport let c;\n';

  it("is found for an import and for a name in it", () => {
    expect(importLine(source, "linux/pci", "ab")).toBe(4);
    expect(importLine(source, "linux/pci", "b")).toBe(3);
    expect(importLine(source, "./x")).toBe(6);
    expect(importLine(source, "linux/io", "ab")).toBeUndefined();
  });

  it("is found for an early error of a module", () => {
    expect(earlyErrorLine(source.replace('export * from "./x";', ""))).toBe(8);
  });
});

describe("a pause", () => {
  it("between a resume and the moment when V8 goes on is asked for again then", () => {
    const sent: string[] = [];
    const target = new CdpTarget(
      (message) => void sent.push((JSON.parse(message) as { method: string }).method),
    );
    const events = { stuck: vi.fn(), stopped: vi.fn(), resumed: vi.fn(), outOfMemory: vi.fn() };
    const execution = new Execution({ target, drain: () => undefined }, { scripts: new Scripts(), events });
    target.receive(
      JSON.stringify({ method: "Debugger.paused", params: { reason: "other", callFrames: [] } }),
    );
    execution.pause();
    expect(sent).toEqual(["Debugger.resume"]);
    target.receive(JSON.stringify({ method: "Debugger.resumed", params: {} }));
    expect(sent).toEqual(["Debugger.resume", "Debugger.pause"]);
    vi.useRealTimers();
  });

  it("that V8 does not obey within two seconds is told, once", () => {
    vi.useFakeTimers();
    const sent: string[] = [];
    const target = new CdpTarget((message) => void sent.push(message));
    const stuck = vi.fn<() => void>();
    const events: ExecutionEvents = { stuck, stopped: vi.fn(), resumed: vi.fn(), outOfMemory: vi.fn() };
    const execution = new Execution({ target, drain: () => undefined }, { scripts: new Scripts(), events });
    execution.pause();
    expect(sent[0]).toContain("Debugger.pause");
    vi.advanceTimersByTime(1999);
    expect(stuck).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_000);
    expect(stuck).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });
});
