/**
 * Lays out what an engine run needs in a temporary folder: a repository with one workflow, the built action, artifacts.
 * The workflow is the shipped file with two inputs added to every use of the action: the addresses of the mock cloud.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isMap, parseDocument, visit } from 'yaml';
import type { Cloud } from '../../mock-cloud/index.ts';
import { type EngineRun, runWorkflow } from './engine.ts';
import { textOf, workflowPaths } from './files.ts';
import type { World } from './world.ts';

const ROOT = join(import.meta.dirname, '../..');
const STAND_INS = join(import.meta.dirname, 'actions');

export interface Play {
  readonly event: string;
  /** Path below the repository's root, or a name of one of `files`. */
  readonly workflow: string;
  /** Further files of the staged repository: path to content. One with the path of a shipped workflow replaces it. */
  readonly files?: Record<string, string>;
  /** Stand-ins for programs that steps call: name to shell script. */
  readonly programs?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly secrets?: Record<string, string>;
  readonly variables?: Record<string, string>;
  readonly inputs?: Record<string, string>;
  /** Texts of the workflow that are replaced, such as an address that only GitHub has. */
  readonly replace?: Record<string, string>;
  /** The workflow does not get the addresses of the mock cloud. */
  readonly asShipped?: true;
  /** The workflow names the private authority itself; else the engine's environment does. */
  readonly ownAuthority?: true;
}

export interface Played extends EngineRun {
  /** Content of an uploaded file, parsed; undefined if it was not uploaded. */
  readonly receipt: (artifact: string, file?: string) => { readonly outcome: string } | undefined;
}

/** Stage is made once for each scenario, and removed after it. */
export class Stage {
  readonly #act: string;
  readonly #cloud: Cloud;
  readonly #root = mkdtempSync(join(tmpdir(), 'workflows-'));
  /** The engine's log of all runs so far. */
  transcript = '';

  /** Path of the private authority's certificate. */
  readonly authority: string;

  constructor(act: string, { cloud, ca }: World) {
    this.#act = act;
    this.#cloud = cloud;
    this.authority = this.file('ca.pem', ca);
  }

  /** file writes a file beside the repository and gives its path. */
  file(name: string, content: string): string {
    const path = join(this.#root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  async play(play: Play): Promise<Played> {
    const artifacts = join(this.#root, 'artifacts');
    rmSync(artifacts, { recursive: true, force: true });
    mkdirSync(artifacts, { recursive: true });
    const action = join(this.#root, 'action');
    cpSync(join(ROOT, 'dist'), join(action, 'dist'), { recursive: true });
    cpSync(join(ROOT, 'action.yml'), join(action, 'action.yml'));
    this.#repository(play);
    for (const [name, script] of Object.entries(play.programs ?? {}))
      chmodSync(this.file(`programs/${name}`, script), 0o755);
    const run = await runWorkflow({
      act: this.#act,
      repository: join(this.#root, 'repository'),
      workflow: 'tested.yml',
      event: play.event,
      home: join(this.#root, 'home'),
      programs: join(this.#root, 'programs'),
      env: {
        ARTIFACTS: artifacts,
        BUILT_ACTION: action,
        GITHUB_API_URL: this.#cloud.githubUrl,
        ...(play.ownAuthority ? {} : { NODE_EXTRA_CA_CERTS: this.authority }),
        ...this.#cloud.oidcEnv(),
        ...play.env,
      },
      secrets: { GITHUB_TOKEN: this.#cloud.github.token, ...play.secrets },
      variables: play.variables ?? {},
      inputs: play.inputs ?? {},
      actions: standIns(action, play.files ?? {}),
    });
    this.transcript += `${run.transcript}\n`;
    const receipt = (artifact: string, file = 'receipt.json'): { outcome: string } | undefined => {
      try {
        return JSON.parse(readFileSync(join(artifacts, artifact, file), 'utf8')) as { outcome: string };
      } catch {
        return undefined;
      }
    };
    return { ...run, receipt };
  }

  #repository(play: Play): void {
    const reusable = '.github/workflows/accept-images.yml';
    const shipped = (path: string): string => {
      const original = play.files?.[path] ?? readFileSync(join(ROOT, path), 'utf8');
      const text = play.asShipped ? original : this.#wired(original);
      return Object.entries(play.replace ?? {}).reduce((whole, [from, to]) => whole.replaceAll(from, to), text);
    };
    this.file('repository/.github/workflows/tested.yml', shipped(play.workflow));
    this.file(`repository/${reusable}`, shipped(reusable));
    for (const [path, content] of Object.entries(play.files ?? {})) this.file(`repository/${path}`, content);
    const git = (...given: string[]): unknown => spawnSync('git', given, { cwd: join(this.#root, 'repository') });
    git('init', '--quiet', '--initial-branch', 'main');
    git('remote', 'add', 'origin', 'https://github.com/octo-org/images.git');
    git('add', '--all');
    git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'test');
  }

  #wired(workflow: string): string {
    const document = parseDocument(workflow);
    visit(document, {
      Map: (_, step) => {
        const uses = step.get('uses');
        if (typeof uses !== 'string' || !/ims-members-action(@|$)/.test(uses)) return;
        const inputs = step.get('with');
        if (!isMap(inputs)) return;
        inputs.set('auth-url', this.#cloud.iamUrl);
        inputs.set('ims-endpoint', this.#cloud.imsUrl);
      },
    });
    return document.toString();
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

const STAND_IN_NAMES = readdirSync(STAND_INS);

/** standIns maps each action that our workflows name, at the ref that they name, to a folder. */
function standIns(action: string, files: Record<string, string>): Record<string, string> {
  const folders: Record<string, string> = {};
  const texts = [...[...workflowPaths, 'README.md'].map(textOf), ...Object.values(files)].join('\n');
  // A repository may hold several actions, each in a folder: actions/cache/restore.
  for (const [, repository = '', name = '', ref = ''] of texts.matchAll(/uses: ([\w-]+\/([\w-]+))[\w/-]*@([\w.]+)/g)) {
    const pinned = `${repository}@${ref}`;
    if (STAND_IN_NAMES.includes(name)) folders[pinned] = join(STAND_INS, name);
    if (name === 'ims-members-action') folders[pinned] = action;
  }
  return folders;
}
