/**
 * The world most scenarios live in: a consumer's project, two producers in other accounts, and images that they share.
 */
import {
  type Cloud,
  type CloudOptions,
  type Image,
  type Project,
  type Status,
  startCloud,
  type User,
} from '../../mock-cloud/index.ts';
import type { Inputs } from './harness.ts';
import { watchSecrets } from './leaks.ts';

export interface World extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly consumer: Project;
  readonly producer: Project;
  readonly stranger: Project;
  readonly user: User;
  /** Where the services are. */
  readonly where: Inputs;
  /** Adds an image of the producer that is shared with the consumer. */
  share(given?: Partial<Parameters<Cloud['addImage']>[0]>, status?: Status): Image;
  /** Adds several images like that. */
  shareMany(count: number, status?: Status): Image[];
  /** Inputs for a login with a token of the consumer's project. */
  token(): Inputs;
  /** Inputs for a login with the consumer's user. */
  password(): Inputs;
}

/** openWorld starts a cloud and seeds it; `await using` closes it again. */
export async function openWorld(options: CloudOptions = {}): Promise<World> {
  const cloud = await startCloud(options);
  const unwatch = watchSecrets(cloud);
  const domain = cloud.addDomain({ name: 'consumer-account' });
  const consumer = cloud.addProject({ id: 'edc89b490d7d4392898e19b2deb34797', name: 'eu-de_consumer', domain });
  const producer = cloud.addProject({ name: 'eu-de_producer', domain: cloud.addDomain({ name: 'producer-account' }) });
  const stranger = cloud.addProject({ name: 'eu-de_stranger', domain: cloud.addDomain({ name: 'stranger-account' }) });
  const user = cloud.addUser({ name: 'pipeline', domain, projects: [consumer] });
  const where = { region: 'eu-de', 'auth-url': cloud.iamUrl, 'ims-endpoint': cloud.imsUrl };
  const share: World['share'] = (given = {}, status = 'pending') => {
    const image = cloud.addImage({ owner: producer, ...given });
    cloud.share(image, consumer, status);
    return image;
  };
  return {
    cloud,
    consumer,
    producer,
    stranger,
    user,
    where,
    share,
    shareMany: (count, status) =>
      Array.from({ length: count }, (_, index) => share({ name: `golden-${index + 1}` }, status)),
    token: () => ({ ...where, token: cloud.issueToken({ user }), project: consumer.id }),
    password: () => ({
      ...where,
      username: user.name,
      password: user.password,
      domain: domain.name,
      project: consumer.id,
    }),
    [Symbol.asyncDispose]: () => {
      unwatch();
      return cloud.close();
    },
  };
}

/** calls lists recorded requests as `METHOD /path?query`, for assertions and for the reader of a failed one. */
export function calls({ cloud }: World): string[] {
  return cloud.requests.map(({ server, method, path, query }) => {
    const text = new URLSearchParams(query).toString();
    return `${server} ${method} ${path}${text === '' ? '' : `?${text}`}`;
  });
}

/** ids joins image IDs as an input. */
export function ids(images: readonly Image[]): string {
  return images.map(({ id }) => id).join('\n');
}
