/** The addresses of a register on its way from the driver to the device. */
import type { BarView, FunctionView, MappingView, RegisterView } from "../emulator/machine/views";
import { barName } from "./device-text";
import { t } from "./l10n";

const plus = (start: string, offset: number): string => `0x${(BigInt(start) + BigInt(offset)).toString(16)}`;

/** The address of a driver's mapping that shows this byte. */
function virtualOf(physical: string, mappings: readonly MappingView[]): string | undefined {
  const at = BigInt(physical);
  const found = mappings.find(
    (each) => at >= BigInt(each.physical) && at < BigInt(each.physical) + BigInt(each.bytes),
  );
  return found && plus(found.virtual, Number(at - BigInt(found.physical)));
}

/** `virtual 0xffffc90000000008 → physical 0x40000008 → bus 0x40000008 → BAR0 + 0x8`: what there is of it. */
export function wayInBar(
  register: RegisterView,
  { bar, mappings }: { readonly bar: BarView; readonly mappings: readonly MappingView[] },
): string {
  const { physical, offset } = register;
  const virtual = physical === undefined ? undefined : virtualOf(physical, mappings);
  return [
    ...(virtual === undefined ? [] : [t("virtual {0}", `\`${virtual}\``)]),
    ...(physical === undefined ? [] : [t("physical {0}", `\`${physical}\``)]),
    ...(bar.bus === undefined
      ? []
      : [
          bar.kind === "io"
            ? t("port {0}", `\`${plus(bar.bus, offset)}\``)
            : t("bus {0}", `\`${plus(bar.bus, offset)}\``),
        ]),
    `${barName(bar)} + \`0x${offset.toString(16)}\``,
  ].join(" → ");
}

export const wayInConfiguration = ({ offset }: RegisterView, { bdf }: FunctionView): string =>
  `${t("configuration space of {0}", bdf)} + \`0x${offset.toString(16)}\``;
