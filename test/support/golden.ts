/** What real Linux 6.1.192 printed on 36 topologies, packed; or a folder of the same layout. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { Arena } from "../../emulator/core/arena";
import { formatIomem, formatIoports } from "../../emulator/formats/iomem";
import { printLspci } from "../../emulator/formats/lspci/print";
import { type PciNames, parsePciIds } from "../../emulator/formats/pci-names";
import { type AssignPolicy, Kernel } from "../../emulator/linux/kernel";
import { resourceText, type SysfsDevice, sysfsDevices } from "../../emulator/linux/sysfs";
import { importMachine } from "../../emulator/machine/import";
import { Machine } from "../../emulator/machine/machine";

/** The texts of one boot, by file name. */
export type Texts = Readonly<Record<string, string>>;

/** The boots of one topology, by variant: `scratch`, `qboot`, `seabios`. */
export type Topology = Readonly<Record<string, Texts>>;

const VERBOSE = "lspci-vvv.txt";
const PACKED = "test/golden/linux";
const ARENA_BYTES = 1 << 27;

export function topologies(folder?: string): readonly string[] {
  if (folder) return readdirSync(folder).filter((name) => existsSync(join(folder, name)));
  return readdirSync(PACKED).map((name) => name.replace(/\.json\.br$/, ""));
}

export function topology(name: string, folder?: string): Topology {
  if (folder) return unpacked(join(folder, name));
  return JSON.parse(
    brotliDecompressSync(readFileSync(join(PACKED, `${name}.json.br`))).toString("utf8"),
  ) as Topology;
}

function unpacked(folder: string): Topology {
  const textsOf = (variant: string) =>
    Object.fromEntries(
      readdirSync(join(folder, variant)).map((file) => [
        file,
        readFileSync(join(folder, variant, file), "utf8"),
      ]),
    );
  return Object.fromEntries(readdirSync(folder).map((variant) => [variant, textsOf(variant)]));
}

export function pciNames(): PciNames {
  return parsePciIds(brotliDecompressSync(readFileSync("extension/data/pci.ids.br")).toString("utf8"));
}

interface Running {
  readonly machine: Machine;
  readonly kernel: Kernel;
}

function run(
  texts: Texts,
  assign: AssignPolicy,
  { pci }: { readonly pci?: string | undefined } = {},
): Running {
  const description = importMachine({
    name: "imported",
    dump: texts["lspci-xxxx.txt"] ?? "",
    iomem: texts["iomem.txt"],
    ioports: texts["ioports.txt"],
    resources: texts["resource.txt"],
    dmesg: texts["dmesg-pci.txt"],
  });
  const machine = new Machine(description, Arena.create(ARENA_BYTES));
  const kernel = new Kernel(machine, pci === undefined ? {} : { pci });
  kernel.boot(assign);
  return { machine, kernel };
}

/** The machine of these texts as Linux had it. */
export function asItWas(texts: Texts): Running {
  return run(texts, "as-is");
}

/** What our Linux logs while it boots these texts. */
export function booted(texts: Texts, assign: AssignPolicy): readonly string[] {
  return run(texts, assign).kernel.log.map(({ text }) => text);
}

/**
 * `lspci -vvv` without what no import can know: drivers and their modules, physical slots, IOMMU groups, and which
 * interrupt a pin was routed to. The recording lost the empty line at the end.
 */
function comparable(verbose: string): string {
  return verbose
    .replace(
      /^\t(Kernel (driver in use|modules)|Physical Slot|IOMMU group|Interrupt: pin \? routed).*\n/gm,
      "",
    )
    .replace(/ routed to IRQ \d+$/gm, "")
    .trimEnd();
}

/** What our sysfs holds after importing these texts. */
export function sysfsOf(texts: Texts, assign: AssignPolicy): readonly SysfsDevice[] {
  return sysfsDevices(run(texts, assign).kernel);
}

/** What `printed` should give for a file: what real Linux printed, as far as an import can know it. */
export function recorded(texts: Texts, file: string): string | undefined {
  const text = texts[file];
  return file === VERBOSE && text !== undefined ? comparable(text) : text;
}

/** What our Linux prints after importing these texts; the file names are those of the texts. */
export function printed(
  texts: Texts,
  { assign, names, pci }: { readonly assign: AssignPolicy; readonly names: PciNames; readonly pci?: string },
): Texts {
  const { kernel } = run(texts, assign, { pci });
  const state = kernel.state();
  const sysfs = sysfsDevices(kernel);
  const devices = kernel.devices.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    "iomem.txt": formatIomem(state.iomem),
    "ioports.txt": formatIoports(state.ioports),
    "resource.txt": devices.map((dev) => `## ${dev.name}\n${resourceText(dev)}`).join(""),
    "lspci-tv.txt": printLspci(sysfs, { names, t: true, v: 1 }),
    "lspci-mm.txt": printLspci(sysfs, { names, D: true, n: 1, m: 2 }),
    [VERBOSE]: comparable(printLspci(sysfs, { names, v: 3, n: 2 })),
  };
}
