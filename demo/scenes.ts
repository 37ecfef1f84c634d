/**
 * What the demo can show: each scene is a world and the inputs of one step in it.
 */
import type { Inputs } from '../test/e2e/harness.ts';
import { ids, type World } from '../test/e2e/world.ts';

/** SCENES seed a world and give the step's inputs. */
export const SCENES: Readonly<Record<string, (world: World) => Inputs>> = {
  /** Two producers share three images; one of them was accepted in an earlier run. */
  success: (world) => {
    const images = [
      world.share({ name: 'golden-ubuntu-24.04' }),
      world.share({ name: 'golden-debian-13', owner: world.stranger }),
      world.share({ name: 'golden-rocky-10' }, 'accepted'),
    ];
    return { ...world.password(), images: ids(images) };
  },
  /** The service refuses one image of three; the others are accepted all the same. */
  partial: (world) => {
    const names = ['golden-ubuntu-24.04', 'golden-debian-13', 'golden-rocky-10'];
    const images = names.map((name) => world.share({ name }));
    world.cloud.failImage(images[1] ?? '', { code: 'IMG.0046', in: 'request', naming: false });
    return { ...world.password(), images: ids(images) };
  },
  /** One image comes from an owner that is not trusted, and one is a full-ECS image without a vault: nothing is changed. */
  blocked: (world) => {
    const images = [
      world.share({ name: 'golden-ubuntu-24.04' }),
      world.share({ name: 'golden-ubuntu-24.04 ::error::looks the same', owner: world.stranger }),
      world.share({ name: 'golden-whole-server', fullEcs: true }),
    ];
    return { ...world.password(), images: ids(images), 'trusted-owners': world.producer.id };
  },
  /** A formerly accepted image and a pending one are rejected. */
  rejected: (world) => {
    const images = [
      world.share({ name: 'golden-ubuntu-22.04' }, 'accepted'),
      world.share({ name: 'golden-ubuntu-20.04' }),
    ];
    return { ...world.password(), images: ids(images), status: 'rejected' };
  },
  /** The identity may not read memberships, and `require-proof: false` accepts that: the step passes, and nothing looks proven. */
  unverified: (world) => {
    const images = [world.share({ name: 'golden-ubuntu-24.04' }), world.share({ name: 'golden-debian-13' })];
    for (const action of ['ims:images:get', 'ims:images:list'] as const) world.cloud.deny({ action });
    return { ...world.password(), images: ids(images), 'require-proof': 'false' };
  },
  /** One image is deactivated, and one is public: nothing is changed. */
  unusable: (world) => {
    const images = [
      world.share({ name: 'golden-ubuntu-24.04' }),
      world.share({ name: 'golden-debian-13', status: 'deactivated' }),
      world.share({ name: 'golden-rocky-10', visibility: 'public' }),
    ];
    return { ...world.password(), images: ids(images) };
  },
  /** Every image of a trusted owner whose name matches is accepted; offers of strangers are left out and listed. */
  sweep: (world) => {
    world.share({ name: 'golden-ubuntu-24.04' });
    world.share({ name: 'golden-debian-13' });
    world.share({ name: 'golden-ubuntu-22.04' }, 'rejected');
    world.share({ name: 'golden-rocky-10', status: 'saving' });
    world.share({ name: 'golden-ubuntu-24.04', owner: world.stranger });
    world.share({ name: 'free-bitcoin-miner', owner: world.stranger });
    return { ...world.password(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
  },
  /** Plain OpenStack: an application credential accepts three images, of which one was accepted before. No job, and no project to name. */
  openstack: ({ cloud, share, stranger, user, consumer }) => {
    const images = [
      share({ name: 'golden-ubuntu-24.04' }),
      share({ name: 'golden-debian-13', owner: stranger }),
      share({ name: 'golden-rocky-10' }, 'accepted'),
    ];
    const { id, secret } = cloud.addApplicationCredential({ user, project: consumer });
    return {
      api: 'openstack',
      'auth-url': `${cloud.iamUrl}/v3`,
      'application-credential-id': id,
      'application-credential-secret': secret,
      images: ids(images),
    };
  },
};
