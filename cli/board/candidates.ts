/** A folder, and the companies that may be its own, field by field. */
export type BoardCandidates = {
  folderId: string;
  name: string;
  fields: { field: string; clavus: string }[];
  companies: {
    id: string;
    name: string;
    /** In the order of the folder's fields. `blank`: one of the two says nothing. */
    fields: { moovago: string; is: 'equal' | 'different' | 'blank' }[];
  }[];
};
