/**
 * The cloud that the examples expect: an account that trusts GitHub, a project that builds images, and one that accepts them.
 */
import { type Cloud, type Image, type Project, startCloud } from '../../mock-cloud/index.ts';
import { makeTls } from '../../mock-cloud/tls.ts';

export interface World {
  readonly cloud: Cloud;
  /** The authority that signs the cloud's certificates, in PEM form. */
  readonly ca: string;
  readonly member: Project;
  readonly builder: Project;
  /** What the examples read from `vars`. */
  readonly variables: Record<string, string>;
  /** share adds an image of the builder, and shares it. */
  share(name: string, ...projects: readonly Project[]): Image;
}

/** startWorld seeds one cloud; every scenario has its own. */
export async function startWorld(): Promise<World> {
  const tls = makeTls();
  const cloud = await startCloud({ jobDurationMs: 50, tls });
  const home = cloud.addDomain({ name: 'home' });
  const member = cloud.addProject({ name: 'eu-de_team', domain: home });
  const builder = cloud.addProject({ name: 'eu-de_builders', domain: cloud.addDomain({ name: 'builders' }) });
  cloud.addIdentityProvider({ id: 'github', clientId: 'open-telekom-cloud', domain: home, projects: [member] });
  return {
    cloud,
    ca: tls.ca,
    member,
    builder,
    variables: {
      IMS_PROJECT: member.name,
      IMS_PROJECT_ID: member.id,
      IMS_TRUSTED_OWNERS: builder.id,
      BUILD_PROJECT: builder.name,
    },
    share(name, ...projects) {
      const image = cloud.addImage({ name, owner: builder });
      for (const project of projects) cloud.share(image, project);
      return image;
    },
  };
}

/** manifestOf gives the text of a Packer manifest whose last run built the images. */
export function manifestOf(...images: readonly Image[]): string {
  const build = { name: 'golden', builder_type: 'ecs', build_time: Math.floor(Date.now() / 1000), files: null };
  const builds = images.map(({ id }) => ({ ...build, artifact_id: id, packer_run_uuid: 'run', custom_data: null }));
  return JSON.stringify({ builds, last_run_uuid: 'run' });
}

/** addAccount adds an account with one project, which delegates to `home`. */
export function addAccount(cloud: Cloud, domain: string, project: string): Project {
  const account = cloud.addDomain({ name: domain });
  const added = cloud.addProject({ name: project, domain: account });
  cloud.addAgency({ name: 'image-acceptor', domain: account, trustedDomain: 'home', projects: [added] });
  return added;
}
