import { describe, expect, it } from 'vitest';
import { MemberProject, RunRecord } from '../../../src/run/record.ts';
import { problem, read, SIGHT } from '../decide/kit.ts';
import { PROJECT } from '../members/fake-ims.ts';
import { config } from './kit.ts';

const ID = 'c'.repeat(32);

describe('Member', () => {
  it('knows its ID and its name as soon as they are known', () => {
    const byName = new MemberProject('eu-de_team', 'eu-de', []);
    expect([byName.id, byName.label]).toEqual([null, 'eu-de_team']);
    byName.project = PROJECT;
    expect([byName.id, byName.label]).toEqual([PROJECT.id, 'eu-de_team']);
    const byId = new MemberProject(ID, null, []);
    expect([byId.id, byId.label]).toEqual([ID, ID]);
    const own = new MemberProject('', null, []);
    expect([own.id, own.label]).toEqual([null, "the credentials' project"]);
    own.project = { ...PROJECT, name: null };
    expect(own.label).toBe(PROJECT.id);
  });

  it('adds to what it knows, and takes up images that it did not know', () => {
    const member = new MemberProject(ID, null, ['i0']);
    member.note('i0', { sent: 'answered' });
    member.note('i0', { jobId: 'j' });
    member.note('i1', { jobId: 'k' });
    expect(member.facts.get('i0')).toMatchObject({ image: 'i0', sent: 'answered', jobId: 'j', evidence: null });
    expect(member.facts.get('i1')).toMatchObject({ image: 'i1', sent: 'no', jobId: 'k' });
    expect(member.with(({ jobId }) => jobId !== null)).toEqual(['i0', 'i1']);
    expect(member.with(({ sent }) => sent === 'answered')).toEqual(['i0']);
  });
});

describe('RunRecord', () => {
  it('is blocked unless the outcome is set', () => {
    const record = new RunRecord(config(), [new MemberProject(ID, null, ['i0'])], 5);
    expect(record.report(9)).toMatchObject({ outcome: 'blocked', changed: false, startedAt: 5, endedAt: 9 });
  });

  it('notes a reason once, and every request ID once, in the order of arrival', () => {
    const record = new RunRecord(config(), [], 0);
    record.problem(problem('a', { requestId: 'r1' }));
    record.problem(problem('a', { requestId: 'r2' }));
    record.problem(problem('b', { requestId: 'r1' }));
    record.request(null);
    const { problems, requestIds } = record.report(0);
    expect([problems.map(({ cause }) => cause), requestIds]).toEqual([
      ['a', 'b'],
      ['r1', 'r2'],
    ]);
  });

  it('reports projects first, then images, both in input order', () => {
    const members = [new MemberProject('b', 'eu-de', ['i1', 'i0']), new MemberProject(ID, null, ['i1', 'i0'])];
    const [first] = members;
    if (first !== undefined) first.project = PROJECT;
    const report = new RunRecord(config(), members, 0).report(0);
    expect(report.results.map(({ project, image }) => `${project?.[0]} ${image}`)).toEqual([
      'a i1',
      'a i0',
      'c i1',
      'c i0',
    ]);
    expect(report.projects).toEqual([
      { given: 'b', id: PROJECT.id, name: PROJECT.name, region: 'eu-de' },
      { given: ID, id: ID, name: null, region: null },
    ]);
  });

  it('settles what it knows, and gives the verdict', () => {
    const member = new MemberProject(ID, null, ['i0', 'i1']);
    const record = new RunRecord(config({ notes: ['a note'] }), [member], 0);
    record.blocked = false;
    member.note('i0', { evidence: SIGHT, sent: 'answered', proof: read('accepted') });
    member.note('i1', { evidence: SIGHT, refusal: problem('no', { requestId: 'r1' }) });
    record.warnings.push('a warning');
    record.jobIds.push('j');
    expect(record.report(0)).toMatchObject({
      outcome: 'partial',
      changed: true,
      status: 'accepted',
      mode: 'apply',
      results: [{ outcome: 'updated' }, { outcome: 'failed', cause: 'no' }],
      requestIds: ['r1'],
      jobIds: ['j'],
      warnings: ['a warning'],
      notes: ['a note'],
      leftOut: [],
    });
    record.stopped = 'cancelled';
    expect(record.report(0).outcome).toBe('cancelled');
  });

  it('names the manifests, and how and where the run logged in', () => {
    const manifests = [{ path: 'packer.json', sha256: 'f' }];
    const selection = { by: 'ids', manifests, ids: ['i0'] } as const;
    const record = new RunRecord(config({ selection }), [], 0);
    record.loginHost = 'iam.example.com';
    expect(record.report(0)).toMatchObject({
      manifests,
      login: { method: 'token', sources: ['token'], host: 'iam.example.com' },
    });
  });

  it('tells what to grant so that a status can be read', () => {
    const member = new MemberProject(ID, null, ['i0']);
    const record = new RunRecord(config(), [member], 0);
    member.note('i0', { evidence: { ...SIGHT, status: 'accepted', proven: false } });
    expect(record.report(0).results[0]?.cure).toBe(
      'Grant `ims:images:get` and `ims:images:list` in the member project. Then run again.',
    );
  });

  it('knows of nothing that it waited for if it timed out between two steps', () => {
    const record = new RunRecord(config(), [new MemberProject(ID, null, ['i0'])], 0);
    record.stopped = 'timeout';
    expect(record.report(0)).toMatchObject({ outcome: 'timeout', problems: [] });
  });

  it('says what a run was waiting for only if it timed out', () => {
    const member = new MemberProject(ID, null, ['i0']);
    const selection = { by: 'match-name', glob: '*', ifNone: 'fail', minImages: 0 } as const;
    const record = new RunRecord(config({ selection }), [member], 0);
    Object.assign(record, { blocked: false, stopped: 'timeout', timedOut: problem('waited') });
    record.problem(problem('other'));
    expect(record.report(0)).toMatchObject({
      outcome: 'timeout',
      problems: [{ cause: 'waited' }, { cause: 'other' }],
      manifests: [],
    });
    member.note('i0', { evidence: SIGHT, sent: 'answered', proof: read('accepted') });
    expect(record.report(0)).toMatchObject({ outcome: 'success', problems: [{ cause: 'other' }] });
  });
});
