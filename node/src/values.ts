/** Types that are written by hand and used by those that are generated. */

/** The known members of an enum of Pluvo's, and whatever members it may get. Editors offer the known ones. */
export type Open<Known extends string> = Known | (string & Record<never, never>);

/** Arguments of which at least one of some is there. */
export type OneOf<Args, Names extends keyof Args> = Args & { [Name in Names]: Required<Pick<Args, Name>> }[Names];

/** What a file holds: its bytes, or the path of a file to read. */
export type Content = Uint8Array | string;

/**
 * A value of an extra category. A text is set as what its category holds, which is read first; a list of texts names
 * options, also where only one can be chosen. An object says its kind itself.
 */
export type ExtraValue =
  | string
  | boolean
  | readonly string[]
  | { readonly text: string }
  | { readonly moment: string | Date }
  | { readonly boolean: boolean }
  | { readonly choices: readonly string[] };
