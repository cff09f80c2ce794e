import fc from 'fast-check';
import { parse, valueFromASTUntyped, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { operation } from '../../../lib/clavus/operation.ts';

const template = 'query Q($page: Int!, $search: String) { api { get(page: $page, search: $search) { id } } }';

/** The value of an argument, as a server would read it from the document. */
function argumentIn(document: string, name: string): unknown {
  let found: unknown;
  visit(parse(document), {
    Argument: (node) => {
      if (node.name.value === name) found = valueFromASTUntyped(node.value);
    },
  });
  return found;
}

describe('operation', () => {
  it('keeps the variables that have a value, null included', () => {
    expect(operation(template, { page: 2, search: null })).toEqual({
      document:
        'query Q($page: Int!, $search: String) {\n  api {\n    get(page: $page, search: $search) {\n      id\n    }\n  }\n}',
      variables: { page: 2, search: null },
    });
  });

  it('takes out a variable without a value, its definition and its argument', () => {
    expect(operation(template, { page: 2, search: undefined })).toEqual({
      document: 'query Q($page: Int!) {\n  api {\n    get(page: $page) {\n      id\n    }\n  }\n}',
      variables: { page: 2 },
    });
  });

  it('writes inline arguments of every kind', () => {
    const inline = {
      field: 'get',
      arguments: {
        text: 'a "b"\n',
        whole: 3,
        part: -0.5,
        list: ['x', 1],
        fields: { direction: 'desc' },
        kind: { enumValue: 'MORAL' },
        absent: undefined,
      },
    };
    expect(operation('{ get { id } }', {}, inline)).toEqual({
      document:
        '{\n  get(\n    text: "a \\"b\\"\\n"\n    whole: 3\n    part: -0.5\n    list: ["x", 1]\n    fields: {direction: "desc"}\n    kind: MORAL\n  ) {\n    id\n  }\n}',
      variables: {},
    });
  });

  it('lets no text out of its quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (column, other) => {
        const sortBy = [{ column, direction: other.toWellFormed() }];
        const { document } = operation('{ get { id } }', {}, { field: 'get', arguments: { sortBy } });
        expect(argumentIn(document, 'sortBy')).toEqual(sortBy);
      }),
    );
  });

  it('refuses the value of an enum that is more than a name', () => {
    const inline = { field: 'get', arguments: { type: { enumValue: 'MORAL) { id } other(x: 1' } } };
    expect(() => operation('{ get { id } }', {}, inline)).toThrow('Names must only contain');
  });
});
