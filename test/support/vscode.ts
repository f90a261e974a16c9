/** What the extension's pure texts need of VS Code where there is none: English. */
type Argument = string | number | boolean;

export const l10n = {
  t: (message: string, ...given: readonly Argument[]): string =>
    message.replace(/\{(\d+)\}/g, (_, index: string) => String(given[Number(index)])),
};
