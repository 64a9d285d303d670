/** Works through a list, some at the same time; the work on one never rejects. */
export async function atOnce<T>(most: number, list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...list];
  const next = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(most, list.length) }, next));
}
