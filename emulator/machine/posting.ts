/** How long posted writes may be on their way, as somebody wishes it. */
import { POSTING, type Posting } from "../pci/posted-writes";

export const POSTING_MODES = POSTING;

export interface PostingWish {
  readonly mode: Posting;
  /** Of the random mode; 1 by default. */
  readonly seed?: number;
}
