/**
 * What a list looks like if something went wrong on its way here, and what to change upstream. Each kind is recognised either in the
 * whole text, line by line, or in a single entry that is not what was expected.
 */
import { UUID } from '../values.ts';

interface Kind {
  /** Searched for in the whole text. */
  readonly text?: RegExp;
  /** Searched for in each wrong entry. */
  readonly entry?: RegExp;
  /** Tested on each value in JSON. */
  readonly value?: (value: unknown) => boolean;
  readonly hint: string;
}

/** Kinds of damage that can happen to every list. */
const DAMAGED: readonly Kind[] = [
  {
    text: /^[ \t]*\[command\]|^[ \t]*::[a-z-]+( [^:\n]*)?::|^Terraform exited with/m,
    hint: 'There are lines of the Terraform wrapper around the value: set `terraform_wrapper: false` on `hashicorp/setup-terraform` (`tofu_wrapper: false` on `opentofu/setup-opentofu`).',
  },
  {
    text: /\bto(list|set|map|object)\(|^[ \t]*[[{]?[ \t]*"?[\w.-]+"?[ \t]+=[ \t]|<<-?"?EOT|<sensitive>|\(sensitive value\)|\(known after apply\)|No outputs found/m,
    hint: "This is Terraform's display format: use `terraform output -json NAME` (`-raw NAME` for a single string).",
  },
  {
    text: /\[(\d+;)*\d+m/,
    hint: 'There are colour codes in it: switch colours off upstream (`-no-color` for Terraform, `-color=false` for Packer).',
  },
  {
    text: /%0[AD]|\\+[nrt]|\\+u000[ad]|&#(1[03]|x0?[ad]);|<br ?\/?>/i,
    hint: 'Line breaks are still escaped: write the output with a heredoc (`ids<<EOF`, the lines, `EOF`, into `$GITHUB_OUTPUT`), and take strings out of JSON with `jq -r`.',
  },
  {
    text: /%(2[0C]|3B|22|5B)|&(quot|apos|amp|#3[49]);/i,
    hint: 'It is still encoded for a URL or a page: decode it upstream.',
  },
  {
    text: /[\u00ab\u00ad\u00bb\u200b-\u200f\u2018-\u201f\u2060]/,
    hint: 'It contains typographic quotes or invisible characters, as texts from web pages do: type it again.',
  },
  {
    text: /\[object \w+\]|\bSystem\.[A-Z]\w+|\bmap\[|@\{/,
    entry: /^(Array|Object|HashTable)$/i,
    hint: 'A list or an object was put into a text: use `toJSON(…)` in an expression, `ConvertTo-Json` in PowerShell, `JSON.stringify` in JavaScript.',
  },
  {
    text: /\*\*\*/,
    hint: 'A value in it is masked (`***`): keep project, owner and image IDs in variables (`vars`), not in secrets.',
  },
  {
    text: /\$\{|\$\(|%[a-z_]\w+%/i,
    entry: /^\$\w+$/,
    hint: 'An expression or a variable in it was never evaluated: check how it is quoted, and in which place it is written.',
  },
  {
    text: /^[^\w\n]{0,4}(Error|ERROR|jq|Traceback|fatal)\b[^\n]*:|command not found|No such file or directory/m,
    hint: 'There is an error message in it: look at the log of the step upstream.',
  },
  {
    entry: /^(null|undefined|none|nil|nan|<no value>|<no)$/i,
    hint: 'It contains a word for "nothing": the step upstream may have produced nothing.',
  },
  { entry: /^[a-z_]\w*=/i, hint: 'This is a line `name=value`: give the value alone.' },
];

/** A line of a builder, `openstack.ubuntu: …`, or one that gives an image's ID, perhaps cut out of such a line. */
const LABELLED = String.raw`^[ \t]*[\w-]+\.[\w-]+: (?!${UUID}[ \t]*$)[^\s\d"']|^[ \t]*[\w.-]+: [^\n]*\bimages?\b[^\n]*${UUID}|\bimage id: ${UUID}`;

/** Kinds of text about images that are not a list of image IDs. */
const IMAGES: readonly Kind[] = [
  {
    text: /\bbuilds\\*"\s*:|\b(last|packer)_run_uuid\b/,
    entry: /\.json$/i,
    hint: 'This belongs to a Packer manifest: give the path of the file as `manifest`, instead of `images`.',
  },
  {
    text: new RegExp(
      String.raw`^[ \t]*(==>|-->) |^\d{10,},[^,\n]*,[a-z-]+,|\bimages? (was|were) created\b|^Build '[^'\n]*' (finished|errored)|^Builds finished\b|${LABELLED}`,
      'im',
    ),
    hint: "This is Packer's log: let its post-processor `manifest` write a file, and give the path of the file as `manifest`, instead of `images`.",
  },
  {
    text: new RegExp(
      String.raw`^[ \t]*\+[-=+]{3,}|^[ \t]*\|[^\n]*\||^[^\w\n]{0,3}ID[^\w\n]*(Name|Status|$)|^[ \t]*(- )?["']?ID["']?[ \t]*:|[{,]\s*\\*"(ID|image_id)\\*"\s*:|^${UUID}[ \t]+\S[^\n]*[ \t](active|queued|saving|deactivated|killed|deleted)\b`,
      'im',
    ),
    hint: 'This looks like output of the OpenStack client that holds more than IDs: use `openstack image list -f value -c ID` (`image show -f value -c id`), or `-f json` for a list.',
  },
  { text: /\}\s*\{/, hint: 'There are several JSON texts in a row: make one array of them with `jq -s`.' },
  { entry: /(^|:)ami-/i, hint: looksLike('an AMI ID of AWS') },
  { entry: /^\/?subscriptions\//i, hint: looksLike('a resource ID of Azure') },
  { entry: /^(projects\/|https:\/\/.*googleapis\.com\/)/i, hint: looksLike('an image of Google Cloud') },
  { entry: /^sha256:|@sha256:/i, hint: looksLike('a digest of a container image') },
  {
    entry: new RegExp(`^[\\w-]+:${UUID}$`, 'i'),
    hint: looksLike('an image ID with a region in front: remove the region'),
  },
  { entry: new RegExp(`^(https?:/)?/.*${UUID}`, 'i'), hint: looksLike('an address: give the ID at its end alone') },
  { entry: /^[0-9a-f]{32}$/i, hint: looksLike('an ID without dashes, perhaps that of a project') },
  {
    entry: /^[0-9a-f]{6,}-[0-9a-f-]{12,60}$/i,
    hint: looksLike('an image ID that has lost or gained characters: a UUID has 36'),
  },
];

/** What is tried if nothing else is recognised: much looks like a name or like JSON. */
const LAST_RESORTS: readonly Kind[] = [
  { text: /^\s*\{\s*'/, hint: 'JSON needs double quotes: use `json.dumps` in Python, `toJSON(…)` in an expression.' },
  { text: /^\s*[[{][\s\S]*[^\]}\s]\s*$/, hint: 'This looks like JSON that was cut off.' },
  { entry: new RegExp(`${UUID}[\\s,;]`, 'i'), hint: 'A string contains several IDs: give each a string of its own.' },
  {
    entry: /^(?=.*[a-z*?])[\w.*?+()-]{2,}$/i,
    hint: 'This looks like a name or a glob: `match-name` chooses images by name, instead of `images`.',
  },
];

/** What is in JSON, if nothing else is recognised. */
const NESTED: readonly Kind[] = [
  {
    value: (value) => typeof value === 'string' && /^\s*[[{][\s\S]*[\]}]\s*$/.test(value),
    hint: 'There is JSON inside a JSON string: take it out with `fromJSON(…)` or `jq -r`.',
  },
  {
    value: Array.isArray,
    hint: 'There is a list inside: make one flat list, with `flatten(…)` in Terraform or `jq flatten`.',
  },
];

/** What may be given in place of each, by groups: the first group in which something is recognised counts. */
const GROUPS = {
  names: [DAMAGED],
  artifact: [IMAGES],
  images: [[...DAMAGED, ...IMAGES], NESTED, LAST_RESORTS],
};

/** What went wrong shows at the ends of a text; expressions must not take long over the rest. */
const END = 2_000;
const MOST_ENTRIES = 100;
const MOST_HINTS = 3;

/**
 * hintsOn describes what a text and its wrong entries look like, and what to change upstream; empty if nothing is recognised.
 * @param what is expected: names, image IDs, or the artifact of a build
 * @param text empty if there are entries only
 * @param entries those that are wrong
 * @param values what is in the JSON; empty if the text is no JSON
 */
export function hintsOn(
  what: keyof typeof GROUPS,
  text: string,
  entries: readonly string[],
  values: readonly unknown[] = [],
): string {
  const ends = text.length > 2 * END ? `${text.slice(0, END)}\n${text.slice(-END)}` : text;
  const someEntries = entries.slice(0, MOST_ENTRIES).map((entry) => entry.slice(0, END));
  const someValues = values.slice(0, MOST_ENTRIES);
  const isSeen = ({ text, entry, value }: Kind) =>
    text?.test(ends) || someEntries.some((one) => entry?.test(one)) || someValues.some((one) => value?.(one));
  const seen = GROUPS[what].map((kinds) => kinds.filter(isSeen)).find((kinds) => kinds.length > 0) ?? [];
  const hints = seen.slice(0, MOST_HINTS).map(({ hint }) => ` ${hint}`);
  return hints.join('');
}

function looksLike(what: string): string {
  return `What was given looks like ${what}.`;
}
