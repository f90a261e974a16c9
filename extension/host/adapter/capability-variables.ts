/** Capabilities in the Variables view: each in the words of `lspci -vv`, with its registers. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { capabilities } from "../../../emulator/formats/lspci/capability-list";
import { ConfigBytes } from "../../../emulator/formats/lspci/config-bytes";
import { Naming } from "../../../emulator/formats/lspci/naming";
import type { SysfsDevice } from "../../../emulator/linux/sysfs";
import type { FunctionView, RegisterView } from "../../../emulator/machine/views";
import type { Control } from "../control";
import type { Handles } from "./handles";

const CONFIG_BYTES = 4096;
const POINTER = 0x34;
const LINE = /^\tCapabilities: \[(\w+)(?: v\d+)?\] (.*)$/;

interface Listed {
  readonly at: number;
  /** `MSI: Enable+ Count=1/1 Maskable- 64bit+` */
  readonly text: string;
}

export function capabilityVariables(
  view: FunctionView,
  { control, handles }: { control: Control; handles: Handles },
): DebugProtocol.Variable[] {
  const all = listed(view, control);
  const starts = all.map(({ at }) => at).toSorted((a, b) => a - b);
  return all.map(({ at, text }) => {
    const end = starts.find((start) => start > at) ?? CONFIG_BYTES;
    const views = view.config.filter(({ offset }) => offset >= at && offset < end);
    return { ...named(at, text), ...opened(views, handles), presentationHint: { attributes: ["readOnly"] } };
  });
}

function listed(view: FunctionView, control: Control): readonly Listed[] {
  const device = asSysfs(view, control.peek(`cfg@${view.bdf}:0x0`, 0, CONFIG_BYTES));
  const naming = new Naming(control.names, "both");
  const given = { config: new ConfigBytes(device.config), device, naming, verbosity: 2 };
  return capabilities(given, POINTER).flatMap((line) => {
    const [, at, text = ""] = LINE.exec(line) ?? [];
    return at === undefined ? [] : [{ at: Number.parseInt(at, 16), text }];
  });
}

/** As far as a decoder asks. */
function asSysfs(
  { bdf, vendor, device, classCode, revision }: FunctionView,
  config: Uint8Array,
): SysfsDevice {
  return {
    name: bdf,
    config,
    resource: [],
    irq: 0,
    vendor: Number.parseInt(vendor, 16),
    device: Number.parseInt(device, 16),
    subsystemVendor: 0,
    subsystemDevice: 0,
    class: classCode,
    revision,
  };
}

function named(at: number, text: string): { name: string; value: string } {
  const [name = "", ...more] = text.split(/:? /);
  return { name: `[${at.toString(16)}] ${name}`, value: more.join(" ") || name };
}

function opened(views: readonly RegisterView[], handles: Handles): { variablesReference: number } {
  return { variablesReference: views.length > 0 ? handles.add({ kind: "registers", views }) : 0 };
}
