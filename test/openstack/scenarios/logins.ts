/**
 * Every way to log in, and what goes wrong with it.
 */
import { credential, OPENRC, token } from '../openrc.ts';
import { ACCEPT_GOLDEN, all, BLOCK_GOLDEN, during, type Scenario, withPassword } from './shape.ts';

export const LOGINS: readonly Scenario[] = [
  { title: 'A user with a password accepts an image', ...ACCEPT_GOLDEN, run: withPassword() },
  {
    title: 'An application credential accepts an image without naming a project',
    ...ACCEPT_GOLDEN,
    run: async (world, images) => ({ inputs: { ...(await credential(world)), images: all(images) } }),
  },
  {
    title: 'A token accepts an image without naming a project',
    ...ACCEPT_GOLDEN,
    run: async (world, images) => ({ inputs: { ...(await token(world)), images: all(images) } }),
  },
  ...Object.entries(OPENRC).map(
    ([writer, variables]): Scenario => ({
      title: `The openrc file of ${writer} works unchanged`,
      ...ACCEPT_GOLDEN,
      run: async (world, images) => ({
        inputs: { api: 'openstack', images: all(images) },
        env: await variables(world),
      }),
    }),
  ),
  {
    title: "A user accepts in a project of another domain, named with the project's domain",
    images: { golden: 'not shared' },
    outcome: 'success',
    run: async (world, images) => {
      const domain = await world.addDomain('customers');
      const project = await world.addProject('elsewhere', 'member', domain);
      for (const image of Object.values(images)) await world.share(image, project);
      return withPassword({ project: project.name, 'project-domain': domain.name })(world, images);
    },
    also: ({ receivers }, _images, { results }) => {
      if (results[0]?.project === receivers.project.id) throw new Error('accepted in the wrong project');
    },
  },
  {
    title: 'The region picks the image endpoint if the catalog lists several',
    ...ACCEPT_GOLDEN,
    run: async (world, images) => {
      await world.addRegion('Elsewhere', 'http://127.0.0.1:9/image');
      return withPassword({ region: 'RegionOne' })(world, images);
    },
  },
  {
    title: 'A wrong password stops the run before anything is changed',
    ...BLOCK_GOLDEN,
    run: withPassword({ password: 'not-the-password-9' }),
    says: [/password/],
  },
  {
    title: 'An application credential that does not exist is not taken for a wrong address',
    ...BLOCK_GOLDEN,
    run: async (world, images) => {
      const inputs = { ...(await credential(world)), 'application-credential-id': '0123456789abcdef0123456789abcdef' };
      return { inputs: { ...inputs, images: all(images) } };
    },
    says: [/application-credential-id/],
  },
  {
    title: 'A token of another project stops the run before anything is changed',
    ...BLOCK_GOLDEN,
    run: async (world, images) => {
      const other = await world.addProject('other');
      const inputs = { ...(await token(world)), token: await world.token(world.receivers.user, other) };
      return { inputs: { ...inputs, project: world.receivers.project.name, images: all(images) } };
    },
    says: [/project/],
  },
  {
    title: 'An unscoped token stops the run before anything is changed',
    ...BLOCK_GOLDEN,
    run: async (world, images) => {
      const inputs = { ...(await token(world)), token: await world.token(world.receivers.user, null) };
      return { inputs: { ...inputs, project: world.receivers.project.id, images: all(images) } };
    },
    says: [/project/],
  },
  {
    title: 'A token that is revoked in mid-run is renewed once',
    ...ACCEPT_GOLDEN,
    run: during({}, ({ bed }) => ({
      on: /^PUT/,
      does: (mine) => bed.keystone.send('DELETE', '/auth/tokens', undefined, { 'X-Subject-Token': mine }),
    })),
  },
];
