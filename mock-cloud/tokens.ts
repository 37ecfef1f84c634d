/**
 * Issuing and ending tokens.
 */
import type { State } from './state.ts';
import type { Identity, Project, Token } from './types.ts';

/** newToken issues a token and remembers it. */
export function newToken(
  state: State,
  given: {
    readonly identity: Identity;
    readonly project: Project | null;
    readonly methods: readonly string[];
    readonly lifetimeMs?: number | undefined;
    readonly assumedBy?: Identity;
    readonly identityProvider?: string;
  },
): Token {
  const issuedAt = state.now();
  const token: Token = {
    value: state.random.token(state.settings.tokenLength),
    identity: given.identity,
    project: given.project,
    methods: given.methods,
    issuedAt,
    expiresAt: issuedAt + (given.lifetimeMs ?? state.settings.tokenLifetimeMs),
    assumedBy: given.assumedBy ?? null,
    identityProvider: given.identityProvider ?? null,
  };
  state.tokens.set(token.value, token);
  return token;
}

/** expireTokens ends every token issued so far. */
export function expireTokens(state: State): void {
  const now = state.now();
  for (const token of state.tokens.values()) token.expiresAt = Math.min(token.expiresAt, now);
}
