/** What a person reads, in his language: the text itself is the key. */
import * as vscode from "vscode";

export const { t } = vscode.l10n;
