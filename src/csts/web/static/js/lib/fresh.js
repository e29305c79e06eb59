/** Frames may overtake each other after their commits: what is older than what we hold is not shown. */

/**
 * @param {{updated_at: string}|null|undefined} held @param {{updated_at: string}} told
 * @returns {boolean} equal moments are fresh: a note changes a ticket without changing its moment
 */
export const isFresh = (held, told) => !held || !(Date.parse(told.updated_at) < Date.parse(held.updated_at));
