/**
 * The table of inputs: every name, where it belongs and its default. The descriptions are in action.yml, and a test holds
 * the two and the README together.
 */

/** The groups of the README, in its order. */
export const GROUPS = ['What', 'Where', 'Who', 'Safety', 'Reporting', 'Advanced'] as const;

export interface InputSpec {
  readonly name: string;
  readonly group: (typeof GROUPS)[number];
  /** The value that counts if none is given, as a user would write it; repeated in action.yml so that users see it there. */
  readonly default?: string;
  /**
   * Entries of a list may be in quotes. If it is `strict`, the whole list must not be; `lenient` is for entries that cannot be mistaken,
   * whatever is around them.
   */
  readonly list?: 'strict' | 'lenient';
  /** Masked as soon as it is read, and never shown in a mistake. */
  readonly secret?: true;
}

export const INPUTS = [
  { name: 'images', group: 'What', list: 'lenient' },
  { name: 'manifest', group: 'What' },
  { name: 'manifest-builds', group: 'What', list: 'strict' },
  { name: 'min-images', group: 'What' },
  { name: 'match-name', group: 'What' },
  { name: 'if-none', group: 'What', default: 'fail' },
  { name: 'status', group: 'What', default: 'accepted' },
  { name: 'mode', group: 'What', default: 'apply' },
  { name: 'project', group: 'Where', list: 'strict' },
  { name: 'vault', group: 'Where', list: 'strict' },
  { name: 'api', group: 'Where', default: 'ims' },
  { name: 'project-domain', group: 'Where' },
  { name: 'region', group: 'Where' },
  { name: 'ims-endpoint', group: 'Where' },
  { name: 'auth-url', group: 'Where' },
  { name: 'token', group: 'Who', secret: true },
  { name: 'username', group: 'Who' },
  { name: 'password', group: 'Who', secret: true },
  { name: 'domain', group: 'Who' },
  { name: 'access-key', group: 'Who', secret: true },
  { name: 'secret-key', group: 'Who', secret: true },
  { name: 'security-token', group: 'Who', secret: true },
  { name: 'identity-provider', group: 'Who' },
  { name: 'audience', group: 'Who' },
  { name: 'application-credential-id', group: 'Who' },
  { name: 'application-credential-secret', group: 'Who', secret: true },
  { name: 'agency-name', group: 'Who' },
  { name: 'agency-domain', group: 'Who' },
  { name: 'trusted-owners', group: 'Safety', list: 'strict' },
  { name: 'require-proof', group: 'Safety', default: 'true' },
  { name: 'share-timeout', group: 'Safety', default: '2m' },
  { name: 'timeout', group: 'Safety', default: '10m' },
  { name: 'wait', group: 'Safety', default: 'true' },
  { name: 'summary', group: 'Reporting', default: 'true' },
  { name: 'results-file', group: 'Reporting' },
  { name: 'commit-status', group: 'Reporting' },
  { name: 'commit-sha', group: 'Reporting' },
  { name: 'github-token', group: 'Reporting', secret: true },
  { name: 'poll-interval', group: 'Advanced' },
  { name: 'request-timeout', group: 'Advanced', default: '30s' },
  { name: 'retries', group: 'Advanced', default: '5' },
] as const satisfies readonly InputSpec[];

type Row = (typeof INPUTS)[number];
export type InputName = Row['name'];

/** Name of an input whose value must not be shown. */
export type SecretInput = Extract<Row, { secret: true }>['name'];

/** Name of an input whose value may be shown. */
export type PlainInput = Exclude<InputName, SecretInput>;

/** isSecretInput returns whether the value of an input must not be shown. */
export function isSecretInput(name: string): name is SecretInput {
  return specOf(name)?.secret === true;
}

const BY_NAME: ReadonlyMap<string, InputSpec> = new Map(INPUTS.map((row) => [row.name, row]));

/** specOf gives the row of an input; undefined if there is no input of that name. */
export function specOf(name: string): InputSpec | undefined {
  return BY_NAME.get(name);
}
