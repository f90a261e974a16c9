/** What a machine's description says and no machine can be, with its place in the JSON. */

export type JsonPath = readonly (string | number)[];

/** The description says what cannot be; `path` is where in its JSON. */
export class DescriptionError extends RangeError {
  readonly path: JsonPath;

  constructor(path: JsonPath, sentence: string) {
    super(sentence);
    this.path = path;
  }
}

/** What goes wrong while a part is made is said with its place in the description. */
export function at<T>(path: JsonPath, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError && !(error instanceof DescriptionError))
      throw new DescriptionError(path, error.message);
    throw error;
  }
}
