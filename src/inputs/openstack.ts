/**
 * Plain OpenStack: addresses have other forms there, and several inputs and variables have no effect.
 */
import type { Api } from '../model.ts';
import { noteRegions, noteUrls } from './disagreement.ts';
import type { InputReader } from './input-reader.ts';
import type { LoginReading } from './login.ts';
import { lineOf, theseAre } from './parse.ts';
import type { Place } from './place.ts';
import type { InputName } from './table.ts';
import { parseGlanceUrl, parseKeystoneUrl } from './url.ts';
import { isRead, READ_VARIABLES } from './variables.ts';

/** The inputs that do not go with an API, and why. */
const REFUSED: Readonly<Record<Api, readonly (readonly [names: readonly InputName[], expected: string])[]>> = {
  ims: [
    [
      ['project-domain', 'application-credential-id', 'application-credential-secret'],
      'These are for plain OpenStack: set `api: openstack`, or leave them out.',
    ],
  ],
  openstack: [
    [['vault'], 'Plain OpenStack has no vaults. Leave it out, or set `api: ims`.'],
    [
      ['identity-provider', 'audience'],
      'Plain OpenStack does not take the ID token of the workflow: use an application credential. Leave it out, or set `api: ims`.',
    ],
    [
      ['agency-name', 'agency-domain'],
      'Plain OpenStack has no agencies: use credentials of the member project. Leave it out, or set `api: ims`.',
    ],
    [
      ['access-key', 'secret-key', 'security-token'],
      'Plain OpenStack does not take signed requests: use an application credential. Leave it out, or set `api: ims`.',
    ],
  ],
};

/** refuseOthers notes inputs that do not go with the API, and warns of such variables on plain OpenStack. */
export function refuseOthers(reader: InputReader): void {
  const { api } = reader;
  const isSet = (name: string) => reader.variable(name) !== null;
  for (const [inputs, expected] of REFUSED[api]) {
    const names = inputs.filter(isSet);
    if (names.length > 0) reader.mistake(names.join(', '), null, expected);
  }
  const others = READ_VARIABLES.filter((row) => !isRead(row, api)).map(({ name }) => name);
  const set = api === 'openstack' ? others.filter(isSet) : [];
  if (set.length > 0) reader.warn(`${theseAre(set)} ignored: \`api\` is \`openstack\`.`);
}

/** readKeystonePlace reads region and addresses. */
export function readKeystonePlace(reader: InputReader, { method }: LoginReading): Place {
  if (method !== null && method !== 'password' && reader.given('project-domain') !== null)
    reader.mistake(
      'project-domain',
      reader.given('project-domain'),
      'Expected with method password only: a token or application credential carries its project. Leave it out.',
    );
  const regions = reader.candidates('region');
  const [named = null] = regions;
  noteRegions(reader, named, regions);
  const region = reader.parseVariable(named?.name, lineOf(255));
  const addresses = reader.candidates('auth-url');
  const [address] = addresses;
  if (address === undefined)
    reader.mistake(
      'auth-url',
      null,
      'Give the address of Keystone, such as `https://cloud.example.com/identity/v3`. The openrc file of the cloud has it as `OS_AUTH_URL`.',
    );
  const authUrl = reader.parseVariable(address?.name, parseKeystoneUrl);
  noteUrls(reader, address?.name ?? '', authUrl ?? '', addresses);
  return { region, authUrl, imsEndpoint: reader.parse('ims-endpoint', parseGlanceUrl) };
}
