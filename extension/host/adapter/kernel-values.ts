/** The kernel's own objects in the driver's variables, as C would show them: recognised by fields, for a bundle may rename classes. */
import type { Runtime } from "node:inspector";
import type { CdpTarget } from "../cdp";

export interface KernelValue {
  readonly text: string;
  readonly type: string;
  /** Nothing inside is the driver's business. */
  readonly opaque: boolean;
}

type Fields = ReadonlyMap<string, string | undefined>;

export function kernelValue({
  type,
  subtype,
  className,
  preview,
}: Runtime.RemoteObject): KernelValue | undefined {
  if (type !== "object" || subtype !== undefined || className === "Object" || !preview) return undefined;
  const fields: Fields = new Map(preview.properties.map(({ name, value }) => [name, value]));
  if (fields.size === 2 && fields.has("high") && fields.has("low")) return pointer(fields);
  const isDevice = fields.has("kernel") && fields.has("pci") && fields.has("driver");
  return isDevice ? { text: "struct pci_dev", type: "struct pci_dev", opaque: false } : undefined;
}

function pointer(fields: Fields): KernelValue {
  const half = (name: string) => (Number(fields.get(name)) >>> 0).toString(16).padStart(8, "0");
  return { text: `0x${half("high")}${half("low")}`, type: "void __iomem *", opaque: true };
}

const PCI_DEV = `function () {
  const hex = (value, digits) => "0x" + value.toString(16).padStart(digits, "0");
  return {
    name: this.pci.name,
    vendor: hex(this.vendor, 4),
    device: hex(this.device, 4),
    subsystem_vendor: hex(this.subsystem_vendor, 4),
    subsystem_device: hex(this.subsystem_device, 4),
    class: hex(this.class, 6),
    revision: hex(this.revision, 2),
    irq: this.irq,
    driver_data: this.drvdata,
  };
}`;

/** What a `struct pci_dev` shows to its driver. */
export async function driversView(
  { objectId }: { readonly objectId: string },
  target: CdpTarget,
): Promise<{ readonly objectId: string }> {
  const { result } = await target.send("Runtime.callFunctionOn", { objectId, functionDeclaration: PCI_DEV });
  return { objectId: result.objectId ?? objectId };
}
