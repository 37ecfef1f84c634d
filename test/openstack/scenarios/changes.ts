/**
 * Accepting and rejecting, and what stands in the way.
 */
import { ACCEPT_GOLDEN, during, NOW, type Scenario, withPassword } from './shape.ts';

/** A name that Glance stores as it is. */
const HOSTILE =
  'x\n::error::forged\r::warning::forged\n##[error]forged\u0085::notice::forged</td><img src=x>|`\u001b[31m';

export const CHANGES: readonly Scenario[] = [
  {
    title: 'Images are rejected, whether pending or accepted before',
    images: { pending: 'pending', accepted: 'accepted' },
    outcome: 'success',
    run: withPassword({ status: 'rejected' }),
    after: { pending: 'rejected', accepted: 'rejected' },
    says: [/hidden/],
  },
  {
    title: 'A rejected image is accepted again',
    images: { golden: 'rejected' },
    outcome: 'success',
    run: withPassword(),
    after: { golden: 'accepted' },
  },
  {
    title: 'An image that is accepted already is left alone',
    images: { golden: 'accepted' },
    outcome: 'success',
    run: withPassword(),
    also: ({ bed }, _images, { outputs }) => {
      if (outputs['changed'] !== 'false') throw new Error('the output "changed" is not false');
      const sent = bed.relay.requests.filter((line) => line.startsWith('PUT'));
      if (sent.length > 0) throw new Error(`sent ${sent.join(', ')}`);
    },
  },
  {
    title: 'One image that is not shared stops the run before the others are changed',
    images: { golden: 'pending', stray: 'not shared', silver: 'pending' },
    outcome: 'blocked',
    run: withPassword(NOW),
    says: [/not shared/],
  },
  {
    title: 'A share that arrives late is waited for',
    images: { golden: 'pending', late: 'not shared' },
    outcome: 'success',
    run: during({}, (world, { late = '' }) => ({
      on: new RegExp(`^GET /v2/images/${late}/members/`),
      nth: 2,
      does: () => world.share(late, world.receivers.project),
    })),
    after: { golden: 'accepted', late: 'accepted' },
  },
  {
    title: 'An image whose data arrives late is waited for',
    images: { golden: 'queued' },
    outcome: 'success',
    run: during({}, (world, { golden = '' }) => ({
      on: new RegExp(`^GET /v2/images/${golden}$`),
      nth: 2,
      does: () => world.upload(golden),
    })),
    after: { golden: 'accepted' },
  },
  {
    title: 'An image that is withdrawn in mid-run fails alone',
    images: { golden: 'pending', withdrawn: 'pending' },
    outcome: 'partial',
    run: during({}, (world, { withdrawn = '' }) => ({
      on: new RegExp(`^PUT /v2/images/${withdrawn}/`),
      does: () => world.unshare(withdrawn, world.receivers.project),
    })),
    after: { golden: 'accepted', withdrawn: null },
  },
  {
    title: 'A change whose answer is lost is not reported wrongly',
    ...ACCEPT_GOLDEN,
    run: during({}, () => ({ on: /^PUT/, loseAnswer: true })),
  },
  {
    title: 'A user who may only read is told which right is missing',
    images: { golden: 'not shared' },
    outcome: 'failure',
    run: async (world, images) => {
      const project = await world.addProject('read-only', 'reader');
      for (const image of Object.values(images)) await world.share(image, project);
      return withPassword({ project: project.name })(world, images);
    },
    says: [/modify_member/],
  },
];

export const STATES: readonly Scenario[] = [
  {
    title: 'A public image stops the run because there is nothing to accept',
    images: { golden: 'pending', open: 'public' },
    outcome: 'blocked',
    run: withPassword(NOW),
    says: [/public/],
  },
  {
    title: 'A community image stops the run because there is nothing to accept',
    images: { golden: 'pending', open: 'community' },
    outcome: 'blocked',
    run: withPassword(NOW),
    says: [/community|public/],
  },
  {
    title: 'An image that no list shows is accepted by its ID',
    images: { golden: { standing: 'pending', extra: { os_hidden: true } } },
    outcome: 'success',
    run: withPassword(),
    after: { golden: 'accepted' },
  },
  {
    title: 'A deactivated image stops the run because it cannot be used',
    images: { golden: 'pending', off: 'deactivated' },
    outcome: 'blocked',
    run: withPassword(NOW),
    says: [/deactivated/],
  },
  {
    title: 'An image without data stops the run if nothing is waited for',
    images: { golden: 'queued' },
    outcome: 'blocked',
    run: withPassword(NOW),
    says: [/queued/],
  },
  {
    title: 'A property that marks full-ECS images elsewhere means nothing here',
    images: { golden: { standing: 'pending', extra: { __whole_image: 'true', __backup_id: 'b-1' } } },
    outcome: 'success',
    run: withPassword(),
    after: { golden: 'accepted' },
  },
  {
    title: 'A hostile image name forges nothing in log and summary',
    images: { golden: { standing: 'pending', name: HOSTILE } },
    outcome: 'success',
    run: withPassword(),
    after: { golden: 'accepted' },
  },
];
