/**
 * Typical reports, for the tests and for scripts/preview.ts.
 */
import type { ImageResult, ProjectReport, RunReport } from '../../../src/model.ts';

export const OWNER = '7bd80edd1b7a4b6893ce7b6ee0d9a5c8';
export const IMAGES = [
  'd164b5df-1bc3-4c4f-893e-3e471fd16e64',
  '7ca7ab1a-1a9d-4a4f-8a2b-3e471fd16e65',
  '1e6c92c5-2c5d-4b6a-9f3c-5a471fd16e66',
  '0f2b8d1e-77aa-4c1d-8d8e-6b471fd16e67',
] as const;
export const JOB = 'edc89b490d7d4392898e19b2deb34797';

export const TEAM: ProjectReport = {
  given: 'eu-de_team',
  id: '5fc0acd2b7b34e0aa8a2b5f9a1b6c7d8',
  name: 'eu-de_team',
  region: 'eu-de',
};
const STAGE: ProjectReport = {
  given: 'eu-de_stage',
  id: '6ad1bde3c8c45f1bb9b3c60ab2c7d8e9',
  name: 'eu-de_stage',
  region: 'eu-de',
};
const PROD: ProjectReport = {
  given: 'eu-nl_prod',
  id: '7be2cef4d9d5602cc0c4d71bc3d8e9fa',
  name: 'eu-nl_prod',
  region: 'eu-nl',
};

/** A result that went well; the fields given replace its own. */
export function result(fields: Partial<ImageResult> = {}): ImageResult {
  return {
    image: IMAGES[0],
    name: 'golden-ubuntu-2026-11',
    owner: OWNER,
    project: TEAM.id,
    previous: 'pending',
    current: 'accepted',
    outcome: 'updated',
    notAttempted: false,
    verified: true,
    jobId: JOB,
    errorCode: null,
    cause: null,
    cure: null,
    requestId: null,
    title: null,
    imageStatus: null,
    kind: { fullEcs: false, encrypted: false },
    ...fields,
  };
}

/** A successful run over three images; the fields given replace its own. */
export function report(fields: Partial<RunReport> = {}): RunReport {
  return {
    outcome: 'success',
    changed: true,
    status: 'accepted',
    mode: 'apply',
    projects: [TEAM],
    results: [
      result(),
      result({ image: IMAGES[1], name: 'golden-ubuntu-2026-11-gpu' }),
      result({ image: IMAGES[2], name: 'golden-rocky-9', previous: 'accepted', outcome: 'unchanged', jobId: null }),
    ],
    leftOut: [],
    jobIds: [JOB],
    requestIds: ['9f1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e'],
    problems: [],
    trustedOwners: [],
    manifests: [],
    login: null,
    jobWorkflowRef: null,
    warnings: [],
    notes: [],
    startedAt: Date.UTC(2026, 10, 24, 3, 0, 0),
    endedAt: Date.UTC(2026, 10, 24, 3, 0, 4, 210),
    ...fields,
  };
}

const REFUSED = result({
  image: IMAGES[1],
  name: 'golden-ubuntu-2026-11-gpu',
  current: 'pending',
  outcome: 'failed',
  errorCode: 'IMG.0066',
  cause: 'The service refused this image: the image does not exist or is not shared with the project.',
  cure: 'Ask the owner whether the share was withdrawn, and run the job again once it is back.',
  requestId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
});

/** The text of an attacker who owns an image: each line aims at another target. */
export const HOSTILE = [
  'golden-ubuntu\n::error title=Pwned::all is lost',
  '##[add-mask]a',
  '%0A::stop-commands::x',
  '\u001b[31mred\u001b[0m\u0000',
  '\u202egpj.exe\u2066',
  '</code></td></table><img src=x onerror=alert(1)><h1>free</h1>',
  '[click](https://evil.example) @octocat #1 :tada: | a | `b` <!-- ',
].join('\r\n');

function matrix(): RunReport {
  const projects = [TEAM, STAGE, PROD];
  const names = ['golden-ubuntu-2026-11', 'golden-ubuntu-2026-11-gpu', 'golden-rocky-9', 'golden-windows-2025'];
  const results = projects.flatMap((project) =>
    IMAGES.map((image, index) =>
      project === PROD && index === 1
        ? { ...REFUSED, project: project.id }
        : result({ image, name: names[index] ?? null, project: project.id }),
    ),
  );
  return report({
    outcome: 'partial',
    projects,
    results,
    jobIds: [JOB, 'f0d89b490d7d4392898e19b2deb34798', 'a1e89b490d7d4392898e19b2deb34799'],
  });
}

function untrusted(): RunReport {
  return report({
    outcome: 'blocked',
    changed: false,
    jobIds: [],
    requestIds: [],
    results: [
      result({
        current: 'pending',
        outcome: 'blocked',
        notAttempted: true,
        jobId: null,
        cause: 'Not attempted: the run stopped before any change.',
      }),
      result({
        image: IMAGES[1],
        name: HOSTILE,
        owner: '00000000000000000000000000000bad',
        current: 'pending',
        outcome: 'blocked',
        jobId: null,
        cause: 'Its owner, project 00000000000000000000000000000bad, is not among the trusted owners.',
        cure: 'Add the owner to "trusted-owners" if you know it; otherwise reject the image.',
        title: 'from an owner that is not trusted',
      }),
    ],
  });
}

/** Every typical report by the name of its preview. */
export const SAMPLES: Readonly<Record<string, RunReport>> = {
  success: report(),
  already: report({
    changed: false,
    jobIds: [],
    requestIds: [],
    results: [result({ previous: 'accepted', outcome: 'unchanged', jobId: null })],
  }),
  partial: report({ outcome: 'partial', results: [result(), REFUSED, result({ image: IMAGES[2], name: null })] }),
  failure: report({ outcome: 'failure', changed: false, results: [REFUSED] }),
  'blocked-inputs': report({
    outcome: 'blocked',
    changed: false,
    status: null,
    mode: null,
    projects: [{ given: 'eu-de_team', id: null, name: null, region: null }],
    results: [],
    jobIds: [],
    requestIds: [],
    problems: [
      {
        cause: 'status is "acepted".',
        cure: 'It is "accepted" or "rejected".',
        code: null,
        requestId: null,
        title: '2 mistakes in the inputs',
      },
      {
        cause: 'password is missing.',
        cure: 'The method password needs "username", "password" and "domain".',
        code: null,
        requestId: null,
        title: '2 mistakes in the inputs',
      },
    ],
    endedAt: Date.UTC(2026, 10, 24, 3, 0, 0, 48),
  }),
  'blocked-login': report({
    outcome: 'blocked',
    changed: false,
    jobIds: [],
    results: IMAGES.map((image) =>
      result({
        image,
        name: null,
        owner: null,
        previous: null,
        current: null,
        verified: false,
        outcome: 'blocked',
        notAttempted: true,
        jobId: null,
        cause: 'Not attempted: the run stopped before any change.',
      }),
    ),
    problems: [
      {
        cause: 'The job has no GitHub ID token: ACTIONS_ID_TOKEN_REQUEST_URL is not set.',
        cure: 'Give the job the permission:\npermissions:\n  id-token: write\n  contents: read\nWorkflows of forks never get it.',
        code: null,
        requestId: null,
        title: 'no ID token from GitHub (HTTP 403)',
      },
    ],
  }),
  'blocked-untrusted': untrusted(),
  timeout: report({
    outcome: 'timeout',
    results: [
      result(),
      result({
        image: IMAGES[1],
        name: 'golden-windows-2025',
        current: 'pending',
        outcome: 'unknown',
        verified: false,
        cause: 'The job was still running when the run reached its time limit.',
      }),
    ],
    problems: [
      {
        cause: 'The time-out of 10 min struck while the job was running.',
        cure: 'Raise "timeout", or see with mode: check whether the job ended after all.',
        code: null,
        requestId: null,
      },
    ],
    endedAt: Date.UTC(2026, 10, 24, 3, 10, 0),
  }),
  cancelled: report({
    outcome: 'cancelled',
    results: [result({ current: 'pending', outcome: 'unknown', verified: false })],
  }),
  submitted: report({
    outcome: 'submitted',
    results: [result({ current: null, outcome: 'submitted', verified: false })],
    warnings: ['The job was submitted and not waited for: nothing is proven.'],
  }),
  planned: report({
    outcome: 'planned',
    changed: false,
    mode: 'plan',
    jobIds: [],
    requestIds: [],
    results: [
      result({ current: 'pending', outcome: 'planned', jobId: null }),
      result({
        image: IMAGES[2],
        name: 'golden-rocky-9',
        previous: 'accepted',
        outcome: 'unchanged',
        jobId: null,
      }),
    ],
    leftOut: [
      {
        image: IMAGES[3],
        name: 'golden-ubuntu-2026-l1',
        owner: '00000000000000000000000000000bad',
        project: TEAM.id ?? '',
        reason: 'owner-not-trusted',
      },
      { image: IMAGES[1], name: 'golden-old', owner: OWNER, project: TEAM.id ?? '', reason: 'rejected-before' },
    ],
  }),
  check: report({
    outcome: 'partial',
    changed: false,
    mode: 'check',
    jobIds: [],
    requestIds: [],
    results: [
      result({ previous: 'accepted', outcome: 'unchanged', jobId: null }),
      result({
        image: IMAGES[1],
        name: null,
        owner: null,
        previous: null,
        current: null,
        outcome: 'failed',
        verified: true,
        jobId: null,
        cause: 'The image is not shared with the project.',
        cure: 'It may be not shared yet, withdrawn, deleted, or in another region.',
      }),
    ],
  }),
  rejected: report({
    status: 'rejected',
    results: [result({ previous: 'accepted', current: 'rejected' })],
    notes: ['2 builds of older runs in the Packer manifest were left out.'],
  }),
  unverified: report({
    results: [result({ previous: null, name: null, owner: null, verified: false })],
    warnings: [
      'Not verified: memberships cannot be read (HTTP 403), so only the job status counts. Grant ims:images:get and ims:images:list.',
    ],
  }),
  matrix: matrix(),
  many: report({
    outcome: 'partial',
    results: Array.from({ length: 40 }, (_, index) =>
      index === 7
        ? REFUSED
        : result({
            image: `00000000-0000-4000-8000-0000000000${String(index).padStart(2, '0')}`,
            name: `golden-${index}`,
          }),
    ),
  }),
};
