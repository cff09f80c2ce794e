import { afterEach, describe, expect, it } from 'vitest';
import {
  type ClavusSimulator,
  type ClavusSimulatorOptions,
  startClavusSimulator,
} from '../../../local/simulators/clavus.ts';
import { ask } from './ask.ts';
import { guideTenant } from './guide-tenant.ts';

// The guide's queries and answers, word for word. Its placeholders (`page: Int!`, `search: String`) have become values,
// `// asc` is gone since comments in GraphQL begin with `#`, and so is what its `...` stands for.

let clavus: ClavusSimulator | undefined;
afterEach(() => clavus?.close());

async function answerOf(query: string, options: Partial<ClavusSimulatorOptions> = {}): Promise<unknown> {
  clavus = await startClavusSimulator({
    key: 'votre_jeton_ici',
    tenant: guideTenant,
    columnNames: 'label',
    ...options,
  });
  const { json, status } = await ask(clavus.url, { Authorization: 'Bearer votre_jeton_ici' }, query);
  expect(status).toBe(200);
  return json;
}

describe("The samples of Clavus' guide for folders", () => {
  it('gets folders', async () => {
    const answer = await answerOf(`query {
  erpEnrAPI {
    getFolders(
      page: 1,
      itemParPage: 2,
      search: "",
      columns: ["col1", "col2"],
      filterColumns: []
    ) {
      totalCount
      results {
        id
        columns {
          id
          name
          value
        }
      }
    }
  }
}`);
    expect(answer).toEqual({
      data: {
        erpEnrAPI: {
          getFolders: {
            totalCount: 100,
            results: [
              {
                id: 'abc123',
                columns: [
                  { id: 'col1', name: 'Nom du client', value: 'John Doe' },
                  { id: 'col2', name: 'Date de création', value: '2022-01-01' },
                ],
              },
              {
                id: 'def456',
                columns: [
                  { id: 'col1', name: 'Nom du client', value: 'Jane Smith' },
                  { id: 'col2', name: 'Date de création', value: '2022-02-15' },
                ],
              },
            ],
          },
        },
      },
    });
  });

  it('gets the second page of 25 folders', async () => {
    const answer = await answerOf(`query {
  erpEnrAPI {
    getFolders(
      page: 2,
      itemParPage: 25,
      search: "",
      columns: ["Nom du client"],
      filterColumns: []
    ) {
      totalCount
      results {
        id
        columns {
          id
          name
          value
        }
      }
    }
  }
}`);
    // Two of the guide's folders and 23 others make the first page.
    const results = Array.from({ length: 25 }, (_, index) => ({
      id: `user1-${index + 23}`,
      columns: [{ id: 'col1', name: 'Nom du client', value: `Client ${index + 23}` }],
    }));
    expect(answer).toEqual({ data: { erpEnrAPI: { getFolders: { totalCount: 100, results } } } });
  });

  it('filters the folders of one salesman', async () => {
    const answer = await answerOf(`query {
  erpEnrAPI {
    getFolders(
      page: 1,
      itemParPage: 2,
      search: "",
      columns: ["col1", "col2", "col3"],
      filterColumns: [
        {
          column: "commercial",
          operator: "=",
          value: "user1"
        }
      ]
    ) {
      totalCount
      results {
        id
        columns {
          id
          name
          value
        }
      }
    }
  }
}`);
    expect(answer).toEqual({
      data: {
        erpEnrAPI: {
          getFolders: {
            totalCount: 50,
            results: [
              {
                id: 'abc123',
                columns: [
                  { id: 'col1', name: 'Nom du client', value: 'John Doe' },
                  { id: 'col2', name: 'Date de création', value: '2022-01-01' },
                  { id: 'col3', name: 'Commercial', value: 'user1' },
                ],
              },
              {
                id: 'def456',
                columns: [
                  { id: 'col1', name: 'Nom du client', value: 'Jane Smith' },
                  { id: 'col2', name: 'Date de création', value: '2022-02-15' },
                  { id: 'col3', name: 'Commercial', value: 'user1' },
                ],
              },
            ],
          },
        },
      },
    });
  });

  it('sorts by a column', async () => {
    const answer = await answerOf(`query {
  erpEnrAPI {
    getFolders(
      page: 1,
      itemParPage: 1,
      search: "",
      columns: ["col3"],
      sortBy: [
        {
          column: "commercial",
          direction: "desc"
        }
      ]
    ) {
      totalCount
      results {
        id
        columns {
          id
          name
          value
        }
      }
    }
  }
}`);
    const results = [{ id: 'user2-0', columns: [{ id: 'col3', name: 'Commercial', value: 'user2' }] }];
    expect(answer).toEqual({ data: { erpEnrAPI: { getFolders: { totalCount: 100, results } } } });
  });
});
