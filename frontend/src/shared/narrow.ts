import { useMediaQuery } from "@mantine/hooks";

/** Whether the screen is that of a phone, as the rules of style have it: there is room for one thing beside another. */
export const useNarrow = (): boolean => useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
