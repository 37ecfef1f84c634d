/**
 * Which images and projects, which mode, and mistakes in the inputs.
 */
import { password, token } from '../openrc.ts';
import { Relay } from '../relay.ts';
import { ACCEPT_GOLDEN, all, BLOCK_GOLDEN, NOW, type Scenario, withPassword } from './shape.ts';

const MANY = Object.fromEntries(
  Array.from({ length: 30 }, (_, at) => [`golden-${at}`, { standing: 'pending', name: `golden-${at}` } as const]),
);

export const LISTS: readonly Scenario[] = [
  {
    title: 'Thirty images on two pages are matched by name and accepted',
    images: MANY,
    outcome: 'success',
    run: (world) => ({
      inputs: { ...password(world), 'match-name': 'golden-*', 'trusted-owners': world.builders.project.id },
    }),
    after: Object.fromEntries(Object.keys(MANY).map((key) => [key, 'accepted'])),
  },
  {
    title: "A stranger's image of a matching name is left out",
    images: {
      golden: { standing: 'pending', name: 'golden-1' },
      silver: { standing: 'pending', name: 'silver-1' },
      turned: { standing: 'rejected', name: 'golden-2' },
    },
    outcome: 'success',
    run: async (world) => {
      const stranger = await world.addTenant('strangers');
      await world.addImage({ standing: 'pending', name: 'golden-3', owner: stranger });
      return { inputs: { ...password(world), 'match-name': 'golden-*', 'trusted-owners': world.builders.project.id } };
    },
    after: { golden: 'accepted' },
    says: [/golden-3/, /golden-2/],
  },
  {
    title: 'A plan lists what would change and changes nothing',
    images: { golden: 'pending', done: 'accepted' },
    outcome: 'planned',
    run: withPassword({ mode: 'plan' }),
  },
  {
    title: 'A check succeeds if every image is accepted',
    images: { golden: 'accepted', silver: 'accepted' },
    outcome: 'success',
    run: withPassword({ mode: 'check' }),
  },
  {
    title: 'A check fails if one image is not accepted, and changes nothing',
    images: { golden: 'accepted', silver: 'rejected', stray: 'not shared' },
    outcome: 'partial',
    run: withPassword({ mode: 'check' }),
  },
];

export const PROJECTS: readonly Scenario[] = [
  {
    title: 'Two projects accept in one run',
    ...ACCEPT_GOLDEN,
    run: async (world, images) => {
      const second = await world.addProject('second');
      for (const image of Object.values(images)) await world.share(image, second);
      return withPassword({ project: `${world.receivers.project.name}\n${second.name}` })(world, images);
    },
    also: (_world, _images, { results }) => {
      if (results.length !== 2) throw new Error(`${results.length} results`);
    },
  },
  {
    title: 'One blocked project stops the other before anything is changed',
    ...BLOCK_GOLDEN,
    run: async (world, images) => {
      const second = await world.addProject('second');
      return withPassword({ ...NOW, project: `${world.receivers.project.name}\n${second.name}` })(world, images);
    },
    says: [/not shared/],
  },
];

export const CLIENT: readonly Scenario[] = [
  {
    title: "A change is seen through the cloud's own client",
    ...ACCEPT_GOLDEN,
    run: withPassword(),
    also: async (world, { golden = '' }) => {
      const seen = await world.client(golden);
      if (seen !== 'accepted') throw new Error(`openstacksdk reads ${seen}`);
    },
  },
  {
    title: "A change made through the cloud's own client passes a check",
    images: { golden: 'pending' },
    outcome: 'success',
    run: async (world, images) => {
      await world.client(images['golden'] ?? '', 'accepted');
      return withPassword({ mode: 'check' })(world, images);
    },
    after: { golden: 'accepted' },
  },
];

export const MISTAKES: readonly Scenario[] = [
  {
    title: 'Inputs that plain OpenStack has no use for are mistakes, all named at once',
    ...BLOCK_GOLDEN,
    run: withPassword({ vault: 'v-1', wait: 'false', 'agency-name': 'helpers', 'agency-domain': 'elsewhere' }),
    says: [/vault/, /wait/, /agency-name/],
  },
  {
    title: 'Without the input api, the error recommends it',
    ...BLOCK_GOLDEN,
    run: async (world, images) => {
      const { token: mine = '', 'auth-url': url = '' } = await token(world);
      const where = { 'auth-url': url, 'ims-endpoint': world.bed.imageUrl };
      return { inputs: { ...where, token: mine, images: all(images) } };
    },
    says: [/api: openstack/],
  },
  {
    title: "Without the input api, Glance's own answer leads to it if no path does",
    ...BLOCK_GOLDEN,
    run: async (world, images) => {
      const { token: mine = '' } = await token(world);
      const rootOf = async (url: string) => new URL(await new Relay(url).listen()).origin;
      const [keystone, glance] = await Promise.all(
        [world.bed.authUrl.replace(/\/v3$/, ''), world.bed.imageUrl].map(rootOf),
      );
      return { inputs: { 'auth-url': `${keystone}`, 'ims-endpoint': `${glance}`, token: mine, images: all(images) } };
    },
    says: [/api: openstack/],
  },
];
