import { afterEach, describe, expect, it } from 'vitest';
import {
  type ClavusSimulator,
  type ClavusSimulatorOptions,
  startClavusSimulator,
} from '../../../local/simulators/clavus.ts';
import { ask } from './ask.ts';
import { guideTenant, tenantOf } from './guide-tenant.ts';

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

describe("The samples of Clavus' guide", () => {
  it('gets columns', async () => {
    const tenant = tenantOf(
      [
        { id: 'col1', name: 'client', label: 'Nom du client' },
        { id: 'col2', name: 'creation', label: 'Date de création' },
        { id: 'col3', name: 'statut', label: 'Statut du dossier' },
      ],
      [],
    );
    const answer = await answerOf(
      `query {
  erpEnrAPI {
    getColumns(
      page: 1,
      itemParPage: 3
    ) {
      id
      label
    }
  }
}`,
      { tenant },
    );
    expect(answer).toEqual({
      data: {
        erpEnrAPI: {
          getColumns: [
            { id: 'col1', label: 'Nom du client' },
            { id: 'col2', label: 'Date de création' },
            { id: 'col3', label: 'Statut du dossier' },
          ],
        },
      },
    });
  });

  const teamsQuery = `query {
  erpEnrAPI {
    getTeams {
      id
      name
      description
      color
    }
  }
}`;
  const teams = [
    { id: '1', name: 'Équipe A', description: 'La première équipe', color: '#ff0000' },
    { id: '2', name: 'Équipe B', description: 'La deuxième équipe', color: '#00ff00' },
  ];

  it('gets teams where the query has them', async () => {
    expect(await answerOf(teamsQuery)).toEqual({ data: { erpEnrAPI: { getTeams: teams } } });
  });

  it('gets teams where the sample answer has them', async () => {
    expect(await answerOf(teamsQuery, { answersLikeSamples: true })).toEqual({ data: { getTeams: teams } });
  });

  const usersQuery = `query {
  erpEnrAPI {
    getUsers(teamId: "id1") {
      id
      firstName
      lastName
      email
    }
  }
}`;

  it('gets the active users of a team under the names of the query', async () => {
    expect(await answerOf(usersQuery)).toEqual({
      data: {
        erpEnrAPI: {
          getUsers: [
            { id: 'user1', firstName: 'John', lastName: 'Doe', email: 'john.doe@example.com' },
            { id: 'user2', firstName: 'Jane', lastName: 'Smith', email: 'jane.smith@example.com' },
          ],
        },
      },
    });
  });

  it.each([
    ['asked for as in the query', usersQuery, true],
    [
      'asked for as such',
      usersQuery.replace('firstName', 'firstname').replace('lastName', 'lastname'),
      false,
    ],
  ])('gets users under the names of the sample answer, %s', async (_, query, answersLikeSamples) => {
    expect(await answerOf(query, { answersLikeSamples })).toEqual({
      data: {
        erpEnrAPI: {
          getUsers: [
            { id: 'user1', firstname: 'John', lastname: 'Doe', email: 'john.doe@example.com' },
            { id: 'user2', firstname: 'Jane', lastname: 'Smith', email: 'jane.smith@example.com' },
          ],
        },
      },
    });
  });

  it('gets the values of a folder', async () => {
    const tenant = tenantOf(
      [
        {
          id: 'clsc5ug8w001vwjw3neqiqice',
          name: 'commercial.accompagnant',
          label: 'Commercial accompagnant',
        },
      ],
      [['clsc618zi01qbwjw3m1hw93ge', 'Marvin']],
    );
    const answer = await answerOf(
      `query getValues {
  erpEnrAPI {
    getValuesByIds(ids: ["clsc618zi01qbwjw3m1hw93ge"]) {
      id
      values {
        id
        name
        label
        value
      }
    }
  }
}`,
      { tenant },
    );
    expect(answer).toEqual({
      data: {
        erpEnrAPI: {
          getValuesByIds: [
            {
              id: 'clsc618zi01qbwjw3m1hw93ge',
              values: [
                {
                  id: 'clsc5ug8w001vwjw3neqiqice',
                  name: 'commercial.accompagnant',
                  label: 'Commercial accompagnant',
                  value: 'Marvin',
                },
              ],
            },
          ],
        },
      },
    });
  });

  it('adds a prospect, then updates its first name', async () => {
    const added = await answerOf(
      `mutation {
  upsertProspect(
    firstName: "first name",
    lastName: "last name",
    address: "15 Fb saint-jean",
    postalCode: "09100",
    email: "exempl@clavus.io",
    phone: "0666666666",
    type: MORAL,
    siren: "0000000000000",
    puissanceKc: 300,
    prixHT: "23.00",
    gps: ["0.2993", "1.2020"],
    commercialNote: "Attention au ..."
  ) {
    id
    firstName
    lastName
    address
    postalCode
    email
    phone
    type
    siren
    puissanceKc
    prixHT
    gps
    commercialNote
  }
}`,
      { newProspectId: () => 'clnj1a46700kpwjz8vfk5xjwr' },
    );
    expect(added).toEqual({
      data: {
        upsertProspect: {
          id: 'clnj1a46700kpwjz8vfk5xjwr',
          firstName: 'first name',
          lastName: 'last name',
          address: '15 Fb saint-jean',
          postalCode: '09100',
          email: 'exempl@clavus.io',
          phone: '0666666666',
          type: 'MORAL',
          siren: '0000000000000',
          puissanceKc: 300,
          prixHT: '23.00',
          gps: ['0.2993', '1.2020'],
          commercialNote: 'Attention au ...',
        },
      },
    });
    const updated = await ask(
      clavus?.url ?? '',
      { Authorization: 'Bearer votre_jeton_ici' },
      `mutation {
  upsertProspect(
    id: "clnj1a46700kpwjz8vfk5xjwr",
    firstName: "updated"
  ) {
    id
    firstName
  }
}`,
    );
    expect(updated.json).toEqual({
      data: { upsertProspect: { id: 'clnj1a46700kpwjz8vfk5xjwr', firstName: 'updated' } },
    });
    expect(clavus?.prospects.get('clnj1a46700kpwjz8vfk5xjwr')).toMatchObject({ lastName: 'last name' });
  });
});
