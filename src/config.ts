/**
 * What the user asked for, after every input was read and found right. Built by `inputs/`, read by everyone else.
 */
import type { Api, LoginTrace, ManifestSource, Mode, TargetStatus } from './model.ts';
import type { Secret } from './secret.ts';

/** How the images are named. */
export type Selection =
  | {
      readonly by: 'ids';
      /** Unique, lower case, in input order, at least one. */
      readonly ids: readonly string[];
      /** The files that the IDs were taken from; empty with `images`. */
      readonly manifests: readonly ManifestSource[];
    }
  | {
      readonly by: 'match-name';
      /** Case-sensitive, `*` and `?`. */
      readonly glob: string;
      readonly ifNone: 'fail' | 'pass';
      /** Fewer results than this in any project stop the run; 0 if any number will do. */
      readonly minImages: number;
    };

/** How a domain is named. */
export type DomainReference = { readonly name: string } | { readonly id: string };

/** One login method with all it needs. */
export type Credentials =
  | { readonly method: 'token'; readonly token: Secret }
  | {
      readonly method: 'password';
      readonly username: string;
      readonly password: Secret;
      /** The user's. */
      readonly domain: DomainReference;
      /** The domain that projects given by name belong to: the user's, unless plain OpenStack has another one. */
      readonly projectDomain: DomainReference;
    }
  | { readonly method: 'application-credential'; readonly id: string; readonly secret: Secret }
  | {
      readonly method: 'aksk';
      readonly accessKey: Secret;
      readonly secretKey: Secret;
      /** Only with temporary keys. */
      readonly securityToken: Secret | null;
    }
  | {
      readonly method: 'oidc';
      readonly identityProvider: string;
      /** `null`: GitHub's own default. */
      readonly audience: string | null;
      /** `ACTIONS_ID_TOKEN_REQUEST_URL` and `…_TOKEN` of the runner. */
      readonly requestUrl: string;
      readonly requestToken: Secret;
    };

/** An agency of another account, assumed after the login. */
export interface Agency {
  readonly name: string;
  /** Name of the delegating account, in which the images are accepted. */
  readonly domain: string;
}

/** The vaults of projects, keyed by the project as given (empty for the token's own), or by its ID. */
export type Vaults = ReadonlyMap<string, string>;

/** A variable that names a project by ID if the one in use was given by name, or the other way round. */
export interface Unconfirmed {
  readonly text: string;
  /** For log and summary, if it turns out to name another project. */
  readonly note: string;
}

/** Sentences about variables and values that may explain an error; empty if there are none. */
export interface Hints {
  /** For refused credentials, a line each. */
  readonly login: readonly string[];
  readonly project: string;
  readonly region: string;
  readonly certificate: string;
}

export interface Config {
  readonly selection: Selection;
  readonly status: TargetStatus;
  readonly mode: Mode;
  readonly api: Api;
  /** IDs or names as given, unique, in input order. Empty: the project that the token or application credential is for. */
  readonly projects: readonly string[];
  /** The input or variable that the projects come from. */
  readonly projectSource: string;
  /** Variables that are compared with the project after the login. */
  readonly unconfirmed: readonly Unconfirmed[];
  readonly vaults: Vaults;
  readonly region: string | null;
  /** Base URL without a trailing slash, path or query. */
  readonly imsEndpoint: string | null;
  /** Base URL without a trailing slash and without `/v3`. */
  readonly authUrl: string | null;
  readonly credentials: Credentials;
  readonly agency: Agency | null;
  readonly login: LoginTrace;
  readonly hints: Hints;
  /** Project IDs; empty if owners are not restricted. */
  readonly trustedOwners: readonly string[];
  /** Milliseconds, as all durations here. 0 stops at once. Never longer than `timeout`. */
  readonly shareTimeout: number;
  readonly timeout: number;
  readonly requestTimeout: number;
  /** `null`: adaptive. */
  readonly pollInterval: number | null;
  readonly retries: number;
  readonly wait: boolean;
  /** Whether a status that was not read back fails the step. */
  readonly requireProof: boolean;
  readonly reporting: Reporting;
  /** Facts found while reading that belong in log and summary, such as older builds of a manifest left out. */
  readonly notes: readonly string[];
  /** Doubts found while reading, such as a manifest that is days old. */
  readonly warnings: readonly string[];
}

/** What to report, and to which place; known even if other inputs are wrong. */
export interface Reporting {
  readonly summary: boolean;
  /** Absolute path. */
  readonly resultsFile: string | null;
  readonly commitStatus: {
    readonly context: string;
    readonly token: Secret;
    /** `commit-sha`; `null`: the commit that the event is about. */
    readonly sha: string | null;
  } | null;
}

/** One wrong input. */
export interface Mistake {
  /** The input's or environment variable's name; several, joined by commas, if they contradict each other. */
  readonly input: string;
  /** What was given, shortened; `null` if it is missing or a secret. */
  readonly value: string | null;
  /** What is wrong with it, what is expected and how to correct it. */
  readonly expected: string;
}

/** The result of reading the inputs: a whole configuration, or every mistake at once. */
export type Reading =
  | { readonly ok: true; readonly config: Config }
  | {
      readonly ok: false;
      readonly mistakes: readonly Mistake[];
      /** What could be understood all the same, so that the report is as complete as it can be. */
      readonly known: {
        readonly status: TargetStatus | null;
        readonly mode: Mode | null;
        /** Empty if the selection itself is wrong. */
        readonly images: readonly string[];
        readonly projects: readonly string[];
        readonly reporting: Reporting;
        readonly warnings: readonly string[];
      };
    };
