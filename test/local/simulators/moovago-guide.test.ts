import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MoovagoSimulator, startMoovagoSimulator } from '../../../local/simulators/moovago.ts';
import { post } from './ask.ts';

// The requests of Moovago's guide, word for word as bodies; `XYZ` and the like are ids of the simulated team.

const team = { id: 'XYZ', name: 'Mon équipe', members: [{ id: 'XYZ', alias: 'Camille' }] };
let moovago: MoovagoSimulator;
beforeEach(async () => {
  moovago = await startMoovagoSimulator({
    key: 'your-api-key',
    team,
    mandators: [{ id: 'M1', name: 'Panneaux SA' }],
  });
});
afterEach(() => moovago.close());

async function answerTo(body: string): Promise<unknown> {
  const response = await post(moovago.url, { 'x-api-key': 'your-api-key' }, JSON.parse(body));
  expect(response.status).toBe(200);
  return response.json();
}

const moovagoCompany = {
  ownerIds: ['XYZ'],
  name: 'Moovago',
  city: 'Niort',
  address: '46 Rue du 14 Juillet',
  postalCode: '79000',
  phone: '07 68 45 46 74',
  email: 'support@moovago.com',
  note: 'L application du commercial',
};

describe("The samples of Moovago's guide", () => {
  it.each([
    '{ "query": "{ team { id name members { id alias } } }" }',
    '{ "query": "query MyTeamQuery { team { id name members { id alias } } }" }',
  ])('gets the team: %s', async (body) => {
    expect(await answerTo(body)).toEqual({ data: { team } });
  });

  it.each([
    String.raw`{ "query": "{ companyList(filter: { teamId: \"XYZ\" }) { id name ownerIds } }" }`,
    '{ "query": "query MyCompanyListQuery($filter: FilterManyCompanyInput!) { companyList(filter: $filter) { id name ownerIds } }", "variables": { "filter": { "teamId": "XYZ" } } }',
  ])('lists companies: %s', async (body) => {
    const { id } = moovago.addCompany({ name: 'Moovago', ownerIds: ['XYZ'] });
    expect(await answerTo(body)).toEqual({
      data: { companyList: [{ id, name: 'Moovago', ownerIds: ['XYZ'] }] },
    });
  });

  it('lists mandators', async () => {
    const body =
      '{ "query": "query MyMandatorList($filter: FilterManyMandatorInput!) { mandatorList(filter: $filter) { id name }  }", "variables": { "filter": { "teamId": "XYZ" } } }';
    expect(await answerTo(body)).toEqual({ data: { mandatorList: [{ id: 'M1', name: 'Panneaux SA' }] } });
  });

  it.each([
    String.raw`{ "query": "mutation { company { create( input: { ownerIds: [\"XYZ\"], name: \"Moovago\", city: \"Niort\", address: \"46 Rue du 14 Juillet\", postalCode: \"79000\", phone: \"07 68 45 46 74\", email: \"support@moovago.com\", note: \"L application du commercial\" } ) { recordId } } }" }`,
    '{ "query": "mutation MyCompanyCreate($input: CompanyCreateInput!) { company { create(input: $input) { recordId } } }", "variables": { "input": { "ownerIds": ["XYZ"], "name": "Moovago", "city": "Niort", "address": "46 Rue du 14 Juillet", "postalCode": "79000", "phone": "07 68 45 46 74", "email": "support@moovago.com", "note": "L application du commercial" } } }',
  ])('creates a company: %s', async (body) => {
    const answer = await answerTo(body);
    const [company] = moovago.companies.values();
    expect(answer).toEqual({ data: { company: { create: { recordId: company?.id } } } });
    expect(company).toMatchObject({ ...moovagoCompany, createdBy: 1, updatedBy: 1 });
  });

  it('updates a company', async () => {
    const { id } = moovago.addCompany(moovagoCompany);
    const body = `{ "query": "mutation MyCompanyUpdate($input: CompanyUpdateInput!) { company { update(input: $input) { recordId } } }", "variables": { "input": { "id": "${id}", "input": { "note": "Here is my new note"} } } }`;
    expect(await answerTo(body)).toEqual({ data: { company: { update: { recordId: id } } } });
    expect(moovago.companies.get(id)).toMatchObject({
      ...moovagoCompany,
      note: 'Here is my new note',
      updatedBy: 1,
    });
  });

  it("refuses another team's companies with the guide's error", async () => {
    const body = String.raw`{ "query": "{ companyList(filter: { teamId: \"ABC\" }) { id name ownerIds } }" }`;
    expect(await answerTo(body)).toEqual({
      data: null,
      errors: [
        {
          message: 'You are not authorized to access this data',
          locations: [],
          errorType: 'DataFetchingException',
          path: ['companyList'],
          extensions: null,
        },
      ],
    });
  });
});
