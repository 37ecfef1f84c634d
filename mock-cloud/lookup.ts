/**
 * Finding what was seeded: everywhere a thing is asked for, the thing itself, its ID or its name will do.
 */
import type { State } from './state.ts';
import type { Domain, Identity, Image, Project } from './types.ts';

export class Lookup {
  protected readonly state: State;

  constructor(state: State) {
    this.state = state;
  }

  /** domain finds one by object, ID or name. */
  domain(given: Domain | string): Domain {
    if (typeof given !== 'string') return given;
    for (const domain of this.state.domains.values()) if (domain.id === given || domain.name === given) return domain;
    throw new Error(`no domain ${given} in the mock cloud`);
  }

  /** project finds one by object, ID or name. */
  project(given: Project | string): Project {
    if (typeof given !== 'string') return given;
    for (const project of this.state.projects.values())
      if (project.id === given || project.name === given) return project;
    throw new Error(`no project ${given} in the mock cloud`);
  }

  /** user finds one by object, ID or name. */
  user(given: Identity | string): Identity {
    if (typeof given !== 'string') return given;
    for (const user of this.state.users.values()) if (user.id === given || user.name === given) return user;
    throw new Error(`no user ${given} in the mock cloud`);
  }

  image(given: Image | string): Image {
    if (typeof given !== 'string') return given;
    const image = this.state.images.get(given) ?? [...this.state.images.values()].find(({ name }) => name === given);
    if (image === undefined) throw new Error(`no image ${given} in the mock cloud`);
    return image;
  }

  /** projectId takes a project that this cloud does not know as an ID. */
  projectId(given: Project | string): string {
    if (typeof given !== 'string') return given.id;
    return [...this.state.projects.values()].find(({ name }) => name === given)?.id ?? given;
  }
}
