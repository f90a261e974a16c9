/** What `void __iomem *` and sparse are in C: wrong uses of a mapping do not compile, as one types them. */
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const headers = path.join(import.meta.dirname, "../../../emulator/linux/include");
const file = path.join(import.meta.dirname, "snippet.ts");

const PRELUDE = `
import { type IoMem, ioread32, ioremap, iowrite32 } from "linux/io";
import { kmalloc, GFP_KERNEL } from "linux/slab";
import { pr_info } from "linux/printk";
import { struct, le32, type KernelMem } from "linux/types";
const io = ioremap(42, 4)!;
const mem = kmalloc(4, GFP_KERNEL)!;
const Desc = struct("desc", { len: le32 });
`;

/** The compiler's complaints about a line, with the options that a driver's folder has. */
function complaints(line: string): readonly string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    types: [],
    lib: ["lib.es2023.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    paths: { "linux/*": [path.join(headers, "linux/*.d.ts")] },
  };
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  const getSource = host.getSourceFile.bind(host);
  host.readFile = (name) => (name === file ? `${PRELUDE}${line}` : read(name));
  host.fileExists = (name) => name === file || ts.sys.fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, `${PRELUDE}${line}`, ts.ScriptTarget.ES2022)
      : getSource(name, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

describe("a mapping of device memory", () => {
  // biome-ignore format: a table
  test.each([
    ["is no void pointer (void *io = ioremap(42, 4))", "const p: KernelMem = ioremap(42, 4)!;", /IoMem/],
    ["is not dereferenced (*io)", 'pr_info("%x", io[0]);', /can't be used to index|index/],
    ["is no number (u32 *io)", "const n: number = io;", /IoMem.*number/],
    ["is not added to", "io + 4;", /Operator '\+'|cannot be applied|arithmetic/],
    ["is not indexed", "io[1];", /index/],
    ["is not compared", "io < io;", /operator cannot be applied/i],
    ["is not made of a number", "ioread32(0x40000000);", /number.*IoMem/],
    ["is not made of a kernel pointer", "ioread32(mem);", /KernelMem.*IoMem/],
    ["is not called null before it was checked", "ioread32(ioremap(42, 4));", /null/],
  ])("%s", (_what, line, why) => {
    const [first = ""] = complaints(line);
    expect(first).toMatch(why);
  });

  test("goes to accessors, with an offset, and is moved by plus()", () => {
    expect(complaints('pr_info("%x", ioread32(io)); iowrite32(1, io, 4); ioread32(io.plus(8));')).toEqual([]);
  });
});

describe("fields of a structure in memory", () => {
  test("are numbers of their width: a 64-bit value does not fit a le32", () => {
    expect(complaints("Desc.at(mem).len = 5;")).toEqual([]);
    expect(complaints("Desc.at(mem).len = 5n;")[0]).toMatch(/bigint.*number/);
    expect(complaints("Desc.at(io);")[0]).toMatch(/IoMem.*KernelMem/);
  });
});
