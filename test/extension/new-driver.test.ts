/** What New Driver writes, compiled as the editor would: with the folder's own tsconfig and nothing from npm. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, it } from "vitest";
import { driverText, tsconfigText } from "../../extension/driver-folder";
import { isDriver } from "../../extension/driver-source";

const headers = path.join(import.meta.dirname, "../../emulator/linux/include/linux");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "new-driver-"));
  cpSync(headers, path.join(folder, ".rootport/types/linux"), { recursive: true });
  writeFileSync(path.join(folder, "tsconfig.json"), tsconfigText);
});
afterAll(() => rmSync(folder, { recursive: true }));

function complaints(text: string): readonly number[] {
  const file = path.join(folder, "blinker.ts");
  writeFileSync(file, text);
  const { config } = ts.readConfigFile(path.join(folder, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  return ts.getPreEmitDiagnostics(ts.createProgram([file], options)).map(({ code }) => code);
}

it("compiles at once", () => {
  expect(complaints(driverText("blinker"))).toEqual([]);
});

it("is seen as a driver by the editor", () => {
  expect(isDriver(driverText("blinker"))).toBe(true);
});

it("refuses arithmetic on a mapped address, and what type stripping cannot strip", () => {
  const text = driverText("blinker");
  const operator = 2365;
  expect(complaints(text.replace("pci_set_drvdata(pdev, io);", "pci_set_drvdata(pdev, io + 4);"))).toContain(
    operator,
  );
  const erasableOnly = 1294;
  expect(complaints(`${text}\nenum Bits {\n  A,\n}\n`)).toContain(erasableOnly);
});
