import { describe, expect, it } from "vitest";
import { devmem } from "../../../extension/host/shell/devmem";
import { cat, entries, ls } from "../../../extension/host/shell/files";
import { filtered } from "../../../extension/host/shell/filters";
import { lspci, lspciOptions } from "../../../extension/host/shell/lspci";
import { stagesOf } from "../../../extension/host/shell/words";
import { reachable } from "../../support/terminal";

describe("a line", () => {
  it("is split into words; quotes and backslashes keep them together", () => {
    expect(stagesOf(`grep "a b" c\\ d 'e|f'`)).toEqual([["grep", "a b", "c d", "e|f"]]);
  });

  it("has filters behind bars", () => {
    expect(stagesOf("lspci -vv | grep BAR|wc -l")).toEqual([
      ["lspci", "-vv"],
      ["grep", "BAR"],
      ["wc", "-l"],
    ]);
  });

  it.each([
    ["dmesg > file", "Nothing is written to files"],
    ["lspci; dmesg", "One command at a time"],
    ["grep 'a", "Close what ' opens"],
    ["lspci |", "on either side"],
  ])("%s is refused in a sentence", (line, sentence) => {
    expect(() => stagesOf(line)).toThrow(sentence);
  });
});

describe("a filter", () => {
  const text = "one\ntwo\nthree\n";
  it.each([
    [["grep", "-v", "o"], "three\n"],
    [["grep", "-in", "TWO"], "2:two\n"],
    [["grep", "-c", "e"], "2\n"],
    [["grep", "-F", "."], ""],
    [["head", "-2"], "one\ntwo\n"],
    [["tail", "-n", "1"], "three\n"],
    [["wc", "-l"], "3\n"],
  ])("%j", (words, expected) => {
    expect(filtered(text, words)).toBe(expected);
  });
});

describe("lspci", () => {
  it("takes its options bundled and repeated", () => {
    expect(lspciOptions(["-vvnn", "-xxx", "-s00:03.0", "-D"])).toEqual({
      v: 2,
      n: 2,
      m: 0,
      x: 3,
      s: "00:03.0",
      D: true,
    });
  });

  it("prints a function, and refuses an option that is none", async () => {
    expect(await lspci(reachable(), ["-n", "-s", "01:00.0"])).toBe("01:00.0 00ff: 1234:11e8 (rev 10)\n");
    await expect(lspci(reachable(), ["--all"])).rejects.toThrow("is not understood");
  });
});

describe("devmem", () => {
  it("reads over the bus as busybox prints it", async () => {
    expect(await devmem(reachable(), ["0x40000000"])).toMatch(/^0x[0-9A-F]{8}\n/);
  });

  it("reads what was written to RAM, in the width asked for", async () => {
    const machine = reachable();
    const said = await devmem(machine, ["0x5000000", "64", "0x1122334455667788"]);
    expect(said).toBe(
      "0x1122334455667788 was written over the bus to 0x5000000, which now holds 0x1122334455667788.\n",
    );
    expect(await devmem(machine, ["0x5000000", "16"])).toBe("0x7788\n");
  });

  it("takes a bare number for decimal, as C does", async () => {
    const machine = reachable();
    await devmem(machine, ["83886080", "32", "5"]);
    expect(await devmem(machine, ["0x5000000"])).toBe("0x00000005\n");
  });

  it("says why nothing answers where nothing does", async () => {
    expect(await devmem(reachable(), ["0xdead0000"])).toMatch(/^0xFFFFFFFF\n# .+\n$/);
  });

  it.each([[[]], [["0x0", "13"]]])("refuses %j with its usage", async (words) => {
    await expect(devmem(reachable(), words)).rejects.toThrow("devmem ADDRESS");
  });
});

describe("files", () => {
  it("reads /proc/iomem and sysfs's resource", async () => {
    expect(await cat(reachable(), ["/proc/iomem"])).toMatch(/^00000000-00000fff : Reserved\n/);
    const resource = await cat(reachable(), ["/sys/bus/pci/devices/0000:01:00.0/resource"]);
    expect(resource.split("\n")[0]).toBe("0x0000000040000000 0x00000000400fffff 0x0000000000040200");
    expect(await cat(reachable(), ["/sys/bus/pci/devices/01:00.0/vendor"])).toBe("0x1234\n");
  });

  it("lists folders down to a device's files", async () => {
    expect(await ls(reachable(), [])).toBe("proc\nsys\n");
    expect(await entries(reachable(), "/sys/bus/pci/devices")).toContain("0000:01:00.0");
    expect(await entries(reachable(), "/sys/bus/pci/devices/0000:01:00.0/")).toContain("resource");
  });

  it("refuses what is not there in coreutils' words, and what is binary with the way to see it", async () => {
    await expect(cat(reachable(), ["/etc/passwd"])).rejects.toThrow("No such file or directory");
    await expect(ls(reachable(), ["/etc"])).rejects.toThrow("cannot access '/etc'");
    await expect(cat(reachable(), ["/sys/bus/pci/devices/01:00.0/config"])).rejects.toThrow("lspci -xxxx");
  });
});
