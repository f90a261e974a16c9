import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { importTexts } from "../../extension/host/import-folder";
import { importLive } from "../../extension/host/import-live";
import { MachineProblem } from "../../extension/host/machine-file";
import { type Texts, topology } from "../support/golden";

const folder = mkdtempSync(join(tmpdir(), "rootport-live-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const texts = topology("t02-edu-rootbus")["scratch"] ?? {};

/** The dump's lines by function. */
function functionsOf(dump: string): ReadonlyMap<string, readonly string[]> {
  const parts = dump.split(/^(?=[0-9a-f]{2}:[0-9a-f]{2}\.\d )/m);
  return new Map(parts.map((part) => [`0000:${part.slice(0, 7)}`, part.split("\n").slice(1)]));
}

/** What the kernel of a recording had in /sys and /proc. */
function hostOf({ "lspci-xxxx.txt": dump = "", ...rest }: Texts, { bytes }: { bytes: number }): string {
  const root = mkdtempSync(join(folder, "host-"));
  mkdirSync(join(root, "proc"));
  for (const name of ["iomem", "ioports"]) writeFileSync(join(root, "proc", name), rest[`${name}.txt`] ?? "");
  const resources = new Map(
    (rest["resource.txt"] ?? "").split(/^## /m).map((part) => [part.slice(0, 12), part.slice(13)]),
  );
  for (const [bdf, lines] of functionsOf(dump)) {
    const device = join(root, "sys/bus/pci/devices", bdf);
    mkdirSync(device, { recursive: true });
    const config = lines.map((line) => line.split(": ")[1] ?? "").join("");
    writeFileSync(join(device, "config"), Buffer.from(config.replaceAll(" ", ""), "hex").subarray(0, bytes));
    writeFileSync(join(device, "resource"), resources.get(bdf) ?? "");
  }
  return root;
}

describe("A Linux host imported from its own /sys and /proc", () => {
  test("is the machine that its texts describe", () => {
    const live = importLive(hostOf(texts, { bytes: 4096 }));
    const fromTexts = importTexts(
      {
        name: live.name,
        dump: texts["lspci-xxxx.txt"] ?? "",
        resources: texts["resource.txt"],
        iomem: texts["iomem.txt"],
        ioports: texts["ioports.txt"],
      },
      "texts",
    );
    expect(live).toEqual(fromTexts);
  });

  test("is refused where a reader without privileges sees 64 bytes of a configuration space", () => {
    expect(() => importLive(hostOf(texts, { bytes: 64 }))).toThrow(
      new MachineProblem("0000:00:00.0 shows only 64 bytes of its configuration space: run this as root."),
    );
  });

  test("is refused where /proc/iomem hides its addresses", () => {
    const hidden = { ...texts, "iomem.txt": "00000000-00000000 : System RAM\n" };
    expect(() => importLive(hostOf(hidden, { bytes: 4096 }))).toThrow(
      /iomem hides its addresses: run this as root/,
    );
  });

  test("is refused where there is no PCI", () => {
    expect(() => importLive(folder)).toThrow(/does not exist: this host is no Linux, or has no PCI/);
  });
});
