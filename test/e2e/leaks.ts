/**
 * Looks for secrets in everything that leaves the action, in every spelling that they may take there.
 */

/** What knows secrets that a run may come across, such as a cloud that issues tokens. */
export interface SecretSource {
  secrets(): readonly string[];
}

const sources = new Set<SecretSource>();

/** watchSecrets lets every run from now on be searched for the secrets of a source; the result ends that. */
export function watchSecrets(source: SecretSource): () => void {
  sources.add(source);
  return () => sources.delete(source);
}

const SECRET_VARIABLES =
  /^(INPUT_(TOKEN|PASSWORD|ACCESS-KEY|SECRET-KEY|SECURITY-TOKEN|GITHUB-TOKEN)|OS_(AUTH_)?TOKEN|OS_PASSWORD|(OS|HW)_(ACCESS_KEY|SECRET_KEY|SECURITY_TOKEN)|HUAWEI_CLOUD_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)|ACTIONS_ID_TOKEN_REQUEST_TOKEN)$/;

/** requireNoLeak throws if one of the texts, named by its place, holds a secret outside the commands that mask it. */
export function requireNoLeak(
  places: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string | undefined>>,
): void {
  const given = Object.entries(variables).flatMap(([name, value]) =>
    SECRET_VARIABLES.test(name) ? [value?.trim() ?? ''] : [],
  );
  const secrets = new Set([...given, ...[...sources].flatMap((source) => source.secrets())].filter(isTelling));
  for (const [place, text] of Object.entries(places)) {
    const shown = text.replaceAll(/^::add-mask::.*$/gm, '');
    for (const secret of secrets) {
      const found = spellings(secret).find((spelling) => shown.includes(spelling));
      if (found !== undefined) {
        const at = shown.indexOf(found);
        throw new Error(
          `a secret leaked into the ${place}: ${JSON.stringify(shown.slice(Math.max(0, at - 200), at + 80))}`,
        );
      }
    }
  }
}

/** Ordinary words and very short values turn up by chance. */
function isTelling(secret: string): boolean {
  return secret.length >= 8 && !/^[a-z-]+$/.test(secret);
}

/** The whole secret in the forms in which it may turn up, and pieces of a long one, because half a token is a leak too. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((skipped) => bytes.subarray(skipped).toString('base64').replace(/=+$/, ''));
  const pieces: string[] = [];
  // All tokens begin alike, so the first characters prove nothing.
  for (let at = 64; at + 32 <= secret.length; at += 32) pieces.push(secret.slice(at, at + 32));
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...base64, ...pieces];
}
