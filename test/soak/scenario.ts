/**
 * A random scenario: a world, what goes wrong in it, and what the action is asked to do.
 */
import type { FaultAction, FaultRule, Image, JobBehaviour, Phase, Project, Status } from '../../mock-cloud/index.ts';
import { HOSTILE } from '../e2e/faults/hostile.ts';
import { FAULTS } from '../e2e/faults/table.ts';
import type { Inputs } from '../e2e/harness.ts';
import { ids, openWorld, type World } from '../e2e/world.ts';
import type { Dice } from './random.ts';
import {
  ignoredStatuses,
  missingCalls,
  redirectedChange,
  shapeImages,
  startActors,
  WORLD_KINDS,
  type WorldKind,
} from './worlds.ts';

export interface Scenario extends AsyncDisposable {
  readonly world: World;
  readonly projects: readonly Project[];
  readonly images: readonly Image[];
  readonly inputs: Inputs;
  readonly env: Record<string, string>;
  readonly target: 'accepted' | 'rejected';
  /** When to cancel, in milliseconds after the start; null: not at all. */
  readonly cancelAfter: number | null;
  readonly kind: WorldKind;
  /** Changes members while the run goes on; ends with the world. */
  readonly hasOtherActors: boolean;
}

const PHASES: readonly Phase[] = ['id-token', 'login', 'introspect', 'look', 'update', 'job', 'prove', 'status', 'any'];
const CODES = ['IMG.0027', 'IMG.0031', 'IMG.0046', 'IMG.0098', 'IMG.0135', 'IMG.0144'] as const;

/** openScenario draws one. */
export async function openScenario(dice: Dice, seed: number): Promise<Scenario> {
  const kind = dice.pick(WORLD_KINDS);
  const world = await openWorld({
    seed,
    job: jobBehaviour(dice, kind),
    ...(dice.chance(0.3) ? { pageCap: dice.between(1, 10) } : {}),
    lists: {
      repeat: dice.chance(kind === 'repeating lists' ? 1 : 0.1),
      overLimit: kind === 'repeating lists' ? dice.between(0, 3) : 0,
      ignoreId: dice.chance(0.1),
      ignoreWholeImage: dice.chance(0.1),
      ignoreMemberStatus: ignoredStatuses(dice, kind),
    },
    ...missingCalls(dice, kind),
    imsErrors: dice.pick(['nested', 'flat']),
    exchangeBody: dice.pick(['bare', 'full']),
    idTokenExchange: dice.chance(0.8),
  });
  const projects = [world.consumer];
  const method = dice.pick(['token', 'password', 'aksk', 'oidc', 'agency'] as const);
  if (method !== 'token' && dice.chance(0.25)) {
    const second = world.cloud.addProject({ name: 'eu-de_second', domain: world.user.domain });
    world.user.projects.push(second);
    projects.push(second);
  }
  const images = drawImages(dice, world, projects);
  shapeImages(dice, kind, world, images);
  const target = dice.chance(0.8) ? 'accepted' : 'rejected';
  for (let count = dice.pick([0, 1, 2, 3, 5, 8]); count > 0; count--) world.cloud.fault(drawFault(dice));
  if (kind === 'redirected changes') world.cloud.fault(redirectedChange(dice, world));
  // Where members cannot be asked, wrong lists that agree are believed.
  if (kind !== 'wrong lists') drawDenials(dice, world);
  const stopActors = kind === 'other actors' ? startActors(dice, world, projects, images) : () => {};
  const credentials = drawCredentials(dice, world, projects, method);
  return {
    world,
    projects,
    images,
    target,
    env: { ...world.cloud.oidcEnv(), GITHUB_API_URL: world.cloud.githubUrl },
    inputs: { ...credentials, ...drawInputs(dice, world, projects, images, target) },
    // Not before Node itself has started, which takes its time when several runs start side by side.
    cancelAfter: dice.chance(0.1) ? dice.between(250, 1500) : null,
    kind,
    hasOtherActors: kind === 'other actors',
    [Symbol.asyncDispose]: () => {
      stopActors();
      return world[Symbol.asyncDispose]();
    },
  };
}

function jobBehaviour(dice: Dice, kind: WorldKind): JobBehaviour {
  const sometimes = <T>(probability: number, value: T): T | undefined => (dice.chance(probability) ? value : undefined);
  const drawn = {
    durationMs: dice.pick([0, 0, 100, 400, 900]),
    runningWords: sometimes(0.2, ['QUEUED', 'running']),
    successWord: sometimes(0.2, dice.pick(['success', 'Succeeded'])),
    failWord: sometimes(0.2, dice.pick(['failed', 'ERROR'])),
    entities: sometimes(
      0.6,
      dice.pick([
        'project',
        'upper',
        'null',
        'absent',
        'empty',
        'no-results',
        'lacking',
        'failed-only',
        'sub-jobs',
      ] as const),
    ),
    reason: sometimes(0.5, dice.pick(['fail_reason', 'error_msg', 'addition', 'none'] as const)),
    word: sometimes(0.3, dice.pick(['success-anyway', 'lie-success', 'lie-fail'] as const)),
    memberLagMs: sometimes(0.3, dice.between(0, 1200)),
    listLagMs: kind === 'lagging lists' ? dice.pick([2000, 60_000]) : sometimes(0.3, dice.between(0, 1200)),
    notFoundPolls: sometimes(0.2, dice.between(1, 4)),
    notFoundAs: sometimes(0.5, 404 as const),
    paths: sometimes(0.2, dice.pick(['old', 'new'] as const)),
    forbidden: sometimes(0.05, true),
  };
  return Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined));
}

function drawImages(dice: Dice, world: World, projects: readonly Project[]): Image[] {
  const { cloud } = world;
  const count = dice.chance(0.05) ? dice.between(51, 60) : dice.between(1, 8);
  return Array.from({ length: count }, () => {
    const image = cloud.addImage({
      owner: dice.chance(0.99) ? world.producer : world.stranger,
      ...(dice.chance(0.3) ? { name: dice.pick(HOSTILE) } : {}),
      ...(dice.chance(0.05) ? { fullEcs: dice.pick([true, 'absent', 'backup-only'] as const) } : {}),
    });
    for (const project of projects)
      if (dice.chance(0.99))
        cloud.share(image, project, dice.pick<Status>(['pending', 'pending', 'pending', 'accepted', 'rejected']));
    if (dice.chance(0.08))
      cloud.failImage(image, {
        code: dice.pick(CODES),
        message: dice.chance(0.3) ? dice.pick(HOSTILE) : 'It cannot be.',
        in: dice.pick(['request', 'job'] as const),
        naming: dice.chance(0.5),
      });
    return image;
  });
}

function drawFault(dice: Dice): FaultRule {
  const fault = dice.pick(FAULTS);
  const action: FaultAction = dice.chance(0.8)
    ? fault.do()
    : dice.pick<FaultAction>([
        { redirect: 'http://127.0.0.1:9/there' },
        { delayMs: 300 },
        { delayMs: 1500 },
        { noJobId: 'empty' },
      ]);
  const on = dice.pick(PHASES);
  return dice.chance(0.3)
    ? { on, do: action, times: Number.POSITIVE_INFINITY, probability: dice.pick([0.1, 0.2, 0.4]) }
    : { on, do: action, times: dice.between(1, 3), after: dice.pick([0, 0, 1, 3]) };
}

function drawDenials(dice: Dice, { cloud, consumer }: World): void {
  if (dice.chance(0.1)) cloud.deny({ action: 'list', project: consumer, status: dice.pick([403, 404] as const) });
  if (dice.chance(0.1)) cloud.deny({ action: 'member', project: consumer });
  if (dice.chance(0.1)) cloud.deny({ action: 'image', project: consumer });
  if (dice.chance(0.05)) cloud.deny({ action: 'job' });
  if (dice.chance(0.1)) cloud.expireTokensAfter(dice.between(1, 8));
}

function drawCredentials(
  dice: Dice,
  world: World,
  projects: readonly Project[],
  method: 'token' | 'password' | 'aksk' | 'oidc' | 'agency',
): Inputs {
  const { cloud, user, where } = world;
  const project = projects.map(({ id, name }) => (dice.chance(0.7) ? id : name)).join('\n');
  switch (method) {
    case 'token':
      return { ...world.token(), project };
    case 'password':
      return { ...world.password(), project };
    case 'aksk': {
      const key = dice.chance(0.5) ? cloud.addAccessKey({ user }) : cloud.addTemporaryKey({ user });
      return {
        ...where,
        project,
        'access-key': key.access,
        'secret-key': key.secret,
        'security-token': key.securityToken ?? '',
      };
    }
    case 'oidc': {
      const provider = cloud.addIdentityProvider({ domain: user.domain, projects });
      return { ...where, project, 'identity-provider': provider.id, audience: provider.clientId };
    }
    case 'agency': {
      const trusted = cloud.addDomain({ name: 'operators' });
      const home = cloud.addProject({ name: 'eu-de_operators', domain: trusted });
      const operator = cloud.addUser({ domain: trusted, projects: [home] });
      const agency = cloud.addAgency({ domain: user.domain, trustedDomain: trusted, projects });
      return {
        ...where,
        project,
        username: operator.name,
        password: operator.password,
        domain: trusted.name,
        'agency-name': agency.name,
        'agency-domain': user.domain.name,
      };
    }
  }
}

function drawInputs(
  dice: Dice,
  world: World,
  projects: readonly Project[],
  images: readonly Image[],
  target: 'accepted' | 'rejected',
): Inputs {
  const mode = dice.pick(['apply', 'apply', 'apply', 'apply', 'apply', 'apply', 'plan', 'check']);
  const trusted = dice.chance(0.3);
  const byName = target === 'accepted' && dice.chance(0.15);
  const withVault = target === 'accepted' && dice.chance(0.8);
  const vaults = projects.map((project) => `${project.id}=${world.cloud.addVault({ project }).id}`);
  return {
    ...(byName ? { 'match-name': '*', 'if-none': dice.pick(['fail', 'pass']) } : { images: ids(images) }),
    ...(trusted || byName ? { 'trusted-owners': world.producer.id } : {}),
    ...(withVault ? { vault: projects.length === 1 ? vaults[0]?.split('=')[1] : vaults.join('\n') } : {}),
    status: target,
    mode,
    wait: dice.chance(0.92) ? 'true' : 'false',
    'require-proof': dice.chance(0.8) ? 'true' : 'false',
    'share-timeout': dice.pick(['0', '1s']),
    timeout: dice.chance(0.85) ? '90s' : dice.pick(['1s', '2s', '4s']),
    'request-timeout': dice.pick(['1s', '2s']),
    retries: String(dice.between(0, 3)),
    'results-file': 'receipt.json',
    ...(dice.chance(0.3) ? { 'commit-status': 'images', 'github-token': world.cloud.github.token } : {}),
    ...(dice.chance(0.1) ? { 'poll-interval': '100ms' } : {}),
  };
}
