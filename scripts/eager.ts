/**
 * Marks the functions that V8 compiles while it loads a file. It reads any other function twice: once to find its end, and again to compile it
 * when it is called. The mark is a parenthesis before the function, which V8 takes as a sign that the function is called at once.
 * eager.json lists the functions that usual runs call; `npm run profile` writes it. A function that is not listed works the same.
 */
import { parse } from '@babel/parser';

/** The names of functions, by file in build/, as `markableFunctions` gives them. */
export type EagerFunctions = Readonly<Record<string, readonly string[]>>;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

interface NamedFunction {
  readonly name: string;
  /** Its place in the text. */
  readonly node: Node;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * markEager marks the functions of a module that are named. A declared function becomes a constant. It moves up behind the imports, because a
 * constant has no value before its line.
 */
export function markEager(text: string, names: ReadonlySet<string>): string {
  const statements = statementsOf(text);
  const eager = functionsIn(statements).flatMap(({ name, node }) => (names.has(name) ? [node] : []));
  const declared = statements.filter((one) => eager.some((node) => node === declarationIn(one)));
  const edits = eager.flatMap((node) => (isExpression(node) ? inParentheses(node) : asConstant(node)));
  const render = (start: number, end: number) => edited(text, start, end, edits);
  const firstOther = statements.find(({ type }) => type !== 'ImportDeclaration');
  const top = firstOther === undefined ? text.length : withComment(firstOther);
  const moved = [render(0, top)];
  const kept: string[] = [];
  let at = top;
  for (const statement of declared) {
    const start = withComment(statement);
    const nextLine = statement.end + 1;
    moved.push(render(start, nextLine));
    kept.push(render(at, start));
    at = nextLine;
  }
  return [...moved, ...kept, render(at, text.length)].join('');
}

/**
 * markableFunctions gives the functions of a module that can be marked: all but methods and functions declared inside others. `read` is the
 * function that is declared or assigned by this name, `read~2` the second one, and `read.1` the first function inside `read`.
 */
export function markableFunctions(text: string): NamedFunction[] {
  return functionsIn(statementsOf(text));
}

function statementsOf(text: string): readonly Node[] {
  return parse(text, { sourceType: 'module' }).program.body as unknown as readonly Node[];
}

function functionsIn(statements: readonly Node[]): NamedFunction[] {
  const counts = new Map<string, number>();
  const outer = statements.flatMap((statement) => outermost(statement));
  const all = outer.flatMap(({ name, node }) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const own = count === 1 ? name : `${name}~${count}`;
    return withInner(node).map((one, index) => ({ name: index === 0 ? own : `${own}.${index}`, node: one }));
  });
  const declarations = statements.map(declarationIn);
  return all.filter(({ node }) => isExpression(node) || declarations.includes(node));
}

/** The function that a statement declares, exported or not. */
function declarationIn(statement: Node): Node | null {
  const node = statement.type === 'ExportNamedDeclaration' ? (statement['declaration'] as Node | null) : statement;
  return node?.type === 'FunctionDeclaration' ? node : null;
}

function isExpression({ type }: Node): boolean {
  return type === 'ArrowFunctionExpression' || type === 'FunctionExpression';
}

function asConstant(declaration: Node): Edit[] {
  const { start, end } = declaration['id'] as Node;
  const name = nameOf(declaration) ?? '';
  return [insert(declaration.start, `const ${name} = (`), { start, end, text: '' }, insert(declaration.end, ');')];
}

function inParentheses({ start, end }: Node): Edit[] {
  return [insert(start, '('), insert(end, ')')];
}

function insert(at: number, text: string): Edit {
  return { start: at, end: at, text };
}

/** The functions that stand in no other one, each with the name that it is declared or assigned by. */
function outermost(node: Node, outer = ''): NamedFunction[] {
  const name = nameOf(node) ?? outer;
  return isFunction(node) ? [{ name, node }] : childrenOf(node).flatMap((child) => outermost(child, name));
}

/** A function and all functions in it, in the order of the text. */
function withInner(node: Node): Node[] {
  return [...(isFunction(node) ? [node] : []), ...childrenOf(node).flatMap(withInner)];
}

function isFunction({ type }: Node): boolean {
  return /Function|Method/.test(type);
}

function nameOf(node: Node): string | null {
  const key = (node['id'] ?? node['key']) as Node | null | undefined;
  if (key?.type === 'Identifier') return String(key['name']);
  if (key?.type === 'PrivateName') return `#${String((key['id'] as Node)['name'])}`;
  return null;
}

function childrenOf(node: Node): Node[] {
  const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;
  return Object.entries(node)
    .filter(([key]) => !key.endsWith('Comments'))
    .flatMap(([, value]) => value)
    .filter(isNode);
}

/** Where a statement begins, with the comment that describes it. */
function withComment({ start, leadingComments }: Node): number {
  const comments = (leadingComments as readonly Node[] | undefined) ?? [];
  const last = comments.findLastIndex(({ type }) => type === 'CommentBlock');
  return (last === -1 || last === comments.length - 1 ? comments.at(last) : comments[last + 1])?.start ?? start;
}

/** The text from start to end, with the edits that begin in it. */
function edited(text: string, start: number, end: number, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = start;
  for (const edit of edits
    .filter((one) => one.start >= start && one.start < end)
    .toSorted((one, other) => one.start - other.start)) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return [...parts, text.slice(at, end)].join('');
}
