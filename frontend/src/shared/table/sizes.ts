export const PAGE_SIZES = [25, 50, 100] as const;
export type PageSize = (typeof PAGE_SIZES)[number];

export const readPageSize = (value: unknown): PageSize | undefined => PAGE_SIZES.find((each) => each === Number(value));
