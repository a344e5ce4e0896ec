/** Documents of the caller's own, with types where a code generator made some. */
import type { CallOptions } from './core.js';
import { ConfigError, type GraphQLErrorDetail } from './errors.js';

/** A parsed document, as `graphql` makes it. */
export interface DocumentLike {
  readonly kind: 'Document';
  readonly definitions: readonly unknown[];
}

/** A document without types: as a text, or parsed. */
export type UntypedDocument = string | (DocumentLike & { readonly __apiType?: never });

/**
 * A document that carries the types of its data and of its variables: a `TypedDocumentNode`, or a
 * `TypedDocumentString`, as GraphQL Code Generator writes them.
 */
export type TypedDocument<Data, Variables> = (DocumentLike | string | { toString(): string }) & {
  // Methods are compared loosely and functions strictly: as there, so that both declarations fit each other.
  __apiType?: (variables: Variables) => Data;
};

/** How a document is sent. */
export interface QueryOptions extends CallOptions {
  /** Which of the document's operations to run, where it has several. */
  readonly operationName?: string | undefined;
  /** Whether a mutation may be sent again where nobody knows whether it was carried out. */
  readonly repeatable?: boolean | undefined;
}

/** Data that may have errors beside it. */
export interface PartialResult<Data> {
  readonly data: Data | null;
  readonly errors: readonly GraphQLErrorDetail[];
  /** The answer's own: of its last attempt, but for the number of attempts. */
  readonly meta: {
    readonly status: number;
    readonly requestId: string | null;
    readonly attempts: number;
    readonly elapsedMs: number;
    readonly bytes: number;
  };
}

/** A partial result as the native module tells it. */
export interface WirePartial {
  data: unknown;
  errors: GraphQLErrorDetail[];
  meta: Omit<PartialResult<unknown>['meta'], 'elapsedMs'> & { elapsed: number };
}

/** The same with lengths of time as the package has them. */
export function toPartial({ data, errors, meta: { elapsed, ...meta } }: WirePartial): PartialResult<unknown> {
  return { data, errors, meta: { ...meta, elapsedMs: elapsed * 1000 } };
}

const printed = new WeakMap<object, string>();

/** The text of a document. Parsed ones are printed by the `graphql` package that made them, each once. */
export async function documentText(document: unknown): Promise<string> {
  if (typeof document === 'string') return document;
  if (!isParsed(document)) return String(document);
  const known = printed.get(document);
  if (known !== undefined) return known;
  const { print } = await import('graphql').catch((error: unknown) => {
    throw new ConfigError(
      { code: 'config', message: 'to send a parsed document, install `graphql`; or pass the document as a text' },
      { cause: error },
    );
  });
  const text = print(document as unknown as Parameters<typeof print>[0]);
  printed.set(document, text);
  return text;
}

function isParsed(document: unknown): document is DocumentLike {
  return typeof document === 'object' && document !== null && 'kind' in document && document.kind === 'Document';
}
